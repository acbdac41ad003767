"""Trains a small network to estimate causal effects in context, on an endless stream of tasks.

    python examples/train_effect_learner.py            # about three minutes on two cores

Each task is an SCM with a binary treatment: context rows of covariates, treatment and outcome, and rows that are asked about,
whose outcomes under both arms are known to the engine. The network is tested on fixed tasks of the same design (id) and of
designs it has never seen: with hidden confounders, and with a continuous treatment. Beside it stand the difference in means and
linear adjustment. A table and pictures go to runs/demo-effects. Ctrl-C ends training early; the table is made all the same.
"""

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path

# Threads that spin while they wait make a step twenty times slower on a machine with other work; torch reads this at import.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from arguments import count, seed
from effect_learner.baselines import difference_in_means, linear_adjustment
from effect_learner.network import EffectLearner
from effect_learner.pictures import save_pictures
from effect_learner.tasks import EffectTasks, effect_tasks
from effect_learner.training import ate_error, effects, pehe, train

import ancestral as anc


def designs(n_samples: int, query: int) -> dict[str, anc.Design]:
    """The training design and those that the network is tested on."""
    known = anc.Design(
        n_samples=n_samples,
        query=query,
        effects=anc.Effects(treatment_kind="logistic", treatment_slope=1.5, mu_draws=64, population_rows=1024),
    )
    doses = replace(known.effects, treatment_kind="continuous", grid=5)
    return {
        "id": known,
        "ood: hidden": replace(known, hidden=anc.Hidden(share=0.4)),
        "ood: continuous": replace(known, effects=doses),
    }


def fixed_tasks(family: anc.SCMFamily, design: anc.Design, n_tasks: int, base_seed: int, n_covariates: int) -> EffectTasks:
    """All tasks of a fixed set, with as many columns of covariates as the network reads."""
    tasks = anc.MetaFixedDataset(family, n_tasks=n_tasks, base_seed=base_seed, design=design)
    found = effect_tasks(anc.collate([tasks[index] for index in range(n_tasks)]))
    missing = n_covariates - found.x.shape[-1]
    pad = torch.nn.functional.pad
    return found._replace(
        mask=pad(found.mask, (0, missing)), x=pad(found.x, (0, missing)), asked=pad(found.asked, (0, missing))
    )


def table(tests: dict[str, EffectTasks], found: dict[str, dict[str, torch.Tensor]]) -> str:
    """Rows: test sets; columns: errors of the network and of the baselines, in standard deviations of Y."""
    names = list(next(iter(found.values())))
    lines = [f"{'':<18}" + "".join(f"{name:>22}" for name in names), f"{'design':<18}" + f"{'PEHE':>13}{'ATE':>9}" * len(names)]
    for name, tasks in tests.items():
        values = (f"{pehe(effect, tasks):>13.3f}{ate_error(effect, tasks):>9.3f}" for effect in found[name].values())
        lines.append(f"{name:<18}" + "".join(values))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=count, default=1800, help="training steps (default: %(default)s)")
    parser.add_argument("--nodes", type=count, default=7, help="nodes of each task (default: %(default)s)")
    parser.add_argument("--edges", type=float, default=1.5, help="expected edges per node (default: %(default)s)")
    parser.add_argument("--rows", type=count, default=160, help="rows of each task (default: %(default)s)")
    parser.add_argument("--query", type=count, default=32, help="of which so many are asked about (default: %(default)s)")
    parser.add_argument("--batch", type=count, default=16, help="tasks of a training step (default: %(default)s)")
    parser.add_argument("--tasks", type=count, default=200, help="tasks of each test set (default: %(default)s)")
    parser.add_argument("--seed", type=seed, default=0, help="base seed of everything (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path("runs/demo-effects"), help="folder (default: %(default)s)")
    given = parser.parse_args()

    torch.manual_seed(given.seed)
    family = anc.SCMFamily(
        n_nodes=given.nodes,
        sparsity_param=given.edges,
        mechanism_proportions={"linear": 0.25, "mlp": 0.75},
        standardization="internal",
    )
    kinds = designs(given.rows, given.query)
    tests = {name: fixed_tasks(family, kind, given.tasks, given.seed, given.nodes - 2) for name, kind in kinds.items()}
    valid = fixed_tasks(family, kinds["id"], given.tasks // 2, given.seed + 1, given.nodes - 2)
    # Training reads outcomes alone, and needs no precise means.
    plain = replace(kinds["id"], effects=replace(kinds["id"].effects, mu_draws=2, population_rows=2))
    stream = anc.MetaIterableDataset(family, design=plain, base_seed=given.seed, batch_size=given.batch)
    network = EffectLearner(given.nodes - 2)
    print(f"{sum(p.numel() for p in network.parameters()):,} parameters, {given.steps} steps of {given.batch} tasks")
    history = train(network, stream, valid, given.steps)

    found = {
        name: {
            "network": effects(network, tasks),
            "linear adjustment": linear_adjustment(tasks),
            "difference in means": difference_in_means(tasks),
        }
        for name, tasks in tests.items()
    }
    given.output.mkdir(parents=True, exist_ok=True)
    save_pictures(given.output, tests, found, history)
    errors = {
        name: {
            who: {"pehe": pehe(effect, tests[name]), "ate_error": ate_error(effect, tests[name])} for who, effect in by.items()
        }
        for name, by in found.items()
    }
    summary = {"steps": history.steps, "tasks": history.tasks, "results": errors}
    (given.output / "results.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(f"\n{table(tests, found)}\n")
    print(
        f"{history.steps} steps on {history.tasks} tasks in {history.seconds:.0f} s, "
        f"{100 * history.waited / max(history.seconds, 1e-9):.1f} % of it waiting for data."
    )
    print(
        "Medians over tasks, in standard deviations of the outcome; lower is better. PEHE is of the effect given all that comes"
    )
    print(f"before the treatment, hidden or not. Table and pictures: {given.output}")


if __name__ == "__main__":
    main()
