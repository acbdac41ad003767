"""The style of all pictures: colours, sizes and figures. matplotlib is imported only where a figure is made."""

import contextlib
import sys
from collections.abc import Generator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

from .._engine.errors import ConfigError
from .._engine.extras import package

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

COLUMN, PAGE = 3.35, 7.0
"""Widths of a paper's column and of its page, in inches."""

# Okabe and Ito's colours, which colour-blind readers tell apart. Sky blue and yellow are too faint for lines on white.
BLUE, ORANGE, GREEN, PURPLE, RED = "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, RED)
GREY = "#808080"
"""As far from white as from a dark page."""

TINT = "#FFD27F"
"""A light orange, for what is marked among what is white."""

# A page in dark mode exchanges pure black and white; writing on a coloured cell keeps these.
ON_LIGHT, ON_DARK = "#010101", "#fefefe"

LABEL, TICK = 8, 7
"""Font sizes, in points."""

_FILES_ONLY = ("agg", "cairo", "pdf", "pgf", "ps", "svg", "template")
_unseen: ContextVar[bool] = ContextVar("unseen", default=False)


def new_figure(width: float, height: float) -> "Figure":
    """A figure of this size in inches, which a notebook shows at the end of its cell.

    pyplot has to know it for that. Where nothing would ever show it, as in a script on a server, pyplot would only keep it
    alive.
    """
    mpl = package("matplotlib", "plot")
    from matplotlib.figure import Figure

    settings: dict[str, Any] = {"figsize": (width, height), "layout": "constrained"}
    if _unseen.get() or not _shows():
        return Figure(**settings)
    from matplotlib import pyplot

    # A cell may draw as many as it likes, as a notebook closes them after it has shown them.
    most = 0 if "inline" in mpl.get_backend().lower() else mpl.rcParams["figure.max_open_warning"]
    with mpl.rc_context({"figure.max_open_warning": most}):
        return pyplot.figure(**settings)


@contextlib.contextmanager
def unseen() -> Generator[None]:
    """Figures that are made inside go to a file or a logger, and not to the notebook that we are called from."""
    before = _unseen.set(True)
    try:
        yield
    finally:
        _unseen.reset(before)


def _shows() -> bool:
    """True if matplotlib's backend has a place to show figures at: a notebook, or windows."""
    import matplotlib as mpl

    # Before any figure, a script's backend is a list of candidates, which `dict.__getitem__` doesn't try one after the other.
    chosen = cast(object, dict.__getitem__(cast("dict[str, Any]", mpl.rcParams), "backend"))
    if not isinstance(chosen, str):
        if "matplotlib.pyplot" not in sys.modules:
            return False
        chosen = mpl.get_backend()
    return str(chosen).lower() not in _FILES_ONLY


def one_axes(ax: Any, height: float, width: float = COLUMN) -> "Axes":
    """The caller's Axes, or those of a new figure of this size in inches. ConfigError for what is none."""
    if ax is None:
        return new_figure(width, height).add_subplot()
    return check_axes(ax)


def check_axes(ax: Any) -> "Axes":
    """The Axes themselves; ConfigError for anything else, such as a list of them or a figure."""
    package("matplotlib", "plot")
    from matplotlib.axes import Axes

    if not isinstance(ax, Axes):
        raise ConfigError(f"ax is, or holds, something of type {type(ax).__name__}: must be Axes of matplotlib, or None.")
    return ax


def dress(axes: "Axes") -> None:
    """Letters of a paper's size, and no box around the data."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=TICK)
    for axis in (axes.xaxis, axes.yaxis):
        axis.label.set_fontsize(LABEL)
    axes.title.set_fontsize(LABEL)


def percent(axis: "Axis") -> None:
    """Shares on an axis as percent, with as many digits as a tick has: 17.5 % is not 18 %."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(_percent))


def _percent(share: float, _: object = None) -> str:
    return f"{100 * share:.3g}%"
