"""Measures of how edges are ranked: the areas under the ROC and the precision-recall curve."""

from typing import Any

import numpy as np

from .._engine.extras import package
from .given_graphs import Array, each, graph_and_scores


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


def _ranked(measure: str, truth: Any, scores: Any) -> Any:
    a, values, _ = graph_and_scores(truth, scores, "scores")
    score = getattr(package("sklearn.metrics", "eval"), measure)
    different = ~np.eye(a.shape[-1], dtype=bool)

    def one(labels: Array, ranks: Array) -> float:
        labels, ranks = labels[different], ranks[different]
        return float(score(labels, ranks)) if 0 < labels.sum() < len(labels) else float("nan")

    return each(one, a, values)
