"""Networks that a test can work out by hand, and what evaluations of them must say."""

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

import ancestral as anc
from ancestral import evaluation

SMALL = anc.FamilyConfig(n_nodes=5, sparsity_param=1.0)
SIZES = anc.FamilyConfig(n_nodes=3, n_nodes_max=7, sparsity_param=1.0)
MEASURES = ["auroc", "average_precision", "f1", "shd", "expected_f1", "expected_shd", "log_probability", "brier"]


def fixed(config: anc.FamilyConfig, n_tasks: int = 20, base_seed: int = 1) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(config, n_tasks=n_tasks, base_seed=base_seed, n_samples=30)


def scores(X: Tensor) -> Tensor:
    """Some function of the data that differs both ways."""
    X = X.double()
    return torch.sigmoid(3 * (X.mT @ X) / X.shape[1] - 2 + (X**2).mT @ X / X.shape[1])


def correlation(x: Tensor) -> Tensor:
    """|corr| as numpy has it, the same both ways."""
    found = torch.from_numpy(np.atleast_2d(np.corrcoef(x.double().numpy().T))).abs().clamp(max=1)
    return (found + found.T) / 2


class WithMask(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.dropout = nn.Dropout(0.5)

    def forward(self, X: Tensor, node_mask: Tensor) -> Tensor:
        assert node_mask.dtype == torch.bool
        assert not X[~node_mask[:, None].expand(X.shape)].any()
        found = self.dropout(scores(X))
        return found.masked_fill(~(node_mask[:, None] & node_mask[:, :, None]), math.nan)  # As attention over nothing gives.


class Sampler:
    """Draws graphs from independent edges."""

    def sample_graphs(self, X: Tensor, n_graphs: int) -> Tensor:
        p = scores(X)[:, None].expand(-1, n_graphs, -1, -1)
        return torch.bernoulli(p)


def by_hand(dataset: anc.MetaFixedDataset, law: Any = "edge") -> dict[str, Any]:
    """Each measure of each task."""
    tasks = [anc.collate([dataset[index]], normalize="standardize") for index in range(len(dataset))]
    found: dict[str, list[float]] = {name: [] for name in MEASURES}
    for task in tasks:
        truth, p = task.adjacency[0], scores(task.X)[0]
        guess = (p > 0.5).fill_diagonal_(False)
        found["auroc"].append(evaluation.auroc(truth, p))
        found["average_precision"].append(evaluation.average_precision(truth, p))
        found["f1"].append(evaluation.f1(truth, guess))
        found["shd"].append(evaluation.shd(truth, guess))
        found["expected_f1"].append(evaluation.expected_f1(truth, p, law=law))
        found["expected_shd"].append(evaluation.expected_shd(truth, p, law=law))
        found["log_probability"].append(evaluation.log_probability(truth, p, law=law, clip=1e-6))
        found["brier"].append(evaluation.brier(truth, p))
    return {name: np.array(values) for name, values in found.items()}
