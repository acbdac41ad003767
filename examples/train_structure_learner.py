"""Trains a small network to read causal graphs from data, on an endless stream of tasks.

    python examples/train_structure_learner.py            # about three minutes on two cores

Training tasks come from the engine as they are needed: linear and MLP mechanisms on Erdős–Rényi graphs. The network is
tested on fixed tasks of the same family (id) and of families it has never seen: scale-free graphs, and GPCDE mechanisms. No
graph of a fixed set ever occurs in training. A table and pictures go to runs/demo. Ctrl-C ends training early; the table is
made all the same.
"""

import argparse
import json
import math
import os
import time
from dataclasses import replace
from pathlib import Path

# Threads that spin while they wait make a step twenty times slower on a machine with other work; torch reads this at import.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from structure_learner.metrics import Quality, best_threshold, correlation, quality
from structure_learner.network import StructureLearner
from structure_learner.pictures import save_pictures
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader
from tqdm import tqdm

import ancestral as anc


def families(n_nodes: int) -> dict[str, anc.FamilyConfig]:
    """The training family and those that the network is tested on."""
    known = anc.FamilyConfig(n_nodes=n_nodes, sparsity_param=1.5, mechanism_proportions={"linear": 0.5, "mlp": 0.5})
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


def scores(network: StructureLearner, x: Tensor) -> Tensor:
    """Edge probabilities [N, d, d]."""
    network.eval()
    with torch.no_grad():
        found = torch.cat([torch.sigmoid(network(part)) for part in x.split(32)])
    network.train()
    return found


def train(
    network: StructureLearner, stream: anc.MetaIterableDataset, valid: FixedTasks, seconds: float, most_steps: int
) -> dict[str, list[float]]:
    """Trains for a time, at most some steps; the learning rate follows the share that is used up."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.0, weight_decay=1e-2, betas=(0.9, 0.98))
    different = ~torch.eye(valid.graphs.shape[1], dtype=torch.bool)
    history: dict[str, list[float]] = {"step": [], "loss": [], "valid_step": [], "valid_auroc": []}
    batches = iter(DataLoader(stream, batch_size=None))
    waited, started, tasks, smooth = 0.0, time.perf_counter(), 0, math.nan
    bar = tqdm(total=most_steps or None, unit="step", desc="training", dynamic_ncols=True)
    try:
        while True:
            used = (time.perf_counter() - started) / seconds
            if most_steps:
                used = max(used, bar.n / most_steps)
            if used >= 1:
                break
            asked = time.perf_counter()
            x, graphs = anc.collate(next(batches), normalize="standardize")
            waited += time.perf_counter() - asked
            warm = min(1.0, (bar.n + 1) / 50)
            for group in optimizer.param_groups:
                group["lr"] = 5e-3 * warm * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * used)))
            loss = functional.binary_cross_entropy_with_logits(network(x)[:, different], graphs[:, different])
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            tasks += len(x)
            smooth = loss.item() if math.isnan(smooth) else 0.98 * smooth + 0.02 * loss.item()
            bar.update()
            if bar.n % 10 == 0:
                spent = time.perf_counter() - started
                bar.set_postfix_str(
                    f"loss {smooth:.3f}, {tasks / spent:.0f} tasks/s, {100 * waited / spent:.1f} % waiting for data"
                )
                history["step"].append(bar.n)
                history["loss"].append(smooth)
            if bar.n % 200 == 0:
                found = scores(network, valid.x[:64])
                history["valid_step"].append(bar.n)
                history["valid_auroc"].append(quality(found, valid.graphs[:64], 0.5).auroc)
    except KeyboardInterrupt:
        bar.write("Stopped early; testing what was learned so far.")
    bar.close()
    spent = time.perf_counter() - started
    history["summary"] = [float(bar.n), float(tasks), spent, waited / spent]
    return history


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
    parser.add_argument("--steps", type=int, default=0, help="train for at most so many steps (default: no limit)")
    parser.add_argument("--nodes", type=int, default=10, help="nodes of each task (default: %(default)s)")
    parser.add_argument("--rows", type=int, default=100, help="rows of each task (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=8, help="tasks of a training step (default: %(default)s)")
    parser.add_argument("--tasks", type=int, default=200, help="tasks of each test set (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="base seed of everything (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path("runs/demo"), help="folder of the results (default: %(default)s)")
    given = parser.parse_args()

    torch.manual_seed(given.seed)
    configs = families(given.nodes)
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
    history = train(network, stream, valid, given.seconds, given.steps)

    found = scores(network, valid.x)
    thresholds = best_threshold(found, valid.graphs), best_threshold(correlation(valid.x), valid.graphs)
    results: dict[str, dict[str, Quality]] = {}
    for name, fixed in tests.items():
        results[name] = {
            "network": quality(scores(network, fixed.x), fixed.graphs, thresholds[0]),
            "baseline": quality(correlation(fixed.x), fixed.graphs, thresholds[1]),
        }
    steps, tasks, seconds, waiting = history["summary"]
    given.output.mkdir(parents=True, exist_ok=True)
    save_pictures(given.output, tests["id"].set, scores(network, tests["id"].x), history)
    summary = {
        "steps": int(steps), "tasks": int(tasks), "seconds": round(seconds, 1), "share_waiting_for_data": round(waiting, 4),
        "results": {name: {who: value._asdict() for who, value in pair.items()} for name, pair in results.items()},
    }  # fmt: skip
    (given.output / "results.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(f"\n{table(results)}\n")
    print(
        f"{steps:.0f} steps on {tasks:.0f} tasks in {seconds:.0f} s ({tasks / seconds:.0f} tasks/s), "
        f"{100 * waiting:.1f} % of it waiting for data."
    )
    print(f"Higher AUROC and average precision are better, lower SHD is. Table and pictures: {given.output}")


if __name__ == "__main__":
    main()
