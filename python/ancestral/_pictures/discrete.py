"""Panels of nodes with classes or counts: bars in the place of curves."""

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .mechanism_data import MechanismData
from .panels import class_ticks, limit, name_axes, spread, value_range
from .style import BLUE, COLOURS, GREY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BARS = 12
_WIDTH = 0.8
# Areas, which may be fainter than lines.
_FILLS = (*COLOURS, "#56B4E9", "#F0E442", GREY, "#332288", "#DDCC77")


def draw_shares(data: MechanismData, parent: int, child: int, ax: "Axes") -> None:
    """The probability of each class of a child, stacked, at values of one parent; other parents stay where a curve has them."""
    at, width = _places(data, parent)
    values = data.values((parent,), child, at[:, None])
    bottom = torch.zeros(len(at), dtype=torch.float32)
    for number in range(data.classes(child)):
        share = (values == number).float().mean(dim=1)
        ax.bar(
            at.numpy(),
            share.numpy(),
            width,
            bottom.numpy(),
            color=_FILLS[number % len(_FILLS)],
            linewidth=0,
            label=f"class {number}",
        )
        bottom = bottom + share
    name_axes(ax, parent, child)
    ax.set_ylabel(f"$P(X_{{{child}}}=k)$", labelpad=1)
    _limit_across(data, parent, at, width, (0.0, 1.0), ax)


def draw_intervals(data: MechanismData, parent: int, child: int, ax: "Axes") -> None:
    """What a band and a line of a curve are, as bars at values of one parent, over data.

    Rows of a class are spread beside it.
    """
    at, width = _places(data, parent)
    values = data.values((parent,), child, at[:, None])
    lower, middle, upper = torch.quantile(values, values.new_tensor([0.1, 0.5, 0.9]), dim=1)
    across = data.x[:, parent]
    if data.classes(parent):
        across = across + spread(len(across), 0.3 * _WIDTH)
    ax.scatter(
        across.numpy(), data.x[:, child].numpy(), s=3, color=GREY, alpha=0.4, linewidths=0, rasterized=True, label="data"
    )
    ax.bar(at.numpy(), (upper - lower).numpy(), width, lower.numpy(), color=BLUE, alpha=0.3, linewidth=0, label=data.band)
    half = width / 2
    ax.hlines(middle.numpy(), (at - half).numpy(), (at + half).numpy(), color=BLUE, linewidth=1.3, label="median over noise")
    name_axes(ax, parent, child)
    _limit_across(data, parent, at, width, value_range(torch.cat([data.x[:, child], lower, upper])), ax)


def _places(data: MechanismData, parent: int) -> tuple[Tensor, float]:
    """Where a parent's bars stand, and how wide they are: each class, each of few counts, or the middles of equal bins."""
    if data.classes(parent):
        return torch.arange(data.classes(parent), dtype=torch.float32), _WIDTH
    low, high = value_range(data.x[:, parent])
    if data.is_discrete(parent):
        step = max(1, round((high - low) / _BARS))
        return torch.arange(float(round(low)), high + 0.5, step, dtype=torch.float32), _WIDTH * step
    width = (high - low) / _BARS
    return low + width * (torch.arange(_BARS, dtype=torch.float32) + 0.5), width


def _limit_across(data: MechanismData, parent: int, at: Tensor, width: float, up: tuple[float, float], ax: "Axes") -> None:
    limit(ax, (float(at[0]) - width / 2, float(at[-1]) + width / 2), up)
    if up == (0.0, 1.0):
        ax.set_ylim(0, 1)
    if data.classes(parent):
        ax.set_xticks(class_ticks(data.classes(parent)))
