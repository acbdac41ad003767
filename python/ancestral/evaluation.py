"""Measures of how good a predicted graph is. A[i, j] == 1 means i -> j, everywhere; only pairs of different nodes count.

Graphs and scores are [n, n], as tensors of any dtype and device, arrays, SciPy's sparse matrices, lists, tables of pandas or
graphs of networkx, whose nodes are called 0, 1, ..., or the same in the truth and the guess. With [B, n, n] of both, each
function gives an array [B]. Without pairs (no node or one) a distance is 0, `f1` is 1, and `auroc` and `average_precision` are
NaN.

`auroc` and `average_precision` need scikit-learn, `sid` and `aid` need gadjid: both come with the extra `eval`.
"""

import importlib
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._engine import _ffi
from ._engine.checks import check_graph
from ._engine.errors import ConfigError
from ._engine.matrices import Matrix, aligned, read_matrix


class AdjustmentDistance(NamedTuple):
    """The number of ordered pairs of nodes that get a wrong causal effect when the guess tells what to adjust for."""

    normalized: Any
    """`mistakes` over n (n - 1), a float; 0 without pairs. An array [B] for graphs [B, n, n]."""
    mistakes: Any
    """An int, or an array [B]."""


def shd(truth: Any, guess: Any, *, double_for_anticausal: bool = False) -> Any:
    """Structural Hamming distance of graphs with entries 0 and 1, an int: unordered pairs whose state differs.

    A reversed edge counts once, or twice with `double_for_anticausal`, as some packages do. An edge in both directions is an
    undirected one. Raises ConfigError for other shapes or entries. Source: Tsamardinos, Brown, Aliferis, "The max-min
    hill-climbing Bayesian network structure learning algorithm", Machine Learning 65 (2006).
    """
    differs = np.not_equal(*_graphs(truth, guess))
    if double_for_anticausal:
        return _whole(np.count_nonzero(differs, axis=(-2, -1)))
    return _whole(np.count_nonzero(np.triu(differs | np.swapaxes(differs, -2, -1), 1), axis=(-2, -1)))


def cpdag_shd(truth: Any, guess: Any) -> Any:
    """The structural Hamming distance of the Markov equivalence classes of two DAGs, an int; see `cpdag`.

    Raises ConfigError for a graph with a cycle, another shape or other entries than 0 and 1.
    """

    def one(a: NDArray[np.float64], b: NDArray[np.float64]) -> int:
        return shd(_class(a, "truth"), _class(b, "guess"))

    return _each(one, *_graphs(truth, guess, diagonal=True))


def expected_shd(truth: Any, probabilities: Any) -> Any:
    """The mean structural Hamming distance of graphs whose pairs are independent: i -> j with probability P[i, j]; a float.

    P[i, j] + P[j, i] must be at most 1, within the rounding of its dtype, else ConfigError. For a truth [n, n] and samples
    [s, n, n] of 0 and 1 it is the mean over them.
    """
    a, p, rounding = _scores(truth, probabilities, "probabilities", many=True)
    if p.ndim > a.ndim:
        if len(p) == 0:
            raise ConfigError("probabilities has no sample: must have at least one.")
        return float(np.mean([shd(a, sample) for sample in p]))
    p = _off_diagonal(p)
    back = np.swapaxes(p, -2, -1)
    if not np.all((p >= 0) & (p + back <= 1 + max(1e-6, 2 * rounding))):
        raise ConfigError("probabilities: must be at least 0, and those of both directions of a pair at most 1 together.")
    none = np.maximum(1 - p - back, 0)
    right = np.where(a == 1, p, np.where(np.swapaxes(a, -2, -1) == 1, back, none))
    return _number(np.triu(1 - right, 1).sum(axis=(-2, -1)))


def f1(truth: Any, guess: Any) -> Any:
    """The harmonic mean of precision and recall over directed edges, a float; 1 where neither graph has any.

    Raises ConfigError for other shapes or entries than 0 and 1.
    """
    a, b = _graphs(truth, guess)
    found = (a + b).sum(axis=(-2, -1))
    return _number(np.where(found == 0, 1.0, 2 * (a * b).sum(axis=(-2, -1)) / np.maximum(found, 1)))


def auroc(truth: Any, scores: Any) -> Any:
    """Area under the ROC curve of scores, higher where i -> j is likelier; NaN where the truth has no edge, or all.

    Needs the extra `eval`. Raises ConfigError for other shapes, or scores that are not finite.
    """
    return _ranked("roc_auc_score", truth, scores)


def average_precision(truth: Any, scores: Any) -> Any:
    """Average precision of scores, higher where i -> j is likelier; NaN where the truth has no edge, or all.

    Needs the extra `eval`. Raises ConfigError for other shapes, or scores that are not finite.
    """
    return _ranked("average_precision_score", truth, scores)


def sid(truth: Any, guess: Any) -> AdjustmentDistance:
    """Structural intervention distance of two DAGs, by gadjid, which comes with the extra `eval`.

    Raises ConfigError for anything but DAGs of one size. Source: Peters and Bühlmann, Neural Computation 27 (2015).
    """
    return _adjustment("sid", truth, guess)


