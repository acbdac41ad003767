"""Drawing of what a design does: shares of rows and pairs, and sizes of effects in standard deviations."""

from typing import TYPE_CHECKING

from .._pictures.style import BLUE, ORANGE, TICK, dress
from .design_summaries import DesignSummary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHARES = {
    "observational_share": "observational rows",
    "missing_cells": "missing cells",
    "censored_cells": "censored cells",
    "rounded_cells": "rounded cells",
    "kept_share": "kept rows",
    "treated_share": "treated rows",
    "least_propensity": "least propensity",
    "confounded_pairs": "confounded pairs",
    "known_pairs": "known pairs",
}
_SIZES = {
    "target_shift": "shift of targets",
    "descendant_shift": "shift of descendants",
    "average_effect": "average effect",
    "dose_range": "range of mean outcomes",
    "effect_spread": "spread of effects",
    "confounding_bias": "confounding bias",
}
DESIGN_STATISTICS = {**_SHARES, **_SIZES}
"""The statistics that are drawn, and what they are called."""


def draw_design(axes: "Axes", found: DesignSummary) -> None:
    """A rung for each statistic: the mean, and a line from the 0.05- to the 0.95-quantile over tasks."""
    names = [name for name in DESIGN_STATISTICS if name in found.statistics]
    for place, name in enumerate(names):
        law = found.statistics[name]
        label, colour, marker = ("share", BLUE, "o") if name in _SHARES else ("standard deviations", ORANGE, "s")
        first = all((name in _SHARES) != (other in _SHARES) for other in names[:place])
        axes.plot([law.quantiles[0], law.quantiles[4]], [place] * 2, color=colour, linewidth=1.2)
        axes.plot(law.mean, place, marker, color=colour, markersize=4, label=label if first else None)
    axes.set_yticks(range(len(names)), [DESIGN_STATISTICS[name] for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(left=min(0, axes.get_xlim()[0]))
    axes.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=TICK)
    dress(axes)
