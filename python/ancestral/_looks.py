"""What all pictures share. matplotlib is imported only where a figure is made; pyplot keeps none alive."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMN = 3.35
"""Width of a paper's column, in inches."""

# Okabe and Ito's colours, which colour-blind readers tell apart. Sky blue and yellow are too faint for lines on white.
BLUE, ORANGE, GREEN, PURPLE, RED = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, RED)
GREY = "#808080"
"""As far from white as from a dark page."""

# A page in dark mode exchanges pure black and white; writing on a coloured cell keeps these.
ON_LIGHT, ON_DARK = "#010101", "#fefefe"

LABEL, TICK = 8, 7
"""Font sizes, in points."""


def one_axes(ax: Any, height: float, width: float = COLUMN) -> "Axes":
    """The caller's Axes, or those of a new figure of this size in inches."""
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained").add_subplot()


def dress(axes: "Axes") -> None:
    """Letters of a paper's size, and no box around the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=TICK)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_fontsize(LABEL)
    axes.title.set_fontsize(LABEL)
