"""Calibration: how often edges are there that were given a probability."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._analysis.shown import finite, finite_parts
from .._engine.checks import whole_number
from .._engine.errors import ConfigError
from .given_graphs import Array, graph_and_scores, number

_MOST_BINS = 10_000


@dataclass(frozen=True, eq=False)
class Reliability:
    """Edges in bins of equal width by the probability that they were given; of bins without an edge there is NaN."""

    edges: Array
    """float64 [bins + 1], from 0 to 1; a probability at an inner edge belongs to the bin above."""
    counts: NDArray[np.int64]
    """int64 [bins]: ordered pairs of different nodes in each bin."""
    probabilities: Array
    """float64 [bins]: the mean probability."""
    frequencies: Array
    """float64 [bins]: the share that are edges."""
    brier: float
    """The mean square of probability minus truth, over all pairs."""

    @property
    def expected_calibration_error(self) -> float:
        """The mean over pairs of |frequency - probability| of their bin; NaN without pairs.

        Source: Naeini, Cooper, Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
        """
        total = self.counts.sum()
        gaps = np.abs(self.frequencies - self.probabilities)[self.counts > 0]
        return float(self.counts[self.counts > 0] @ gaps / total) if total else float("nan")

    def to_dict(self) -> Mapping[str, Any]:
        """The form that JSON takes; NaN is None."""
        lists = {
            name: [finite(value) for value in getattr(self, name).tolist()]
            for name in ("edges", "counts", "probabilities", "frequencies")
        }
        return {**lists, **finite_parts({"brier": self.brier, "expected_calibration_error": self.expected_calibration_error})}


def reliability(truth: Any, probabilities: Any, *, bins: int = 10) -> Reliability:
    """Calibration of edge probabilities, over all ordered pairs of nodes of one graph [n, n], or of many [B, n, n].

        found = evaluation.reliability(adjacency, network(X).sigmoid())
        print(found.expected_calibration_error, found.brier)

    Raises ConfigError for other shapes, and for probabilities outside [0, 1]. Source: DeGroot and Fienberg, "The comparison and
    evaluation of forecasters", The Statistician 32 (1983).
    """
    count = whole_number(bins, "bins", 1, _MOST_BINS)
    return of_sums(bin_sums(*_pairs(truth, probabilities), count))


def brier(truth: Any, probabilities: Any) -> Any:
    """The mean square of probability minus truth over ordered pairs of nodes, a float; an array [B] for graphs [B, n, n].

    0 is best, and 0 without pairs. Raises ConfigError for other shapes, and for probabilities outside [0, 1]. Source: Brier,
    "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950).
    """
    a, p = _pairs(truth, probabilities)
    return number(((p - a) ** 2).sum(axis=-1) / max(a.shape[-1], 1))


def bin_sums(a: Array, p: Array, bins: int) -> Array:
    """Sums over pairs, float64 [4, bins]: their number, their probabilities, their edges, and their squared errors."""
    a, p = a.ravel(), p.ravel()
    place = np.minimum(np.searchsorted(_edges(bins), p, side="right") - 1, bins - 1)
    return np.array([np.bincount(place, weights, bins) for weights in (np.ones_like(p), p, a, (p - a) ** 2)], dtype=np.float64)


def of_sums(sums: Array) -> Reliability:
    """The reliability of what `bin_sums` gave, or of sums of these."""
    counts, p, a, squares = sums
    bins = len(counts)
    least = np.where(counts > 0, counts, np.nan)
    total = counts.sum()
    mean = float(squares.sum() / total) if total else float("nan")
    return Reliability(_edges(bins), counts.astype(np.int64), p / least, a / least, mean)


def _edges(bins: int) -> Array:
    return np.arange(bins + 1) / bins  # Not by linspace, whose 3 / 10 is above 0.3.


def calibration_errors(sums: Array) -> Array:
    """The expected calibration error of each of many sums, [..., 4, bins]; NaN without pairs."""
    counts, p, a, _ = np.moveaxis(sums, -2, 0)
    total = counts.sum(axis=-1)
    return np.where(total > 0, np.abs(a - p).sum(axis=-1) / np.maximum(total, 1), np.nan)


def _pairs(truth: Any, probabilities: Any) -> tuple[Array, Array]:
    """Truth and probability of all ordered pairs of different nodes, [n (n - 1)] or [B, n (n - 1)]."""
    a, p, rounding = graph_and_scores(truth, probabilities, "probabilities")
    pairs = ~np.eye(a.shape[-1], dtype=bool)
    a, p = a[..., pairs], p[..., pairs]
    if not np.all((p >= 0) & (p <= 1 + 2 * rounding)):
        raise ConfigError("probabilities: must be from 0 to 1, as a sigmoid of logits is.")
    return a, np.minimum(p, 1.0)
