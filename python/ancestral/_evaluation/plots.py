"""Pictures of evaluations, ready for a paper: calibration, precision and recall, and error over distance.

matplotlib is imported only when one is drawn. A notebook shows each that is made in it; a script shows none.
"""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .._analysis.distances import Distance, DistanceReport
from .._analysis.overlay_drawings import look, name_lines
from .._analysis.rank_correlations import RankCorrelation, rank_correlation
from .._analysis.result_drawings import Interval, draw_results
from .._engine.errors import ConfigError
from .._pictures.short_names import plain_names
from .._pictures.style import GREY, dress, one_axes
from .curves import PrecisionRecall
from .reliability import Reliability
from .results import Evaluation
from .task_measures import MEASURES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
else:
    Axes = Any  # For `typing.get_type_hints`, without matplotlib.


def reliability_diagram(found: Evaluation | Reliability, ax: Any = None) -> "Axes":
    """How often edges are there over the probability that they were given, one line for each family; returns the Axes.

    On the diagonal a network is calibrated; below it, it is too sure of edges. Lines have a point for each bin with an edge
    probability in it, whose size grows with the share of pairs in it. `found` is what `evaluate` or `reliability` gave.
    """
    several = (
        {"": found}
        if isinstance(found, Reliability)
        else {name: one.network.reliability for name, one in _evaluation(found).items() if one.network.reliability is not None}
    )
    axes = one_axes(ax, 3.0)
    names = plain_names(several)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle="--", zorder=0)
    for place, (name, one) in enumerate(several.items()):
        line = look(place)
        kept = one.counts > 0
        axes.plot(one.probabilities[kept], one.frequencies[kept], **line, label=names[name])
        sizes = 4 + 40 * np.sqrt(one.counts[kept] / one.counts.sum())
        axes.scatter(one.probabilities[kept], one.frequencies[kept], s=sizes, color=line["color"], linewidths=0)
    return _framed(axes, "probability given to an edge", "share that are edges", len(several))


def precision_recall_curve(found: Evaluation, ax: Any = None) -> "Axes":
    """Precision over recall of all pairs of a family's tasks together, one line for each family; returns the Axes.

    The dotted lines are the precision of chance: the share of pairs that are edges.
    """
    names = plain_names(_evaluation(found))
    axes = one_axes(ax, 3.0)
    for place, (name, one) in enumerate(found.items()):
        line = look(place)
        curve: PrecisionRecall = one.network.precision_recall
        axes.plot(curve.recall, curve.precision, **line, label=names[name])
        if not math.isnan(curve.base_rate):
            axes.axhline(curve.base_rate, color=line["color"], linewidth=0.6, linestyle=(0, (1, 3)), zorder=0)
    return _framed(axes, "recall", "precision", len(found))


def ood_curve(
    found: Evaluation,
    distances: Mapping[str, DistanceReport],
    ax: Any = None,
    *,
    measure: str = "auroc",
    metric: str = "data_energy",
) -> "Axes":
    """A network's error on each family over the family's distance from training, with their rank correlation.

        evaluation.ood_curve(evaluation.evaluate(network, data), data.distances())

    `distances` are reports by the names of families, as `DataModule.distances` gives them; families without one are left out.
    The error is 1 minus a `measure` of which more is better (minus it for "log_probability"), or the measure itself. Lines are
    95 % intervals; the grey part is within chance. `ood_correlation` gives the numbers of the title. Returns the Axes. Raises
    ConfigError for an unknown measure or metric, where no family has a distance, and where none that has one has a mean.
    """
    places, errors, correlation = _over_distance(found, distances, measure, metric)
    axes = one_axes(ax, 3.4)
    draw_results(axes, places, errors, correlation, (f"distance from training, {metric}", MEASURES[measure].error_title))
    return axes


def ood_correlation(
    found: Evaluation,
    distances: Mapping[str, DistanceReport],
    *,
    measure: str = "auroc",
    metric: str = "data_energy",
) -> RankCorrelation:
    """Spearman's rank correlation of families' distances with a network's errors on them; see `ood_curve`.

    The interval is the central 95 % over bootstrap samples of families, each with a bootstrap sample of its tasks; distances
    are taken as they are. With few families it is wide, as it should be.
    """
    return _over_distance(found, distances, measure, metric)[2]


def _evaluation(found: Any) -> Evaluation:
    if not isinstance(found, Evaluation):
        raise ConfigError(f"found is of type {type(found).__name__}: must be an Evaluation, which `evaluate` gives.")
    return found


def _framed(axes: "Axes", across: str, up: str, count: int) -> "Axes":
    """Shares on both axes, and `count` lines with names."""
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel=across, ylabel=up)
    dress(axes)
    name_lines(axes, count)
    return axes


def _over_distance(
    found: Evaluation, distances: Mapping[str, DistanceReport], measure: str, metric: str
) -> tuple[dict[str, Distance], dict[str, Interval], RankCorrelation]:
    if not isinstance(distances, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigError(f"distances is of type {type(distances).__name__}: must map names of families to DistanceReports.")
    names = [name for name in _evaluation(found) if name in distances]
    if not names:
        raise ConfigError(
            f"distances has the names {', '.join(map(str, distances))}: must be those of families that were evaluated."
        )
    if measure not in found.measures:
        raise ConfigError(f"measure = {measure!r}: must be one of {', '.join(found.measures)}.")
    names = [name for name in names if math.isfinite(found[name][measure].mean)]
    if not names:
        raise ConfigError(f"measure = {measure!r}: must be one with a finite mean on some family that has a distance.")
    for name in names:
        if metric not in distances[name]:
            raise ConfigError(f"metric = {metric!r}: must be one of {', '.join(distances[name])}.")
    of = MEASURES[measure]
    places = {name: distances[name][metric] for name in names}
    ends = {name: [of.error(value) for value in found[name][measure]] for name in names}
    errors = {name: Interval(value, min(low, high), max(low, high)) for name, (value, low, high) in ends.items()}
    draws = np.stack([of.error(found[name].network.draws[measure]) for name in names])
    correlation = rank_correlation([place.value for place in places.values()], [one.value for one in errors.values()], draws)
    return places, errors, correlation
