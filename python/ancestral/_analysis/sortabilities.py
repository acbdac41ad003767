"""Var- and R²-sortability: how far data give the causal order away."""

from typing import Any, NamedTuple

import torch

from .._engine import _ffi
from .._engine.checks import check_graph
from .._engine.errors import ConfigError
from .._engine.matrices import graph_of_columns, read_array


class Sortability(NamedTuple):
    """The rate at which sorting gives a causal order: 1 always right, 0.5 like chance, 0 always wrong; NaN without edges.

    What is equal but for rounding, as variances of standardised columns are, counts as half right.
    """

    var: float
    """By their variances (Reisach, Seiler, Weichwald, "Beware of the simulated DAG!", NeurIPS 2021)."""
    r2: float
    """By how much all other nodes explain of each linearly (Reisach et al., NeurIPS 2023); scaling the data leaves it alone.

    NaN also where a column is constant or a sum of others, or where there are no more rows than columns."""


def sortability(X: Any, A: Any, *, n_classes: Any = None) -> Sortability:
    """The sortabilities of data X [rows, n] under a graph A [n, n], A[i, j] == 1 means i -> j.

    Either may be a tensor, an array, lists, a table of pandas or a sparse matrix, A a graph of networkx as well; where both
    have names, the columns of X are the nodes of A that are called so, in any order. X is taken as float32: multiplied by a
    power of two where it has values out of its range, and without its columns' means where it has numbers that float32 hasn't.
    `n_classes`, n whole numbers as of an SCMInstance, says which columns have classes, 0 for those that have none: their
    numbers are names, so that they have no place in the order; paths between others lead through them. Raises ConfigError when
    A is no directed acyclic graph, the shapes or names don't fit or X is not finite.
    """
    graph = check_graph(graph_of_columns(A, X, "A", "X"), "A")
    x = torch.from_numpy(read_array(X, "X"))
    if not bool(x.isfinite().all()):
        raise ConfigError("X has a value that is not finite: must have none.")
    x = _single(_in_range(x))
    if x.ndim != 2 or x.shape[1] != len(graph) or not len(x):
        raise ConfigError(f"X has shape {list(x.shape)}: must be [rows, {len(graph)}] with at least one row.")
    return Sortability(*_ffi.sortability(x, graph, _classes(n_classes, len(graph))))


def _classes(given: Any, n_nodes: int) -> torch.Tensor | None:
    """int16 [n], as the engine wants them."""
    if given is None:
        return None
    counts = torch.from_numpy(read_array(given, "n_classes"))
    right = (counts == 0) | ((counts >= 2) & (counts <= 32767) & (counts == counts.round()))
    if counts.shape != (n_nodes,) or not bool(right.all()):
        raise ConfigError(f"n_classes = {given!r}: must be {n_nodes} whole numbers, 0 or at least 2.")
    return counts.to(torch.int16)


def _single(x: torch.Tensor) -> torch.Tensor:
    """Float64 data as float32, which a large mean leaves few digits for what varies; neither sortability depends on means."""
    single = x.to(torch.float32)
    return single if single.to(x.dtype).equal(x) or not len(x) else (x - x.mean(dim=0)).to(torch.float32)


def _in_range(x: torch.Tensor) -> torch.Tensor:
    """Float64 data of any size: both sortabilities are those of the data times any number."""
    largest = x.abs().max() if x.dtype == torch.float64 and x.numel() else None
    if largest is None or not 0 < largest < torch.inf or 2.0**-60 < largest < 2.0**60:
        return x
    exponent = int(torch.frexp(largest).exponent)
    return x * 2.0 ** -(exponent // 2) * 2.0 ** -(exponent - exponent // 2)
