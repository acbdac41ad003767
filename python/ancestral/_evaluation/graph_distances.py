"""Distances of a guessed graph from the true one: structural Hamming distances, and F1."""

from typing import Any

import numpy as np

from .._engine import _ffi
from .._engine.checks import check_graph
from .given_graphs import Array, each, number, two_graphs, whole


def shd(truth: Any, guess: Any, *, double_for_anticausal: bool = False) -> Any:
    """Structural Hamming distance of graphs with entries 0 and 1, an int: unordered pairs whose state differs.

    A reversed edge counts once. With `double_for_anticausal` it counts twice, as in some packages, and so does an edge in both
    directions where there is none: each entry that differs counts. An edge in both directions is an undirected one. Raises
    ConfigError for other shapes or entries. Source: Tsamardinos, Brown, Aliferis, "The max-min hill-climbing Bayesian network
    structure learning algorithm", Machine Learning 65 (2006).
    """
    return whole(hamming(*two_graphs(truth, guess), double_for_anticausal=double_for_anticausal))


def hamming(a: Array, b: Array, *, double_for_anticausal: bool = False) -> Any:
    """The distances over the last two axes of arrays whose diagonals are 0."""
    differs = np.not_equal(a, b)
    if double_for_anticausal:
        return np.count_nonzero(differs, axis=(-2, -1))
    return np.count_nonzero(np.triu(differs | np.swapaxes(differs, -2, -1), 1), axis=(-2, -1))


def cpdag_shd(truth: Any, guess: Any) -> Any:
    """The structural Hamming distance of the Markov equivalence classes of two DAGs, an int; see `cpdag`.

    A guess that is a CPDAG itself, as PC and GES give it, goes into `shd(anc.cpdag(truth), guess)`: 1 both ways is an
    undirected edge. Raises ConfigError for a graph with a cycle, another shape or other entries than 0 and 1.
    """

    def one(a: Array, b: Array) -> int:
        return shd(_class(a, "truth"), _class(b, "guess"))

    return each(one, *two_graphs(truth, guess, diagonal=True))


def f1(truth: Any, guess: Any) -> Any:
    """The harmonic mean of precision and recall over directed edges, a float; 1 where neither graph has any.

    Raises ConfigError for other shapes or entries than 0 and 1.
    """
    return number(overlap(*two_graphs(truth, guess)))


def overlap(a: Array, b: Array) -> Any:
    """F1 over the last two axes of arrays whose diagonals are 0."""
    found = a.sum(axis=(-2, -1)) + b.sum(axis=(-2, -1))
    return np.where(found == 0, 1.0, 2 * (a * b).sum(axis=(-2, -1)) / np.maximum(found, 1))


def _class(graph: Array, what: str) -> Array:
    """The CPDAG; that of no node is empty, for which the engine has no graph."""
    return _ffi.graph_cpdag(check_graph(graph, what)).numpy().astype(np.float64) if len(graph) else graph
