"""Asks whether a network's error grows with the measured distance of a family from the one it was trained on.

    python examples/ood_curve.py            # some minutes on two cores

A small network is trained on an endless stream of one family, and evaluated on thirteen: its own, and twelve that change
graphs, mechanisms, noise or sizes. Each family's distance from training is measured; the picture has error over distance
with Spearman's rank correlation. Table, numbers and picture go to runs/ood. `evaluate` takes any callable X -> edge
probabilities, so put a network of your own in the place of `PairNetwork`.
"""

import argparse
import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import torch
from arguments import count, seed
from matplotlib.figure import Figure
from torch import Tensor, nn

import ancestral as anc
from ancestral import evaluation

MEASURE = "auroc"


class PairNetwork(nn.Module):
    """The logit of i -> j from moments of the pair: X standardised [B, n, d] -> [B, d, d]."""

    def __init__(self, width: int = 96) -> None:
        super().__init__()
        self.score = nn.Sequential(
            nn.Linear(12, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
            nn.Linear(width, 1),
        )  # fmt: skip

    def forward(self, X: Tensor) -> Tensor:
        rows, d = X.shape[1:]
        covariance = X.mT @ X / rows
        precision = torch.linalg.inv(covariance + 0.01 * torch.eye(d))
        # Each column against squares, cubes and signs of another: what linear correlation misses, and what tells directions.
        others = [(X**2).mT @ X / rows, (X**3).mT @ X / rows, X.abs().mT @ X.abs() / rows, X.tanh().mT @ X / rows]
        own = torch.diagonal(covariance * others[1], dim1=-2, dim2=-1)  # Each column's kurtosis.
        features = [covariance, precision, own[:, :, None].expand(-1, -1, d), own[:, None, :].expand(-1, d, -1)]
        features += [part for one in others for part in (one, one.mT)]
        return self.score(torch.stack(features, dim=-1).clamp(-10, 10))[..., 0]


def families() -> dict[str, anc.FamilyConfig]:
    """The training family as "id", and what differs from it in one thing each."""
    known = anc.FamilyConfig(
        n_nodes=10, sparsity_param=1.0, mechanism_proportions={"linear": 0.5, "mlp": 0.5}, noise_type="uniform"
    )
    return {
        "id": known,
        "scale-free": replace(known, graph="scale_free"),
        "small-world": replace(known, graph="watts_strogatz"),
        "denser": replace(known, sparsity_param=2.0),
        "larger": replace(known, n_nodes=16),
        "linear": replace(known, mechanism_proportions={"linear": 1.0}),
        "mlp": replace(known, mechanism_proportions={"mlp": 1.0}),
        "gp": replace(known, mechanism_proportions={"gp": 1.0}),
        "gpcde": replace(known, mechanism_proportions={"gpcde": 1.0}),
        "laplace": replace(known, noise_type="laplace"),
        "gaussian": replace(known, noise_type="gaussian"),
        "student-t": replace(known, noise_type="student_t"),
        "gaussian gp": replace(known, mechanism_proportions={"gp": 1.0}, noise_type="gaussian"),
    }


def train(network: nn.Module, data: anc.DataModule, steps: int) -> None:
    """Adam, with a rate that falls to 0 over `steps`; cross-entropy over the pairs of different nodes."""
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for X, adjacency in islice(data.train_dataloader(), steps):
        pairs = ~torch.eye(X.shape[-1], dtype=torch.bool)
        loss = nn.functional.binary_cross_entropy_with_logits(network(X)[:, pairs], adjacency[:, pairs])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=count, default=2000, help="training steps (default: %(default)s)")
    parser.add_argument("--tasks", type=count, default=300, help="tasks of each family (default: %(default)s)")
    parser.add_argument("--rows", type=count, default=200, help="rows of each task (default: %(default)s)")
    parser.add_argument("--seed", type=seed, default=0, help="base seed of everything (default: %(default)s)")
    parser.add_argument("--output", type=Path, default=Path("runs/ood"), help="folder of the results (default: %(default)s)")
    given = parser.parse_args()

    torch.manual_seed(given.seed)
    tests = families()
    data = anc.DataModule(
        tests["id"], None, tests, n_samples=given.rows, batch_size=32, base_seed=given.seed, n_test=given.tasks,
        normalize="standardize",
    )  # fmt: skip
    network = PairNetwork()
    train(network, data, given.steps)
    found = evaluation.evaluate(lambda X: network(X).sigmoid(), data, seed=given.seed)
    data.close()
    distances = data.distances(n_tasks=given.tasks)

    print(found)
    metrics = list(next(iter(distances.values())))
    correlations = {one: evaluation.ood_correlation(found, distances, measure=MEASURE, metric=one) for one in metrics}
    print("\nerror (1 - AUROC) over distance from training")
    for metric, one in correlations.items():
        print(f"{metric:16} {one}")

    given.output.mkdir(parents=True, exist_ok=True)
    figure = Figure(figsize=(7, 3.8), layout="constrained")
    for ax, metric in zip(figure.subplots(1, 2), ("data_energy", "graph_energy"), strict=True):
        evaluation.ood_curve(found, distances, ax, measure=MEASURE, metric=metric)
    figure.savefig(given.output / "ood.png", dpi=200)
    numbers = {
        "evaluation": found.to_dict(),
        "distances": {name: report.to_dict() for name, report in distances.items()},
        "correlations": {metric: one._asdict() for metric, one in correlations.items()},
    }
    (given.output / "results.json").write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    print(f"\nPicture and numbers: {given.output}")


if __name__ == "__main__":
    main()
