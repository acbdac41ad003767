"""Distances by what graphs are used for: how many causal effects come out wrong when the guess says what to adjust for."""

from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from .._engine.checks import check_graph, one_of
from .._engine.errors import ConfigError
from .._engine.extras import package
from .acyclicity import acyclic
from .given_graphs import Array, graph_and_samples, two_graphs

Kind = Literal["ancestor", "oset", "parent"]


class AdjustmentDistance(NamedTuple):
    """The number of ordered pairs of nodes that get a wrong causal effect when the guess tells what to adjust for."""

    normalized: Any
    """`mistakes` over n (n - 1), a float; 0 without pairs. An array [B] for graphs [B, n, n]."""
    mistakes: Any
    """An int, or an array [B]. Of samples a float: the mean over them."""


def sid(truth: Any, guess: Any) -> AdjustmentDistance:
    """Structural intervention distance of two DAGs, by gadjid, which comes with the extra `eval`.

    Raises ConfigError for anything but DAGs of one size. Source: Peters and Bühlmann, Neural Computation 27 (2015).
    """
    return _distance("sid", truth, guess)


def aid(truth: Any, guess: Any, kind: Kind = "ancestor") -> AdjustmentDistance:
    """Adjustment identification distance of two DAGs, by gadjid, which comes with the extra `eval`.

    `kind` says what the guess is used to adjust for: ancestors, the optimal set or parents. Raises ConfigError for another
    kind, and for anything but DAGs of one size. Source: Henckel, Würtzen, Weichwald, UAI 2024.
    """
    return _distance(_measure(kind), truth, guess)


def expected_sid(truth: Any, samples: Any) -> AdjustmentDistance:
    """The mean structural intervention distance of sampled graphs, as DiBS reports it; see `sid`.

    `samples` are [s, n, n] of 0 and 1 for a truth [n, n], or [B, s, n, n] for [B, n, n]. Their edges from a node to itself are
    dropped; samples with a cycle still tell of no adjustment and are left out: `share_acyclic` of samples without such edges
    says how many. NaN where none is left. Raises ConfigError for a truth that is no DAG, and for other shapes or entries.
    Source: Lorch, Rothfuss, Schölkopf, Krause, "DiBS", NeurIPS 2021.
    """
    return _expected("sid", truth, samples)


def expected_aid(truth: Any, samples: Any, kind: Kind = "ancestor") -> AdjustmentDistance:
    """The mean adjustment identification distance of sampled graphs; see `aid`, and `expected_sid` for what is taken."""
    return _expected(_measure(kind), truth, samples)


def _measure(kind: Any) -> str:
    return f"{one_of(kind, 'kind', get_args(Kind))}_aid"


def _distance(measure: str, truth: Any, guess: Any) -> AdjustmentDistance:
    a, b = two_graphs(truth, guess, diagonal=True)
    if a.ndim == 2:
        return AdjustmentDistance(*_one(measure, a, b))
    found = [_one(measure, *pair) for pair in zip(a, b, strict=True)]
    return AdjustmentDistance(np.array([x for x, _ in found]), np.array([k for _, k in found], dtype=np.int64))


def _expected(measure: str, truth: Any, samples: Any) -> AdjustmentDistance:
    a, graphs = graph_and_samples(truth, samples)
    if a.ndim == 2:
        return AdjustmentDistance(*_mean(measure, a, graphs))
    found = np.array([_mean(measure, *pair) for pair in zip(a, graphs, strict=True)]).reshape(-1, 2)
    return AdjustmentDistance(found[:, 0], found[:, 1])


def _mean(measure: str, truth: Array, samples: Array) -> tuple[float, float]:
    """Equal samples are measured once, as a sure posterior gives few graphs."""
    if len(truth):
        check_graph(truth, "truth")  # Also where no sample is left to hold against it.
    kept = samples[acyclic(samples)]
    if len(kept) == 0:
        return float("nan"), float("nan")
    different, counts = np.unique(kept, axis=0, return_counts=True)
    found = np.array([_one(measure, truth, graph) for graph in different])
    normalized, mistakes = counts @ found / counts.sum()
    return float(normalized), float(mistakes)


def _one(measure: str, a: Array, b: Array) -> tuple[float, int]:
    if len(a) == 0:
        return 0.0, 0
    first, second = (check_graph(graph, what).numpy().astype(np.int8) for graph, what in ((a, "truth"), (b, "guess")))
    if len(a) == 1:
        return 0.0, 0  # gadjid asks for two nodes.
    try:
        found = getattr(package("gadjid", "eval"), measure)(first, second, edge_direction="from row to column")
    except BaseException as error:
        # A panic of Rust is no Exception, so that `except Exception` around a training step would not hold it.
        if type(error).__name__ != "PanicException":
            raise
        raise ConfigError(f"gadjid's {measure} failed on graphs of {len(a)} nodes: {error}.") from None
    return float(found[0]), int(found[1])
