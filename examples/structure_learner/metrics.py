"""How well scores name the edges of a graph. Only pairs of different nodes count; A[i, j] == 1 means i -> j."""

from typing import NamedTuple

import numpy as np
from torch import Tensor

from ancestral import evaluation


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


def best_threshold(scores: Tensor, truth: Tensor) -> float:
    """The threshold of least mean SHD among a hundred quantiles of the scores."""
    values = np.quantile(scores.numpy(), np.linspace(0.5, 0.999, 100))
    return float(min(values, key=lambda value: mean_shd(predicted(scores, value), truth)))


def mean_shd(guess: Tensor, truth: Tensor) -> float:
    """The mean structural Hamming distance of graphs [B, d, d]."""
    return float(np.mean([evaluation.shd(graph, found) for graph, found in zip(truth, guess, strict=True)]))


def quality(scores: Tensor, truth: Tensor, threshold: float) -> Quality:
    """Scores [B, d, d] against graphs [B, d, d]."""
    pairs = list(zip(truth, scores, strict=True))
    aurocs = np.array([evaluation.auroc(graph, score) for graph, score in pairs])
    precisions = np.array([evaluation.average_precision(graph, score) for graph, score in pairs])
    left_out = int(np.isnan(aurocs).sum())
    distance = mean_shd(predicted(scores, threshold), truth)
    if left_out == len(pairs):
        return Quality(float("nan"), float("nan"), distance, len(pairs), left_out)
    return Quality(float(np.nanmean(aurocs)), float(np.nanmean(precisions)), distance, len(pairs), left_out)
