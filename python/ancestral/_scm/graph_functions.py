"""`graph_hash` and `cpdag`: functions of graphs alone."""

from typing import Any

from torch import Tensor

from .._engine import _ffi
from .._engine.checks import check_graph, check_level
from .._engine.torch_modes import ordinary


def graph_hash(adjacency: Any, level: str = "exact") -> str:
    """64 hex digits that identify a DAG: the same on every machine, whatever the dtype or layout of `adjacency`.

    `adjacency` is a tensor, an array, nested lists or a graph of networkx, [n, n] of 0 and 1; A[i, j] == 1 means i -> j.
    "exact" tells labelled graphs apart, "mec" Markov equivalence classes, "iso" graphs up to a renaming of nodes. ConfigError
    for anything but a DAG, or another level.
    """
    return _ffi.graph_hash(check_graph(adjacency), check_level(level)).hex()


def cpdag(adjacency: Any) -> Tensor:
    """The completed partially directed graph of a DAG's Markov equivalence class, float32 [n, n].

    C[i, j] == 1 and C[j, i] == 0 where every member has i -> j; both are 1 where members disagree. ConfigError for anything
    but a DAG. Source: Meek, "Causal inference and causal explanation with background knowledge", UAI 1995.
    """
    with ordinary():
        return _ffi.graph_cpdag(check_graph(adjacency)).float()
