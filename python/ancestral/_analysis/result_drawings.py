"""Drawing of a network's results over the measured distances of families."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from .._pictures.short_names import plain_names
from .._pictures.style import BLUE, GREY, TICK, dress
from .distances import Distance
from .rank_correlations import RankCorrelation

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Interval(NamedTuple):
    """A number with its interval; the same thrice where it has none."""

    value: float
    low: float
    high: float


def draw_results(
    axes: "Axes",
    distances: Mapping[str, Distance],
    results: Mapping[str, Interval],
    correlation: RankCorrelation,
    labels: Sequence[str],
) -> None:
    """A numbered point for each family of `results`, its intervals as lines, and names below; `labels` are those of the axes.

    The grey part is within chance: below the 0.95-quantile of what random relabellings of the tasks give. What is infinitely
    far has no point; its name says so.
    """
    names = plain_names(results)
    chance = max((place.null_q95 for place in map(distances.__getitem__, results) if math.isfinite(place.null_q95)), default=0)
    for number, (name, found) in enumerate(results.items(), start=1):
        place = distances[name]
        if not math.isfinite(place.value):
            axes.plot([], [], linestyle="none", label=f"{number}  {names[name]}: ∞")
            continue
        axes.plot([place.low, place.high], [found.value] * 2, color=BLUE, linewidth=0.8, alpha=0.6)
        axes.plot([place.value] * 2, [found.low, found.high], color=BLUE, linewidth=0.8, alpha=0.6)
        label = f"{number}  {names[name]}"
        # A rim tells circles apart that lie upon each other.
        look: dict[str, Any] = {"color": BLUE, "markersize": 8, "markeredgecolor": "#ffffff", "markeredgewidth": 0.6}
        axes.plot(place.value, found.value, "o", **look, label=label, linestyle="none")
        axes.annotate(str(number), (place.value, found.value), color="#fefefe", fontsize=5.5, ha="center", va="center_baseline")
    left, _ = axes.get_xlim()
    axes.axvspan(left, chance, color=GREY, alpha=0.15, linewidth=0, zorder=0)
    axes.set_xlim(left=left)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    if not math.isnan(correlation.rho):
        axes.set_title(f"rank correlation {correlation.rho:.2f} ({correlation.low:.2f} to {correlation.high:.2f})")
    short = max(map(len, names.values())) <= 16
    axes.legend(
        frameon=False,
        fontsize=TICK,
        ncols=3 if short else 2,
        loc="upper center",
        bbox_to_anchor=(0.45, -0.2),
        handlelength=0,
        markerscale=0,
        handletextpad=0,
        columnspacing=1.5,
    )
    dress(axes)
