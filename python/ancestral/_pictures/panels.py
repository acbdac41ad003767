"""Panels of a task's picture: what those of mechanisms and those of two worlds share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch import Tensor

from .style import TICK, dress

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Panels: TypeAlias = "tuple[list[Callable[[Axes], None]], Callable[[int], str]]"
"""What draws each panel, and what a title says of those for which there is no room: a line of its own, or nothing."""


def name_axes(ax: "Axes", across: int, up: int) -> None:
    """The axes by two nodes' names, in the style of a small panel."""
    ax.set_xlabel(f"$X_{{{across}}}$", labelpad=1)
    ax.set_ylabel(f"$X_{{{up}}}$", labelpad=1)
    dress(ax)
    ax.tick_params(labelsize=TICK - 1, length=2, pad=2)
    ax.locator_params(axis="y", nbins=4)
    ax.locator_params(axis="x", nbins=3)  # Whose labels stand side by side.


def spread(count: int, width: float, step: float = 0.6180339887) -> Tensor:
    """`count` numbers between -width and width, [count], that fill the interval evenly however many there are: so rows of one
    class are seen beside each other. Another irrational `step` gives an order that doesn't follow this one."""
    return width * (2 * (torch.arange(count, dtype=torch.float32) * step % 1) - 1)


def class_ticks(count: int) -> range:
    """The numbers of so many classes, all or every second, as far as there is room for them."""
    return range(0, count, 1 if count <= 6 else 2)


def limit(ax: "Axes", across: tuple[float, float], up: tuple[float, float]) -> None:
    """The limits of the axes, with a margin around two ranges."""
    for change, (low, high) in ((ax.set_xlim, across), (ax.set_ylim, up)):
        margin = 0.04 * (high - low)
        change(low - margin, high + margin)


def value_range(values: Tensor) -> tuple[float, float]:
    """The range of 99 % of the values, so that heavy tails leave the rest readable; never empty."""
    low, high = (float(end) for end in torch.quantile(values, values.new_tensor([0.005, 0.995])))
    return (low, high) if high > low else (low - 1, low + 1)