def aid(truth: Any, guess: Any, kind: Literal["ancestor", "oset", "parent"] = "ancestor") -> AdjustmentDistance:
    """Adjustment identification distance of two DAGs, by gadjid, which comes with the extra `eval`.

    `kind` says what the guess is used to adjust for: ancestors, the optimal set or parents. Raises ConfigError for another
    kind, and for anything but DAGs of one size. Source: Henckel, Würtzen, Weichwald, UAI 2024.
    """
    kinds = ("ancestor", "oset", "parent")
    if not isinstance(kind, str) or kind not in kinds:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigError(f"kind = {kind!r}: must be one of {', '.join(kinds)}.")
    return _adjustment(f"{kind}_aid", truth, guess)


def _package(name: str) -> Any:
    """A module of the extra `eval`. ImportError that names the extra where it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"{name} is not installed: pip install 'ancestral[eval]'.") from error


def _adjustment(measure: str, truth: Any, guess: Any) -> AdjustmentDistance:
    def one(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[float, int]:
        if len(a) == 0:
            return 0.0, 0
        first, second = (check_graph(graph, what).numpy().astype(np.int8) for graph, what in ((a, "truth"), (b, "guess")))
        if len(a) == 1:
            return 0.0, 0  # gadjid asks for two nodes.
        try:
            found = getattr(_package("gadjid"), measure)(first, second, edge_direction="from row to column")
        except BaseException as error:
            # A panic of Rust is no Exception, so that `except Exception` around a training step would not hold it.
            if type(error).__name__ != "PanicException":
                raise
            raise ConfigError(f"gadjid's {measure} failed on graphs of {len(a)} nodes: {error}.") from None
        return float(found[0]), int(found[1])

    a, b = _graphs(truth, guess, diagonal=True)
    if a.ndim == 2:
        return AdjustmentDistance(*one(a, b))
    each = [one(*pair) for pair in zip(a, b, strict=True)]
    return AdjustmentDistance(np.array([x for x, _ in each]), np.array([k for _, k in each], dtype=np.int64))


def _ranked(measure: str, truth: Any, scores: Any) -> Any:
    a, values, _ = _scores(truth, scores, "scores")
    score = getattr(_package("sklearn.metrics"), measure)
    different = ~np.eye(a.shape[-1], dtype=bool)

    def one(labels: NDArray[np.float64], ranks: NDArray[np.float64]) -> float:
        labels, ranks = labels[different], ranks[different]
        return float(score(labels, ranks)) if 0 < labels.sum() < len(labels) else float("nan")

    return _each(one, a, values)


def _class(graph: NDArray[np.float64], what: str) -> NDArray[np.float64]:
    """The CPDAG; that of no node is empty, for which the engine has no graph."""
    return _ffi.graph_cpdag(check_graph(graph, what)).numpy().astype(np.float64) if len(graph) else graph


def _each(measure: Callable[..., Any], a: NDArray[np.float64], b: NDArray[np.float64]) -> Any:
    return measure(a, b) if a.ndim == 2 else np.array([measure(*pair) for pair in zip(a, b, strict=True)])


def _graphs(truth: Any, guess: Any, *, diagonal: bool = False) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both as [n, n] or [B, n, n] of 0 and 1; their diagonals are 0 unless they are wanted."""
    first, second = read_matrix(truth, "truth"), read_matrix(guess, "guess")
    both = _same(first, second, "guess")
    for matrix, what in zip(both, ("truth", "guess"), strict=True):
        _check_entries(matrix, what)
    return both if diagonal else (_off_diagonal(both[0]), _off_diagonal(both[1]))


def _scores(
    truth: Any, scores: Any, what: str, *, many: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """The graph, finite numbers of its shape (or many of them), and how they were rounded."""
    first, second = read_matrix(truth, "truth"), read_matrix(scores, what, weight="weight")
    a, values = _same(first, second, what, many=many)
    _check_entries(a, "truth")
    if not np.all(np.isfinite(values)):
        raise ConfigError(f"{what}: must be finite numbers.")
    return _off_diagonal(a), values, second.rounding


def _same(truth: Matrix, guess: Matrix, what: str, *, many: bool = False) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both of one shape, [n, n] or [B, n, n]; the second may have one dimension more where it may be many."""
    a, b = (np.zeros((0, 0)) if matrix.shape == (0,) else matrix for matrix in (truth.values, guess.values))
    if a.ndim not in (2, 3) or a.shape[-2] != a.shape[-1]:
        raise ConfigError(f"truth has shape {list(a.shape)}: must be [n, n], or [B, n, n].")
    if b.shape != a.shape and not (many and b.ndim == a.ndim + 1 == 3 and b.shape[1:] == a.shape):
        raise ConfigError(f"The guess has shape {list(b.shape)}: must be that of the truth, {list(a.shape)}.")
    if truth.names is None and guess.names is None:
        return a, b
    return aligned(truth, guess, what)


def _check_entries(matrix: NDArray[np.float64], what: str) -> None:
    if not np.all((matrix == 0) | (matrix == 1)):
        raise ConfigError(f"{what} has other entries than 0 and 1.")


def _off_diagonal(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.eye(matrix.shape[-1], dtype=bool), 0.0, matrix)


def _whole(found: Any) -> Any:
    return int(found) if np.ndim(found) == 0 else np.asarray(found, dtype=np.int64)


def _number(found: Any) -> Any:
    return float(found) if np.ndim(found) == 0 else np.asarray(found, dtype=np.float64)
