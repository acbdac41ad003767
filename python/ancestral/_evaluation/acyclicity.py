"""Acyclicity of many graphs at once."""

from typing import Any

import numpy as np

from .._engine.errors import ConfigError
from .._engine.matrices import read_array
from .given_graphs import Array, check_samples, number


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
