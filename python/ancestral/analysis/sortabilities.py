"""Whether data give the causal order away."""

from typing import Any, NamedTuple

import torch

from .. import _ffi
from .._checks import check_graph
from .._errors import ConfigError


class Sortability(NamedTuple):
    """How well sorting the nodes gives a causal order: 1 always right, 0.5 like chance, 0 always wrong; NaN without edges."""

    var: float
    """By their variances (Reisach, Seiler, Weichwald, "Beware of the simulated DAG!", NeurIPS 2021)."""
    r2: float
    """By how much all other nodes explain of each linearly (Reisach et al., NeurIPS 2023); scaling the data leaves it alone."""


def sortability(X: Any, A: Any) -> Sortability:
    """The sortabilities of data X [rows, n] under a graph A [n, n], A[i, j] == 1 means i -> j.

    X is taken as float32. Raises ConfigError when A is no directed acyclic graph or the shapes don't fit.
    """
    graph = check_graph(A, "A")
    x = torch.as_tensor(X).detach().to(device="cpu", dtype=torch.float32).contiguous()
    if x.ndim != 2 or x.shape[1] != len(graph) or not len(x):
        raise ConfigError(f"X has shape {list(x.shape)}: must be [rows, {len(graph)}] with at least one row.")
    return Sortability(*_ffi.sortability(x, graph))
