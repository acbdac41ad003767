"""Graphs, probabilities and samples of graphs as arrays, from whatever holds them; checked."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._engine.errors import ConfigError
from .._engine.matrices import Matrix, aligned, read_matrix

Array = NDArray[np.float64]


def two_graphs(truth: Any, guess: Any, *, diagonal: bool = False) -> tuple[Array, Array]:
    """Both as [n, n] or [B, n, n] of 0 and 1; their diagonals are 0 unless they are wanted."""
    first, second = read_matrix(truth, "truth"), read_matrix(guess, "guess")
    both = _same(first, second, "guess")
    for matrix, what in zip(both, ("truth", "guess"), strict=True):
        check_entries(matrix, what)
    return both if diagonal else (off_diagonal(both[0]), off_diagonal(both[1]))


def graph_and_scores(
    truth: Any, scores: Any, what: str, *, many: bool = False, diagonal: bool = False
) -> tuple[Array, Array, float]:
    """The graph, finite numbers of its shape, and how they were rounded; with `many` they may have an axis of samples more.

    That axis stands before the last two: truth [n, n] and scores [s, n, n], or [B, n, n] and [B, s, n, n]. Diagonals are 0:
    what a network says of a node and itself means nothing, and is often -inf or NaN. With `diagonal` the graph keeps its own.
    """
    first, second = read_matrix(truth, "truth"), read_matrix(scores, what, weight="weight")
    a, values = _same(first, second, what, many=many)
    check_entries(a, "truth")
    values = off_diagonal(values)
    check_finite(values, what)
    return a if diagonal else off_diagonal(a), values, second.rounding


def graph_and_samples(truth: Any, samples: Any) -> tuple[Array, Array]:
    """The graph, [n, n] or [B, n, n], and graphs [s, n, n] or [B, s, n, n] of 0 and 1, whose diagonals are 0; one at least."""
    a, graphs, _ = graph_and_scores(truth, samples, "samples", many=True, diagonal=True)
    if graphs.ndim == a.ndim:
        raise ConfigError(f"samples has shape {list(graphs.shape)}: must have an axis of samples, [s, n, n] or [B, s, n, n].")
    check_samples(graphs)
    return a, graphs


def check_samples(graphs: Array, what: str = "samples") -> None:
    """ConfigError for no sample at all, and for other entries than 0 and 1."""
    if graphs.shape[-3] == 0:
        raise ConfigError(f"{what} has no sample: must have at least one.")
    check_entries(graphs, what)


def check_finite(values: Array, what: str) -> None:
    """ConfigError for infinities and NaN."""
    if not np.all(np.isfinite(values)):
        raise ConfigError(f"{_first(~np.isfinite(values), values, what)}: must be finite numbers.")


def check_entries(matrix: Array, what: str) -> None:
    """ConfigError for other entries than 0 and 1."""
    others = (matrix != 0) & (matrix != 1)
    if others.any():
        raise ConfigError(f"{_first(others, matrix, what)}: every entry must be 0 or 1.")


def off_diagonal(matrix: Array) -> Array:
    """The same with zeros on the diagonal."""
    return np.where(np.eye(matrix.shape[-1], dtype=bool), 0.0, matrix)


def each(measure: Callable[..., Any], a: Array, b: Array) -> Any:
    """The measure of one pair, or an array of those of many."""
    return measure(a, b) if a.ndim == 2 else np.array([measure(*pair) for pair in zip(a, b, strict=True)])


def number(found: Any) -> Any:
    """A float, or an array of them."""
    return float(found) if np.ndim(found) == 0 else np.asarray(found, dtype=np.float64)


def whole(found: Any) -> Any:
    """An int, or an array of them."""
    return int(found) if np.ndim(found) == 0 else np.asarray(found, dtype=np.int64)


def _first(wrong: NDArray[np.bool_], values: Array, what: str) -> str:
    """The first of the entries that are wrong, as `guess[0, 2] = 0.5`."""
    place = tuple(int(index) for index in np.argwhere(wrong)[0])
    return f"{what}[{', '.join(map(str, place))}] = {values[place]:g}"


def _same(truth: Matrix, guess: Matrix, what: str, *, many: bool = False) -> tuple[Array, Array]:
    """Both of one shape, [n, n] or [B, n, n]; the second may have an axis of samples more where it may be many."""
    a, b = (np.zeros((0, 0)) if matrix.shape == (0,) else matrix for matrix in (truth.values, guess.values))
    if a.ndim not in (2, 3) or a.shape[-2] != a.shape[-1]:
        raise ConfigError(f"truth has shape {list(a.shape)}: must be [n, n], or [B, n, n].")
    sampled = many and b.ndim == a.ndim + 1 and (*b.shape[:-3], *b.shape[-2:]) == a.shape
    if b.shape != a.shape and not sampled:
        raise ConfigError(f"The guess has shape {list(b.shape)}: must be that of the truth, {list(a.shape)}.")
    if truth.names is None and guess.names is None:
        return a, b
    return aligned(truth, guess, what)
