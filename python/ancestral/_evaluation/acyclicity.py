"""Acyclicity of many graphs at once."""

from typing import Any

import numpy as np

from .._engine.checks import float32
from .._engine.errors import ConfigError
from .._engine.matrices import read_array, read_matrix
from .given_graphs import Array, check_finite, check_samples, number, off_diagonal


def share_acyclic(samples: Any) -> Any:
    """The share of sampled graphs without a directed cycle, a float for [s, n, n], an array [B] for [B, s, n, n].

    An edge from a node to itself is a cycle, and so are edges in both directions. Raises ConfigError for other shapes, entries
    other than 0 and 1, and no sample.
    """
    graphs = read_array(samples, "samples")
    if graphs.ndim not in (3, 4) or graphs.shape[-2] != graphs.shape[-1]:
        raise ConfigError(f"samples has shape {list(graphs.shape)}: must be [s, n, n], or [B, s, n, n].")
    check_samples(graphs)
    return number(acyclic(graphs).mean(axis=-1))


def acyclic_guess(probabilities: Any, *, threshold: float = 0.5) -> Any:
    """The DAG of the edges above a threshold, float64 [n, n] of 0 and 1, or [B, n, n]: what `sid` and `aid` ask for.

    Edges are taken from the likeliest to the least likely, but for those that would close a cycle; of equal ones the first by
    rows. Raises ConfigError for other shapes, and numbers that are not finite.
    """
    p, least = read_matrix(probabilities, "probabilities").values, float32(threshold, "threshold")
    if p.ndim not in (2, 3) or p.shape[-2] != p.shape[-1]:
        raise ConfigError(f"probabilities has shape {list(p.shape)}: must be [n, n], or [B, n, n].")
    p = off_diagonal(p)
    check_finite(p, "probabilities")
    return greedy_dag(p, least) if p.ndim == 2 else np.array([greedy_dag(one, least) for one in p]).reshape(p.shape)


def greedy_dag(p: Array, threshold: float) -> Array:
    """The guess of one graph."""
    n = len(p)
    graph, reaches = np.zeros((n, n)), np.eye(n, dtype=bool)
    order = np.argsort(-p, axis=None, kind="stable")
    for place in order[: np.count_nonzero(p > threshold)]:
        i, j = divmod(int(place), n)
        if not reaches[j, i]:
            graph[i, j] = 1
            reaches |= np.outer(reaches[:, i], reaches[j])
    return graph


def acyclic(graphs: Array) -> Any:
    """Whether each of the graphs [..., n, n] is acyclic: no node is left after all sources were taken away n times."""
    left = np.ones(graphs.shape[:-1])
    for _ in range(graphs.shape[-1]):
        # A node stays while a node that is left leads to it; rows are parents.
        stays = np.minimum((left[..., None, :] @ graphs)[..., 0, :], left)
        smaller = (stays > 0).astype(np.float64)
        if np.array_equal(smaller, left):
            break
        left = smaller
    return ~left.any(axis=-1)
