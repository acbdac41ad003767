"""The precision-recall curve of all pairs of a family together."""

from typing import NamedTuple

import numpy as np

from .given_graphs import Array

_MOST_POINTS = 400


class PrecisionRecall(NamedTuple):
    """Precision over recall while a threshold falls, over all ordered pairs of all tasks together."""

    recall: Array
    """float64 [points], not falling, from 0 to 1."""
    precision: Array
    """float64 [points]."""
    base_rate: float
    """The share of pairs that are edges, which is the precision of chance; NaN without pairs."""


def precision_recall(labels: Array, scores: Array) -> PrecisionRecall:
    """The curve, thinned to a few hundred points; empty where nothing is an edge. Equal scores are one threshold."""
    total = labels.sum()
    rate = float(labels.mean()) if len(labels) else float("nan")
    if not total:
        return PrecisionRecall(np.zeros(0), np.zeros(0), rate)
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(labels[order])
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    recall, precision = found[ends] / total, found[ends] / (ends + 1)
    kept = np.arange(len(recall))
    if len(recall) > _MOST_POINTS:
        kept = np.unique(np.searchsorted(recall, np.linspace(0, 1, _MOST_POINTS)).clip(max=len(recall) - 1))
    return PrecisionRecall(np.append(0.0, recall[kept]), np.append(precision[0], precision[kept]), rate)
