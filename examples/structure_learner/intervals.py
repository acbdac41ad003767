"""Means over test tasks, and how far another draw of tasks could have moved them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_DRAWS = 4000


class Interval(NamedTuple):
    """A mean, and the percentiles of 95 % around it."""

    mean: float
    low: float
    high: float


def bootstrap(values: NDArray[np.float64], seed: int) -> Interval:
    """The mean of a value for each task, tasks with NaN left out, and its percentile bootstrap over tasks.

    The difference of two estimators on the same tasks is given as one array of differences, so that it is paired. NaN without
    a task. Efron, Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
    """
    kept = values[~np.isnan(values)]
    if not len(kept):
        return Interval(np.nan, np.nan, np.nan)
    drawn = np.random.default_rng(seed).integers(len(kept), size=(_DRAWS, len(kept)))
    low, high = np.quantile(kept[drawn].mean(axis=1), (0.025, 0.975))
    return Interval(float(kept.mean()), float(low), float(high))
