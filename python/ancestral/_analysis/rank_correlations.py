"""RankCorrelation: Spearman's, of the families' distances with what a network makes of them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_PERMUTATIONS = 9999


class RankCorrelation(NamedTuple):
    """Whether two numbers of families rise together; NaN for fewer than three families, and where one never changes."""

    rho: float
    """Spearman's rank correlation, from -1 to 1 (Spearman, American Journal of Psychology 15, 1904)."""
    low: float
    """The central 95 % over bootstrap samples of families, each with a bootstrap sample of its tasks."""
    high: float
    p: float
    """Two-sided, over random permutations of the families."""
    n_families: int

    def __str__(self) -> str:
        return (
            f"rank correlation {self.rho:.2f} ({self.low:.2f} to {self.high:.2f}), p {self.p:.2g}, {self.n_families} families"
        )


def rank_correlation(x: Sequence[float], y: Sequence[float], draws: Any = None, *, seed: int = 0) -> RankCorrelation:
    """Spearman's correlation of two numbers of each family.

    `draws`, [families, resamples], are bootstrap samples of `y` within the families; None takes `y` as certain. Samples with
    NaN, where a resample of a family's tasks says nothing, are left out of the interval. `x` is taken as certain. Families are
    drawn anew in each bootstrap sample, as it is over families that one generalises.
    """
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    n = len(first)
    rho = float(spearman(first, second)) if n > 2 else float("nan")
    if np.isnan(rho):
        return RankCorrelation(rho, rho, rho, rho, n)
    inner = np.repeat(second[:, None], 1000, axis=1) if draws is None else np.asarray(draws, dtype=np.float64)
    rng = np.random.default_rng(seed)
    chosen = rng.integers(n, size=(inner.shape[1], n))
    found = spearman(first[chosen], inner[chosen, np.arange(len(chosen))[:, None]])
    known = found[~np.isnan(found)]
    low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (np.nan, np.nan)
    orders = np.argsort(rng.random((_PERMUTATIONS, n)), axis=1)
    further = np.abs(_correlation(_ranks(first), _ranks(second)[orders])) >= abs(rho) - 1e-12
    return RankCorrelation(rho, float(low), float(high), (1 + int(further.sum())) / (1 + _PERMUTATIONS), n)


def spearman(x: Array, y: Array) -> Array:
    """Pearson's correlation of the ranks along the last axis; NaN where all are equal, or one is NaN."""
    return _correlation(_ranks(x), _ranks(y))


def _correlation(a: Array, b: Array) -> Array:
    a, b = a - a.mean(axis=-1, keepdims=True), b - b.mean(axis=-1, keepdims=True)
    scale = np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1))
    return np.where(scale > 0, (a * b).sum(axis=-1) / np.where(scale > 0, scale, 1), np.nan)


def _ranks(values: Array) -> Array:
    """Ranks from 1; equal values share the mean of theirs. What is NaN has none."""
    below = (values[..., :, None] > values[..., None, :]).sum(axis=-1)
    equal = (values[..., :, None] == values[..., None, :]).sum(axis=-1)
    return np.where(np.isnan(values), np.nan, below + (equal + 1) / 2)
