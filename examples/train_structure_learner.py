"""Trains a small AVICI to read causal graphs from data, on an endless stream of tasks.

    python examples/train_structure_learner.py                      # under three minutes on two cores
    python examples/train_structure_learner.py --network moments    # a network made for processors, which learns more in less

Training tasks come from the engine as they are needed: linear and MLP mechanisms on Erdős–Rényi graphs. The network is
tested on fixed tasks of the same family (id) and of families it has never seen: scale-free graphs, and GPCDE mechanisms. No
graph of a fixed set ever occurs in training. A table and pictures go to runs/demo. Ctrl-C ends training early; the table is
made all the same.

The budget is a number of steps, and tasks, weights and order of sums are fixed: two runs on one machine print the same table.
"""

import argparse
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

# Threads that spin while they wait make a step twenty times slower on a machine with other work; torch reads this at import.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import numpy as np
import torch
from arguments import count, seed
from networks.avici import Avici
from networks.trainer import Plan, train
from structure_learner.intervals import Interval, bootstrap
from structure_learner.metrics import Quality, best_threshold, correlation, quality
from structure_learner.network import StructureLearner
from structure_learner.pictures import save_pictures
from torch import Tensor, nn

import ancestral as anc


class Recipe(NamedTuple):
    """A network, and how it is trained where nothing else is asked for."""

    make: Callable[[], Any]
    steps: int
    batch: int
    rate: float
    """The highest learning rate."""


RECIPES = {
    "avici": Recipe(
        lambda: Avici(width=32, layers=3, heads=8, key_size=4, widening=2, dropout=0.0, shared=True, scores=True), 1800, 8, 5e-3
    ),
    "moments": Recipe(StructureLearner, 3000, 32, 3e-3),
}


def families(n_nodes: int, edges_per_node: float) -> dict[str, anc.FamilyConfig]:
    """The training family and those that the network is tested on."""
    known = anc.FamilyConfig(n_nodes=n_nodes, sparsity_param=edges_per_node, mechanism_proportions={"linear": 0.5, "mlp": 0.5})
    return {
        "id": known,
        "ood: scale-free": replace(known, graph="scale_free"),
        "ood: gpcde": replace(known, mechanism_proportions={"gpcde": 1.0}),
    }


class FixedTasks:
    """All tasks of a fixed set as two tensors: standardised data [N, n, d] and graphs [N, d, d]."""

    def __init__(self, config: anc.FamilyConfig, n_tasks: int, n_samples: int, base_seed: int) -> None:
        family = anc.SCMFamily.from_config(config)
        self.set = anc.MetaFixedDataset(family, n_tasks=n_tasks, base_seed=base_seed, n_samples=n_samples)
        self.x, self.graphs = anc.collate([self.set[index] for index in range(n_tasks)], normalize="standardize")


def edge_probabilities(network: nn.Module, x: Tensor) -> Tensor:
    """What a network answers: x [N, n, d], standardised per task -> the probability of each edge i -> j, [N, d, d]."""
    network.eval()
    with torch.no_grad():
        found = torch.cat([network.edge_probabilities(part) for part in x.split(32)])
    network.train()
    return found


def measures(network: Quality, baseline: Quality, seed: int) -> dict[str, dict[str, Interval]]:
    """The mean over tasks of each measure, for both and for their difference, with its interval."""
    return {
        name: {
            "network": bootstrap(net, seed),
            "baseline": bootstrap(base, seed),
            "difference": bootstrap(net - base, seed),
        }
        for name, net, base in zip(Quality._fields, network, baseline, strict=True)
    }


def table(results: dict[str, dict[str, dict[str, Interval]]]) -> str:
    """A block for each measure; a row for each family; the network, the baseline and their difference, with 95 % intervals."""
    titles = {"auroc": ("AUROC", 3), "average_precision": ("average precision", 3), "shd": ("SHD", 2)}
    lines: list[str] = []
    for measure, (title, digits) in titles.items():
        lines.append(f"{title:<20}{'network':>22}{'|correlation|':>24}{'difference':>26}")
        for family, by in results.items():
            cells = [_cell(by[measure]["network"], digits), _cell(by[measure]["baseline"], digits)]
            lines.append(f"  {family:<18}{cells[0]:>22}{cells[1]:>24}{_cell(by[measure]['difference'], digits, '+'):>26}")
    return "\n".join(lines)


