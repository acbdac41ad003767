"""How well scores name the edges of a graph. Only pairs of different nodes count; A[i, j] == 1 means i -> j."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from torch import Tensor


class Quality(NamedTuple):
    """Means over tasks; tasks without an edge, or with all, have no AUROC and are left out of the first two."""

    auroc: float
    average_precision: float
    shd: float
    n_tasks: int
    n_left_out: int


def correlation(x: Tensor) -> Tensor:
    """The baseline's scores: |corr| of two variables, the same both ways. x [B, n, d], standardised -> [B, d, d]."""
    return (x.transpose(1, 2) @ x / x.shape[1]).abs()


def predicted(scores: Tensor, threshold: float) -> Tensor:
    """The graph that scores [B, d, d] stand for: the likelier direction of each pair whose score passes the threshold."""
    return ((scores > threshold) & (scores >= scores.transpose(1, 2))).triu(1) | (
        (scores > threshold) & (scores > scores.transpose(1, 2))
    ).tril(-1)


def shd(guess: Tensor, truth: Tensor) -> Tensor:
    """Structural Hamming distance [B]: unordered pairs whose state differs; a reversal counts once."""
    differs = guess.bool() != truth.bool()
    return (differs | differs.transpose(1, 2)).triu(1).sum(dim=(1, 2))


def best_threshold(scores: Tensor, truth: Tensor) -> float:
    """The threshold of least mean SHD among a hundred quantiles of the scores."""
    values = np.quantile(scores.numpy(), np.linspace(0.5, 0.999, 100))
    return float(min(values, key=lambda value: shd(predicted(scores, value), truth).float().mean().item()))


def quality(scores: Tensor, truth: Tensor, threshold: float) -> Quality:
    """Scores [B, d, d] against graphs [B, d, d]."""
    different = ~torch.eye(truth.shape[1], dtype=torch.bool)
    aurocs: list[float] = []
    precisions: list[float] = []
    for score, graph in zip(scores, truth, strict=True):
        labels, values = graph[different].numpy(), score[different].numpy()
        if 0 < labels.sum() < len(labels):
            aurocs.append(float(roc_auc_score(labels, values)))
            precisions.append(float(average_precision_score(labels, values)))
    distance = shd(predicted(scores, threshold), truth).float().mean().item()
    return Quality(_mean(aurocs), _mean(precisions), distance, len(truth), len(truth) - len(aurocs))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")
