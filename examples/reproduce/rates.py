"""How many tasks a second TaskLoader makes of each published family, 20 variables and 1000 rows.

    python examples/reproduce/rates.py

Given for each second of a core, so that other work on the machine doesn't count: what n cores make is nearly n times as much.
"""

import argparse
import functools
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch
from arguments import count, duration

import ancestral as anc

_BATCH = 32


def families() -> dict[str, anc.FamilyConfig | anc.MixtureConfig]:
    """The presets of BCNP and AVICI; those of bcnp-paper are of all its densities."""
    found: dict[str, anc.FamilyConfig | anc.MixtureConfig] = {}
    paper = anc.FamilyConfig.preset("bcnp-paper")
    for mechanism in ("linear", "mlp", "gpcde"):
        kinds = [kind for kind in paper.families if kind.mechanism_proportions == {mechanism: 1.0}]
        found[f"bcnp-paper, {mechanism}"] = anc.MixtureConfig(families=kinds)
    for name in ("bcnp-code", "avici-linear", "avici-rff"):
        found[name] = anc.FamilyConfig.preset(name)
    return found


def rate(family: anc.FamilyConfig | anc.MixtureConfig, rows: int, seconds: float, normalize: str) -> float:
    """Tasks for each second of a core that this process used."""
    stream = anc.MetaIterableDataset(anc.SCMFamily.from_config(family), n_samples=rows, batch_size=_BATCH)
    finish = functools.partial(anc.collate, normalize=normalize)
    with anc.TaskLoader(stream, batch_size=_BATCH, threads=1, prefetch=0, collate_fn=finish) as loader:
        batches = iter(loader)
        next(batches)
        tasks, started = 0, time.process_time()
        while (spent := time.process_time() - started) < seconds:
            tasks += len(next(batches)[0])
    return tasks / spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=count, default=1000, help="rows of a task (default: %(default)s)")
    parser.add_argument("--seconds", type=duration, default=3.0, help="of a core, for each family (default: %(default)s)")
    given = parser.parse_args()
    torch.set_num_threads(1)
    print(f"{'family':<24}{'drawn':>12}{'and standardised':>20}")
    for name, family in families().items():
        drawn, standardized = (rate(family, given.rows, given.seconds, how) for how in ("none", "standardize"))
        print(f"{name:<24}{drawn:>12.0f}{standardized:>20.0f}", flush=True)


if __name__ == "__main__":
    main()
