"""`graph_hash` and `cpdag`: functions of graphs alone."""

from typing import Any

from torch import Tensor

from .._engine import _ffi
from .._engine.checks import check_graph, check_level, check_targets
from .._engine.torch_modes import ordinary


def graph_hash(adjacency: Any, level: str = "exact") -> str:
    """64 hex digits that identify a DAG: the same on every machine, whatever the dtype or layout of `adjacency`.

    `adjacency` is a tensor, an array, nested lists or a graph of networkx, [n, n] of 0 and 1; A[i, j] == 1 means i -> j.
    "exact" tells labelled graphs apart, "mec" Markov equivalence classes, "iso" graphs up to a renaming of nodes. ConfigError
    for anything but a DAG, or another level.
    """
    return _ffi.graph_hash(check_graph(adjacency), check_level(level)).hex()


def cpdag(adjacency: Any, targets: Any = None) -> Tensor:
    """The completed partially directed graph of a DAG's Markov equivalence class, float32 [n, n].

    C[i, j] == 1 and C[j, i] == 0 where every member has i -> j; both are 1 where members disagree. With `targets` it is the
    interventional essential graph: of the class that rows under interventions on these nodes tell apart too. They are a list of
    nodes for each regime, such as [[0], [2, 3]], or truth values [E, n], as `SCMInstance.run` gives them. ConfigError for
    anything but a DAG, and for a node that there isn't. Sources: Meek, "Causal inference and causal explanation with background
    knowledge", UAI 1995; Hauser, Buehlmann, "Characterization and greedy learning of interventional Markov equivalence classes
    of directed acyclic graphs", JMLR 13 (2012).
    """
    with ordinary():
        graph = check_graph(adjacency)
        if targets is None:
            return _ffi.graph_cpdag(graph).float()
        return _ffi.graph_cpdag_of_targets(graph, check_targets(targets, len(graph))).float()
