"""Trains a reference network on a published setting, and prints its measures beside the published ones.

    python examples/reproduce/run.py small-bcnp
    torchrun --nproc_per_node 8 examples/reproduce/run.py bcnp-linear-er20

A run that was stopped goes on from its checkpoint when the same command is given again. README.md beside this file has the
settings and what came out.
"""

import argparse
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import torch
import torch.distributed
from arguments import count, seed
from networks.trainer import train
from structure_learner.intervals import Interval, bootstrap
from structure_learner.metrics import correlation
from torch import Tensor

import ancestral as anc
from ancestral import evaluation
from reproduce.settings import SETTINGS, Setting

_PART = 16  # Tasks that are tested at a time.


def test_tasks(setting: Setting, count: int, base_seed: int) -> tuple[anc.MetaFixedDataset, Tensor, Tensor]:
    """A fixed set, and all of its standardised data and graphs."""
    family = anc.SCMFamily.from_config(setting.family)
    fixed = anc.MetaFixedDataset(family, n_tasks=count, base_seed=base_seed, n_samples=setting.rows)
    return fixed, *anc.collate([fixed[index] for index in range(count)], normalize="standardize")


def measures(network: Any, x: Tensor, graphs: Tensor, samples: int) -> dict[str, np.ndarray]:
    """AUC of the edge probabilities, and SHD and F1 of sampled graphs, expected over them, for each task.

    A reversed edge counts twice in SHD, as in BCNP's code.
    """
    device = next(network.parameters()).device
    found: dict[str, list[np.ndarray]] = {"AUC": [], "E-SHD": [], "E-F1": [], "acyclic": []}
    network.eval()
    with torch.no_grad():
        for part, truth in zip(x.split(_PART), graphs.split(_PART), strict=True):
            drawn = network.sample_graphs(part.to(device), samples).cpu().transpose(0, 1)
            found["AUC"].append(evaluation.auroc(truth, network.edge_probabilities(part.to(device)).cpu()))
            found["E-SHD"].append(
                np.mean([evaluation.shd(truth, graph, double_for_anticausal=True) for graph in drawn], axis=0)
            )
            found["E-F1"].append(np.mean([evaluation.f1(truth, graph) for graph in drawn], axis=0))
            cycles = torch.linalg.matrix_power(drawn, drawn.shape[-1]).sum((-2, -1)) > 0
            found["acyclic"].append((~cycles).float().mean(0).numpy())
    network.train()
    return {name: np.concatenate(values) for name, values in found.items()}


def report(results: dict[str, Interval], published: dict[str, float]) -> str:
    """A row for each measure."""
    lines = [f"{'measure':<12}{'here':>26}{'published':>12}"]
    for name, found in results.items():
        said = f"{published[name]:.3f}" if name in published else "-"
        lines.append(f"{name:<12}{f'{found.mean:.3f} [{found.low:.3f}, {found.high:.3f}]':>26}{said:>12}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("setting", choices=SETTINGS)
    parser.add_argument("--steps", type=count, help="other than the setting's")
    parser.add_argument("--rows", type=count, help="other than the setting's")
    parser.add_argument("--batch", type=count, help="other than the setting's, for each process")
    parser.add_argument("--tasks", type=count, default=200, help="test tasks (default: %(default)s)")
    parser.add_argument("--samples", type=count, default=100, help="graphs sampled of each posterior (default: %(default)s)")
    parser.add_argument("--threads", type=count, default=2, help="torch's threads (default: %(default)s)")
    parser.add_argument("--seed", type=seed, default=0, help="base seed of everything (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path("runs/reproduce"), help="folder (default: %(default)s)")
    given = parser.parse_args()
    setting = SETTINGS[given.setting]
    setting = replace(
        setting,
        rows=given.rows or setting.rows,
        batch=given.batch or setting.batch,
        plan=replace(setting.plan, steps=given.steps or setting.plan.steps, seed=given.seed),
    )
    folder = given.output / given.setting

    torch.set_num_threads(given.threads)
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if torch.cuda.is_available() else torch.device("cpu")
    if device.type == "cuda":
        torch.cuda.set_device(device)
    if "WORLD_SIZE" in os.environ:
        torch.distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    first = not torch.distributed.is_initialized() or torch.distributed.get_rank() == 0

    fixed, x, graphs = test_tasks(setting, given.tasks, given.seed)
    held, valid_x, valid_graphs = test_tasks(setting, 32, given.seed + 1)
    stream = anc.MetaIterableDataset(
        anc.SCMFamily.from_config(setting.family),
        n_samples=setting.rows,
        base_seed=given.seed,
        batch_size=setting.batch,
        reserved=anc.HashRegistry([*fixed.graph_hashes(), *held.graph_hashes()]),
    )
    torch.manual_seed(given.seed)
    network = setting.network().to(device)

    def validate() -> float:
        return float(np.nanmean(measures(network, valid_x, valid_graphs, 2)["AUC"]))

    history = train(network, stream, setting.plan, validate, folder)
    if first:
        torch.manual_seed(given.seed)
        found = {**measures(network, x, graphs, given.samples), "AUC |corr|": evaluation.auroc(graphs, correlation(x))}
        results = {name: bootstrap(values, given.seed) for name, values in found.items()}
        speed = {
            "steps": history.steps,
            "tasks": history.tasks,
            "seconds": round(history.seconds, 1),
            "tasks_per_second": round(history.tasks_per_second, 1),
            "share_waiting_for_data": round(history.share_waiting, 4),
        }
        folder.mkdir(parents=True, exist_ok=True)
        summary = {
            **speed,
            "validated": history.validated,
            "results": {name: value._asdict() for name, value in results.items()},
        }
        (folder / "results.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
        print(report(results, setting.published))
        print(history.told)
    if torch.distributed.is_initialized():
        torch.distributed.barrier()
        torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main()
