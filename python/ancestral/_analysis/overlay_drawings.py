"""Drawing of several families over each other, a line for each: degrees, edges, marginals, correlations and spectra."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .._pictures.short_names import plain_names
from .._pictures.style import BLUE, COLOURS, GREY, TICK, dress, percent
from .drawings import seen_degrees
from .shapes import BIN_EDGES, NORMAL_QUANTILES, Shapes
from .spectral import BIN_EDGES as EIGENVALUES
from .summaries import Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_STYLES = ("-", "--", "-.", ":")


def look(place: int) -> dict[str, Any]:
    """A family's line, which differs from those of nineteen others; the first is broad, to be seen below one that equals it."""
    return {
        "color": COLOURS[place % len(COLOURS)],
        "linestyle": _STYLES[place // len(COLOURS) % len(_STYLES)],
        "linewidth": 1.2 if place else 2.4,
    }


def draw_degree_lines(axes: "Axes", summaries: Mapping[str, Summary], of: str) -> None:
    """The share of nodes with each number of `of`, "parents" or "children"."""
    from matplotlib.ticker import MaxNLocator

    shares: Mapping[str, Sequence[float]] = {
        name: found.in_degrees if of == "parents" else found.out_degrees for name, found in summaries.items()
    }
    for place, (name, heights) in enumerate(zip(plain_names(shares).values(), seen_degrees(*shares.values()), strict=True)):
        axes.plot(range(len(heights)), heights, **look(place), marker="o", markersize=2.5, label=name)
    axes.set_xlabel(f"{of} of a node")
    axes.set_ylabel("share of nodes")
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    percent(axes.yaxis)
    dress(axes)


def draw_edge_counts(axes: "Axes", shapes: Mapping[str, Shapes]) -> None:
    """The share of tasks with at most so many edges a node."""
    names = plain_names(shapes)
    for place, (name, one) in enumerate(shapes.items()):
        values = one.edges_per_node
        heights = np.arange(1, len(values) + 1) / len(values)
        steps = np.append(values[0], values), np.append(0.0, heights)
        axes.step(*steps, where="post", **look(place), label=names[name])
    axes.set_xlabel("edges per node")
    axes.set_ylabel("share of tasks with at most so many")
    axes.set_ylim(0, 1.02)
    percent(axes.yaxis)
    dress(axes)


def draw_marginals(axes: "Axes", shapes: Mapping[str, Shapes]) -> None:
    """How far mean quantiles of scaled columns are from those of the normal law, which is the grey line."""
    axes.axhline(0, color=GREY, linewidth=0.8, zorder=0)
    names = plain_names(shapes)
    for place, (name, one) in enumerate(shapes.items()):
        if one.quantiles is not None:
            axes.plot(NORMAL_QUANTILES, one.quantiles - NORMAL_QUANTILES, **look(place), label=names[name])
    axes.set_xlabel("quantile of the normal law")
    axes.set_ylabel("quantile of a column - normal law's")
    dress(axes)


def draw_correlations(axes: "Axes", shapes: Mapping[str, Shapes]) -> None:
    """The share of pairs of variables with each absolute correlation, in bins."""
    names = plain_names(shapes)
    for place, (name, one) in enumerate(shapes.items()):
        if one.correlations is not None:
            axes.stairs(one.correlations, BIN_EDGES, **look(place), label=names[name])
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(bottom=0)
    percent(axes.yaxis)
    axes.set_xlabel("absolute correlation of two variables")
    axes.set_ylabel("share of pairs")
    dress(axes)


def draw_spectra(axes: "Axes", laws: Mapping[str, np.ndarray]) -> None:
    """Mean shares of eigenvalues in bins, filled where there is one family alone."""
    for place, (name, shares) in enumerate(zip(plain_names(laws).values(), laws.values(), strict=True)):
        if len(laws) == 1:
            axes.stairs(shares, EIGENVALUES, color=BLUE, alpha=0.3, fill=True)
        axes.stairs(shares, EIGENVALUES, **look(place), label=name)
    axes.set_xlim(-0.05, 2.05)
    axes.set_ylim(bottom=0)
    axes.set_xticks([0, 0.5, 1, 1.5, 2], ["0", "0.5", "1", "1.5", "2"])
    percent(axes.yaxis)
    axes.set_xlabel("eigenvalue of the skeleton's normalised Laplacian")
    axes.set_ylabel("share of eigenvalues")
    dress(axes)
    name_lines(axes, len(laws))


def lines_height(count: int) -> float:
    """The height in inches of a picture with the names of so many lines above it."""
    return 2.0 if count < 2 else 2.0 + 0.15 * ((count + 1) // 2)


def name_lines(axes: "Axes", count: int) -> None:
    """The names of lines above them, where there are several."""
    if count > 1:
        axes.legend(frameon=False, fontsize=TICK, loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2)
