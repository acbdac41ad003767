"""How well scores name the edges of a graph. Only pairs of different nodes count; A[i, j] == 1 means i -> j."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ancestral import evaluation


class Quality(NamedTuple):
    """A value for each task; tasks without an edge, or with all, have NaN in the first two."""

    auroc: NDArray[np.float64]
    average_precision: NDArray[np.float64]
    shd: NDArray[np.float64]


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
    return float(min(values, key=lambda value: np.mean(evaluation.shd(truth, predicted(scores, value)))))


def quality(scores: Tensor, truth: Tensor, threshold: float) -> Quality:
    """Scores [B, d, d] against graphs [B, d, d]."""
    return Quality(
        evaluation.auroc(truth, scores),
        evaluation.average_precision(truth, scores),
        np.asarray(evaluation.shd(truth, predicted(scores, threshold)), dtype=np.float64),
    )
