"""Drawing of measured numbers into Axes: degrees, adjacency matrices, sortability and distances."""

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from .._pictures.short_names import plain_names
from .._pictures.style import BLUE, GREY, ON_DARK, ON_LIGHT, ORANGE, TICK, dress, percent
from .distances import Distance
from .summaries import Summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMALL = 0.005


def draw_degrees(axes: "Axes", found: Summary) -> None:
    """Bars of in- and out-degrees."""
    from matplotlib.ticker import MaxNLocator

    parents, children = seen_degrees(found.in_degrees, found.out_degrees)
    for offset, heights, label, colour in ((-0.2, parents, "parents", BLUE), (0.2, children, "children", ORANGE)):
        axes.bar(np.arange(len(heights)) + offset, heights, width=0.38, label=label, color=colour)
    axes.set_xlabel("parents or children of a node")
    axes.set_ylabel("share of nodes")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    percent(axes.yaxis)
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=TICK)
    dress(axes)


def seen_degrees(*laws: Sequence[float]) -> list[NDArray[np.float64]]:
    """Laws of degrees, equally long. Past the last degree that half a percent of the nodes have, there is nothing to see."""
    most = 1 + max(degree for shares in laws for degree, share in enumerate(shares) if share >= _SMALL or degree == 0)
    return [np.pad(shares, (0, max(0, most - len(shares))))[:most] for shares in laws]


KINDS = {"binary_nodes": "binary", "categorical_nodes": "categorical", "count_nodes": "count"}
"""The statistics of a summary that say what nodes' values are, and what they are called; other nodes are continuous."""


def draw_kinds(axes: "Axes", found: Summary) -> None:
    """A bar for each kind of values: the mean share of the nodes, and a line from the 0.05- to the 0.95-quantile over tasks."""
    laws = {name: found.statistics[key] for key, name in KINDS.items()}
    axes.bar("continuous", 1 - sum(law.mean for law in laws.values()), width=0.6, color=BLUE)
    for place, (name, law) in enumerate(laws.items(), start=1):
        axes.bar(name, law.mean, width=0.6, color=BLUE)
        axes.plot([place] * 2, [law.quantiles[0], law.quantiles[4]], color=ORANGE, linewidth=1.2)
    axes.set_ylabel("share of nodes")
    percent(axes.yaxis)
    axes.set_ylim(0, 1)
    dress(axes)


def draw_adjacency(axes: "Axes", matrix: Tensor) -> None:
    """Filled cells are edges; the others let the page through."""
    from matplotlib.colors import ListedColormap

    axes.imshow(matrix.cpu().numpy(), cmap=ListedColormap(["#00000000", BLUE]), vmin=0, vmax=1, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_linewidth(0.6)
    edges = int(matrix.sum())
    axes.set_title(f"{edges} {'edge' if edges == 1 else 'edges'}", fontsize=TICK, pad=2)


def draw_ladder(axes: "Axes", summaries: Mapping[str, Summary]) -> None:
    """Both sortabilities of each family, one family a rung."""
    for place, found in enumerate(summaries.values()):
        for offset, key, label, colour, marker in (
            (-0.14, "var_sortability", "by variance", BLUE, "o"),
            (0.14, "r2_sortability", "by R²", ORANGE, "s"),
        ):
            law = found.statistics[key]
            axes.plot([law.quantiles[0], law.quantiles[4]], [place + offset] * 2, color=colour, linewidth=1.2)
            axes.plot(law.mean, place + offset, marker, color=colour, markersize=4, label=None if place else label)
    axes.axvline(0.5, color=GREY, linewidth=0.8, linestyle="--", zorder=0)
    axes.set_yticks(range(len(summaries)), list(plain_names(summaries).values()))
    axes.set_ylim(len(summaries) - 0.5, -0.5)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    axes.set_xlabel("sortability (0.5: none)")
    axes.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=TICK)
    dress(axes)


def draw_matrix(axes: "Axes", names: list[str], metric: str, entries: Mapping[tuple[int, int], Distance]) -> None:
    """Entries of pairs i <= j; on the diagonal the 0.95-quantile of the null."""
    values = np.zeros((len(names), len(names)))
    for (i, j), entry in entries.items():
        values[i, j] = values[j, i] = entry.null_q95 if i == j else entry.value
    finite = values[np.isfinite(values)]
    top = max(float(finite.max(initial=0.0)), 1e-12)
    # One unit for all cells: four digits fit a cell where 0.00012 would not.
    power = min(0, 3 * math.floor(math.log10(top) / 3)) if top < 0.1 else 0
    axes.imshow(np.clip(values, 0, top), cmap="Blues", vmin=0, vmax=top)
    shown = list(plain_names(names).values())
    axes.set_xticks(range(len(names)), shown, rotation=35, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), shown)
    size = max(4.0, min(TICK, 34 / len(names)))
    for i, j in product(range(len(names)), repeat=2):
        value = float(values[i, j])
        entry = entries[min(i, j), max(i, j)]
        star = "*" if i != j and entry.p <= 0.01 else ""
        colour = ON_DARK if value > 0.55 * top else ON_LIGHT
        text = f"{_number(value / 10.0**power)}{star}"
        axes.text(j, i, text, ha="center", va="center", fontsize=size, color=colour, fontstyle="italic" if i == j else "normal")
    unit = f" (× $10^{{{power}}}$)" if power else ""
    axes.set_title(f"{metric}{unit}\n* p ≤ 0.01; diagonal: 95 % of chance", fontsize=TICK)
    axes.tick_params(labelsize=TICK, length=0)
    axes.spines[:].set_visible(False)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "∞"
    text = f"{value:.1f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) >= 1 else f"{value:.3f}"
    return text.lstrip("-") if float(text) == 0 else text
