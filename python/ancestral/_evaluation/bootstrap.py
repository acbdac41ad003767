"""Means over tasks with bootstrap intervals, from resamples of tasks that all measures of a family share."""

from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from .given_graphs import Array

_CELLS_AT_ONCE = 1 << 22


class Estimate(NamedTuple):
    """A mean over tasks, and the central 95 % of its bootstrap samples (Efron, Annals of Statistics 7, 1979)."""

    mean: float
    low: float
    high: float


class Resamples:
    """Resamples of `n_tasks` tasks with replacement; the same for the same seed and name."""

    def __init__(self, n_tasks: int, count: int, seed: int, name: str) -> None:
        self._n_tasks, self._count = n_tasks, count
        self._entropy = [seed, crc32(name.encode("utf-8", "surrogatepass"))]

    def weights(self) -> Iterator[Array]:
        """How often each task is in each of some resamples, float64 [some, n_tasks], until there are `count`."""
        rng = np.random.default_rng(self._entropy)
        step = max(1, _CELLS_AT_ONCE // max(1, self._n_tasks))
        for first in range(0, self._count, step):
            some = min(step, self._count - first)
            places = rng.integers(self._n_tasks, size=(some, self._n_tasks)) + self._n_tasks * np.arange(some)[:, None]
            yield np.bincount(places.ravel(), minlength=some * self._n_tasks).reshape(some, -1).astype(np.float64)

    def means(self, values: Array) -> Array:
        """The mean of each resample, [count]; tasks whose value is NaN are left out, and without any it is NaN."""
        known = ~np.isnan(values)
        above, below = np.isposinf(values), np.isneginf(values)
        plain = np.where(np.isfinite(values), values, 0.0)
        parts: list[Array] = []
        for weights in self.weights():
            n = weights @ known
            found = np.where(n > 0, weights @ plain / np.maximum(n, 1), np.nan)
            up, down = weights @ above > 0, weights @ below > 0
            parts.append(np.select([up & down, up, down], [np.nan, np.inf, -np.inf], found))
        return np.concatenate(parts)

    def sums(self, values: Array) -> Array:
        """The sum over each resample of values [n_tasks, ...], [count, ...]."""
        flat = values.reshape(len(values), -1)
        return np.concatenate([weights @ flat for weights in self.weights()]).reshape(self._count, *values.shape[1:])


def mean(values: Array) -> float:
    """The mean of those that aren't NaN; NaN without any."""
    known = values[~np.isnan(values)]
    with np.errstate(invalid="ignore"):  # Of infinities of both signs.
        return float(known.mean()) if len(known) else float("nan")


def estimate(value: float, draws: NDArray[np.float64]) -> Estimate:
    """A value with the interval of its bootstrap samples, of which NaN are left out."""
    known = draws[~np.isnan(draws)]
    if len(known) == 0:
        return Estimate(value, float("nan"), float("nan"))
    # Quantiles between two draws would be NaN between infinite ones.
    low, high = np.quantile(known, [0.025, 0.975], method="inverted_cdf")
    return Estimate(value, float(low), float(high))
