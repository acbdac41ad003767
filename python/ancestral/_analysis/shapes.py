"""Shapes: laws of a family that are laid over those of others: edges, marginals and correlations."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from .plan import Plan
from .tasks import Tasks

Array = NDArray[np.float64]

LEVELS = np.array([0.005, 0.01, 0.025, *np.arange(0.05, 0.951, 0.05), 0.975, 0.99, 0.995])
"""The shares at which quantiles are taken."""
NORMAL_QUANTILES = np.array([NormalDist().inv_cdf(float(level)) for level in LEVELS])
BIN_EDGES = np.linspace(0, 1, 21)
"""Bins of absolute correlations."""

_MOST_TASKS, _MOST_ROWS = 200, 256


@dataclass(frozen=True, eq=False)
class Shapes:
    """Over a sample of tasks; what is of data is None where there are no rows."""

    edges_per_node: Array
    """float64 [n_tasks], sorted."""
    quantiles: Array | None
    """float64 [levels]: the mean over columns of the quantiles of each, scaled to mean 0 and standard deviation 1."""
    correlations: Array | None
    """float64 [bins]: the share of pairs of variables with such an absolute correlation."""


def shapes_of(tasks: Tasks, plan: Plan) -> Shapes:
    """The shapes of at most 200 of the tasks with at most 256 rows each: lines of a picture ask for no more.

    Of data, they are of the columns without classes, and of the rows without holes in these."""
    few = plan._replace(n_tasks=min(plan.n_tasks, _MOST_TASKS), n_samples=min(plan.n_samples, _MOST_ROWS))
    edges: list[float] = []
    quantiles: list[Array] = []
    counts = np.zeros(len(BIN_EDGES) - 1)
    for pair in tasks.pairs(few):
        n = len(pair.graph)
        edges.append(float(pair.graph.sum()) / n)
        if len(pair.x) < 2:
            continue
        numbers = pair.x if pair.values is None else pair.x[:, pair.values <= 0]
        whole = numbers[~numbers.isnan().any(1)]
        if len(whole) < 2:
            continue
        scaled: Array = _scaled(whole.double().numpy())
        quantiles += list(np.transpose(np.quantile(scaled, LEVELS, axis=0)))
        correlations: Array = np.abs(np.matmul(np.transpose(scaled), scaled) / len(scaled))[np.triu_indices(scaled.shape[1], 1)]
        counts += np.histogram(np.minimum(correlations, 1.0), BIN_EDGES)[0]
    total = counts.sum()
    return Shapes(
        np.sort(np.array(edges)),
        np.mean(quantiles, axis=0) if quantiles else None,
        counts / total if total else None,
    )


def _scaled(x: Array) -> Array:
    """The columns that vary, with mean 0 and standard deviation 1."""
    centred = x - x.mean(axis=0)
    deviation = centred.std(axis=0)
    return np.divide(centred[:, deviation > 0], deviation[deviation > 0])