def _cell(found: Interval, digits: int, sign: str = "") -> str:
    form = f"{sign}.{digits}f"
    return f"{found.mean:{form}} [{found.low:{form}}, {found.high:{form}}]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--network", choices=RECIPES, default="avici", help="what to train (default: %(default)s)")
    parser.add_argument("--steps", type=count, help="training steps (default: the network's)")
    parser.add_argument("--nodes", type=count, default=10, help="nodes of each task (default: %(default)s)")
    parser.add_argument("--edges", type=float, default=1.5, help="expected edges per node (default: %(default)s)")
    parser.add_argument("--rows", type=count, default=100, help="rows of each task (default: %(default)s)")
    parser.add_argument("--batch", type=count, help="tasks of a training step (default: the network's)")
    parser.add_argument("--tasks", type=count, default=400, help="tasks of each test set (default: %(default)s)")
    parser.add_argument("--seed", type=seed, default=0, help="base seed of everything (default: %(default)s)")
    parser.add_argument("--threads", type=count, default=2, help="torch's threads: sums depend on them (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path("runs/demo"), help="folder of the results (default: %(default)s)")
    given = parser.parse_args()
    recipe = RECIPES[given.network]
    steps, batch = given.steps or recipe.steps, given.batch or recipe.batch

    torch.set_num_threads(given.threads)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(given.seed)
    configs = families(given.nodes, given.edges)
    tests = {name: FixedTasks(config, given.tasks, given.rows, given.seed) for name, config in configs.items()}
    valid = FixedTasks(configs["id"], given.tasks, given.rows, given.seed + 1)
    reserved = anc.HashRegistry([value for fixed in (*tests.values(), valid) for value in fixed.set.graph_hashes()])
    stream = anc.MetaIterableDataset(
        anc.SCMFamily.from_config(configs["id"]),
        n_samples=given.rows,
        base_seed=given.seed,
        batch_size=batch,
        reserved=reserved,
    )
    network = recipe.make()
    n_parameters = sum(p.numel() for p in network.parameters())
    print(f"{n_parameters:,} parameters, {steps} steps of {batch} tasks; {len(reserved)} test graphs are kept out")

    def validate() -> float:
        return float(np.nanmean(quality(edge_probabilities(network, valid.x[:64]), valid.graphs[:64], 0.5).auroc))

    history = train(network, stream, Plan(steps, recipe.rate, validate_every=250, seed=given.seed), validate)

    thresholds = (
        best_threshold(edge_probabilities(network, valid.x), valid.graphs),
        best_threshold(correlation(valid.x), valid.graphs),
    )
    found = {name: edge_probabilities(network, fixed.x) for name, fixed in tests.items()}
    results = {
        name: measures(
            quality(found[name], fixed.graphs, thresholds[0]),
            quality(correlation(fixed.x), fixed.graphs, thresholds[1]),
            given.seed,
        )
        for name, fixed in tests.items()
    }
    left_out = stream.rejections.rejected
    given.output.mkdir(parents=True, exist_ok=True)
    baseline = float(np.nanmean(quality(correlation(valid.x[:64]), valid.graphs[:64], 0.5).auroc))
    save_pictures(given.output, tests["id"].set, found["id"], history, baseline)
    summary = {
        "steps": history.steps, "tasks": history.tasks, "seconds": round(history.seconds, 1),
        "share_waiting_for_data": round(history.share_waiting, 4), "tasks_left_out": left_out,
        "results": {
            name: {measure: {who: value._asdict() for who, value in by.items()} for measure, by in measured.items()}
            for name, measured in results.items()
        },
    }  # fmt: skip
    (given.output / "results.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(f"\n{table(results)}\n")
    print(history.told)
    print(f"About {left_out} further tasks were left out of training, because their graph is in a fixed set.")
    print(f"In brackets: 95 % of bootstrap samples of the {given.tasks} tasks. Higher AUROC and average precision are better,")
    print(f"lower SHD is. Table and pictures: {given.output}")


if __name__ == "__main__":
    main()
