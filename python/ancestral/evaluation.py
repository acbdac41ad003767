"""How good a predicted graph is. A[i, j] == 1 means i -> j, everywhere; only pairs of different nodes count.

`auroc` and `average_precision` need scikit-learn, `sid` and `aid` need gadjid: both come with the extra `eval`.
"""

import importlib
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._checks import check_graph
from ._errors import ConfigError
from ._graphs import cpdag


class AdjustmentDistance(NamedTuple):
    """How many ordered pairs of nodes get a wrong causal effect when the guess tells what to adjust for."""

    normalized: float
    """`mistakes` over n (n - 1)."""
    mistakes: int


def shd(truth: Any, guess: Any, *, double_for_anticausal: bool = False) -> int:
    """Structural Hamming distance of graphs [n, n] with entries 0 and 1: unordered pairs whose state differs.

    A reversed edge counts once, or twice with `double_for_anticausal`, as some packages do. An edge in both directions is an
    undirected one. Raises ConfigError for other shapes or entries. Source: Tsamardinos, Brown, Aliferis, "The max-min
    hill-climbing Bayesian network structure learning algorithm", Machine Learning 65 (2006).
    """
    a, b = _matrix(truth, "truth"), _same(_matrix(guess, "guess"), truth)
    differs = a != b
    pairs = differs | differs.T
    return int(np.count_nonzero(differs) if double_for_anticausal else np.count_nonzero(np.triu(pairs, 1)))


def cpdag_shd(truth: Any, guess: Any) -> int:
    """The structural Hamming distance of the Markov equivalence classes of two DAGs [n, n]; see `cpdag`.

    Raises ConfigError for a graph with a cycle, another shape or other entries than 0 and 1.
    """
    return shd(cpdag(truth), cpdag(guess))


def expected_shd(truth: Any, probabilities: Any) -> float:
    """The mean structural Hamming distance of graphs whose pairs are independent: i -> j with probability P[i, j], [n, n].

    P[i, j] + P[j, i] must be at most 1, else ConfigError. With samples [s, n, n] of 0 and 1 it is the mean over them.
    """
    a, given = _matrix(truth, "truth"), np.asarray(probabilities, dtype=np.float64)
    if given.ndim == 3:
        return float(np.mean([shd(a, given[index]) for index in range(len(given))]))
    p = _off_diagonal(_same(given, truth))
    back = np.transpose(p)
    if not np.all((p >= 0) & (p + back <= 1 + 1e-6)):
        raise ConfigError("probabilities: must be at least 0, and those of both directions of a pair at most 1 together.")
    right = np.where(a == 1, p, np.where(np.transpose(a) == 1, back, 1 - p - back))
    return float(np.triu(1 - right, 1).sum())


def f1(truth: Any, guess: Any) -> float:
    """The harmonic mean of precision and recall over directed edges of graphs [n, n]; 1 where neither graph has any.

    Raises ConfigError for other shapes or entries than 0 and 1.
    """
    a, b = _matrix(truth, "truth"), _same(_matrix(guess, "guess"), truth)
    found = a.sum() + b.sum()
    return 1.0 if found == 0 else float(2 * (a * b).sum() / found)


def auroc(truth: Any, scores: Any) -> float:
    """Area under the ROC curve of scores [n, n], higher where i -> j is likelier; NaN where the truth has no edge, or all.

    Needs the extra `eval`. Raises ConfigError for other shapes, or scores that are not finite.
    """
    labels, values = _labels(truth, scores)
    if labels.min() == labels.max():
        return float("nan")
    return float(_package("sklearn.metrics").roc_auc_score(labels, values))


def average_precision(truth: Any, scores: Any) -> float:
    """Average precision of scores [n, n], higher where i -> j is likelier; NaN where the truth has no edge, or all.

    Needs the extra `eval`. Raises ConfigError for other shapes, or scores that are not finite.
    """
    labels, values = _labels(truth, scores)
    if labels.min() == labels.max():
        return float("nan")
    return float(_package("sklearn.metrics").average_precision_score(labels, values))


def sid(truth: Any, guess: Any) -> AdjustmentDistance:
    """Structural intervention distance of two DAGs [n, n], by gadjid, which comes with the extra `eval`.

    Raises ConfigError for anything but DAGs of one size. Source: Peters and Bühlmann, Neural Computation 27 (2015).
    """
    return AdjustmentDistance(*_package("gadjid").sid(*_dags(truth, guess), edge_direction="from row to column"))


def aid(truth: Any, guess: Any, kind: Literal["ancestor", "oset", "parent"] = "ancestor") -> AdjustmentDistance:
    """Adjustment identification distance of two DAGs [n, n], by gadjid, which comes with the extra `eval`.

    `kind` says what the guess is used to adjust for: ancestors, the optimal set or parents. Raises ConfigError for another
    kind, and for anything but DAGs of one size. Source: Henckel, Würtzen, Weichwald, UAI 2024.
    """
    kinds = ("ancestor", "oset", "parent")
    if kind not in kinds:
        raise ConfigError(f"kind = {kind!r}: must be one of {', '.join(kinds)}.")
    measure = getattr(_package("gadjid"), f"{kind}_aid")
    return AdjustmentDistance(*measure(*_dags(truth, guess), edge_direction="from row to column"))


def _package(name: str) -> Any:
    """A module of the extra `eval`. ImportError that names the extra where it is missing."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(f"{name} is not installed: pip install 'ancestral[eval]'.") from error


def _dags(truth: Any, guess: Any) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    graphs = check_graph(truth, "truth"), check_graph(guess, "guess", len(check_graph(truth, "truth")))
    first, second = (np.asarray(graph.tolist(), dtype=np.int8) for graph in graphs)
    return first, second


def _matrix(graph: Any, what: str) -> NDArray[np.float64]:
    found = np.asarray(graph, dtype=np.float64)
    if found.ndim != 2 or found.shape[0] != found.shape[1]:
        raise ConfigError(f"{what} has shape {list(found.shape)}: must be [n, n].")
    if not np.all((found == 0) | (found == 1)):
        raise ConfigError(f"{what} has other entries than 0 and 1.")
    return _off_diagonal(found)


def _off_diagonal(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return matrix * (1 - np.eye(len(matrix)))


def _same(found: NDArray[np.float64], truth: Any) -> NDArray[np.float64]:
    expected = list(np.asarray(truth).shape)
    if list(found.shape) != expected:
        raise ConfigError(f"The guess has shape {list(found.shape)}: must be that of the truth, {expected}.")
    return found


def _labels(truth: Any, scores: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, values = _matrix(truth, "truth"), _same(np.asarray(scores, dtype=np.float64), truth)
    if not np.all(np.isfinite(values)):
        raise ConfigError("scores: must be finite numbers.")
    different = ~np.eye(len(a), dtype=bool)
    return a[different], values[different]
