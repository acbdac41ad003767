"""Trains a small network to read causal graphs from data, on an endless stream of tasks.

    python examples/train_structure_learner.py            # about three minutes on two cores

Training tasks come from the engine as they are needed: linear and MLP mechanisms on Erdős–Rényi graphs. The network is
tested on fixed tasks of the same family (id) and of families it has never seen: scale-free graphs, and GPCDE mechanisms. No
graph of a fixed set ever occurs in training. A table and pictures go to runs/demo. Ctrl-C ends training early; the table is
made all the same.
"""

import argparse
import json
import os
from dataclasses import replace
from pathlib import Path

# Threads that spin while they wait make a step twenty times slower on a machine with other work; torch reads this at import.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from structure_learner.metrics import Quality, best_threshold, correlation, quality
from structure_learner.network import StructureLearner, edge_probabilities
from structure_learner.pictures import save_pictures
from structure_learner.training import Budget, train

import ancestral as anc


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


def table(results: dict[str, dict[str, Quality]]) -> str:
    """Rows: test families; columns: the network's numbers and the baseline's."""
    lines = [
        f"{'family':<18}{'AUROC':>16}{'average precision':>22}{'SHD':>18}{'tasks':>8}",
        f"{'':<18}" + f"{'net':>9}{'|corr|':>7}" + f"{'net':>15}{'|corr|':>7}" + f"{'net':>11}{'|corr|':>7}",
    ]
    for name, found in results.items():
        net, base = found["network"], found["baseline"]
        lines.append(
            f"{name:<18}{net.auroc:>9.3f}{base.auroc:>7.3f}{net.average_precision:>15.3f}{base.average_precision:>7.3f}"
            f"{net.shd:>11.2f}{base.shd:>7.2f}{net.n_tasks:>8}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=150.0, help="how long to train (default: %(default)s)")
    parser.add_argument(
        "--least-steps",
        type=int,
        default=400,
        help="train on to so many steps, but for at most 1.3 times as long (default: %(default)s)",
    )
    parser.add_argument("--steps", type=int, default=0, help="train for at most so many steps (default: no limit)")
    parser.add_argument("--nodes", type=int, default=10, help="nodes of each task (default: %(default)s)")
    parser.add_argument("--edges", type=float, default=1.5, help="expected edges per node (default: %(default)s)")
    parser.add_argument("--rows", type=int, default=100, help="rows of each task (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=8, help="tasks of a training step (default: %(default)s)")
    parser.add_argument("--tasks", type=int, default=200, help="tasks of each test set (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="base seed of everything (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path("runs/demo"), help="folder of the results (default: %(default)s)")
    given = parser.parse_args()

    torch.manual_seed(given.seed)
    configs = families(given.nodes, given.edges)
    tests = {name: FixedTasks(config, given.tasks, given.rows, given.seed) for name, config in configs.items()}
    valid = FixedTasks(configs["id"], given.tasks, given.rows, given.seed + 1)
    reserved = anc.HashRegistry([value for fixed in (*tests.values(), valid) for value in fixed.set.graph_hashes()])
    stream = anc.MetaIterableDataset(
        anc.SCMFamily.from_config(configs["id"]),
        n_samples=given.rows,
        base_seed=given.seed,
        batch_size=given.batch,
        reserved=reserved,
    )
    network = StructureLearner()
    print(f"{sum(p.numel() for p in network.parameters()):,} parameters; {len(reserved)} test graphs are kept out of training")
    budget = Budget(given.seconds, 1.3 * given.seconds, given.least_steps, given.steps)
    history = train(network, stream, valid.x[:64], valid.graphs[:64], budget)

    thresholds = (
        best_threshold(edge_probabilities(network, valid.x), valid.graphs),
        best_threshold(correlation(valid.x), valid.graphs),
    )
    results: dict[str, dict[str, Quality]] = {}
    found = {name: edge_probabilities(network, fixed.x) for name, fixed in tests.items()}
    for name, fixed in tests.items():
        results[name] = {
            "network": quality(found[name], fixed.graphs, thresholds[0]),
            "baseline": quality(correlation(fixed.x), fixed.graphs, thresholds[1]),
        }
    left_out = stream.rejections.rejected
    given.output.mkdir(parents=True, exist_ok=True)
    save_pictures(given.output, tests["id"].set, found["id"], history)
    summary = {
        "steps": history.steps, "tasks": history.tasks, "seconds": round(history.seconds, 1),
        "share_waiting_for_data": round(history.share_waiting, 4), "tasks_left_out": left_out,
        "results": {name: {who: value._asdict() for who, value in pair.items()} for name, pair in results.items()},
    }  # fmt: skip
    (given.output / "results.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(f"\n{table(results)}\n")
    print(
        f"{history.steps} steps on {history.tasks} tasks in {history.seconds:.0f} s "
        f"({history.tasks / history.seconds:.0f} tasks/s), {100 * history.share_waiting:.1f} % of it waiting for data."
    )
    print(f"{left_out} further tasks were left out of training, because their graph is in a fixed set.")
    print(f"Higher AUROC and average precision are better, lower SHD is. Table and pictures: {given.output}")


if __name__ == "__main__":
    main()
