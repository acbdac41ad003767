"""Pictures of an intervention: the rows of both worlds, of each target with its children and its former parents."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor

from .._mechanisms.interventions import given_rows
from .drawable import Drawable, Intervention
from .panels import Panels, class_ticks, limit, name_axes, spread, value_range
from .style import BLUE, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROWS = 300
# Where the two worlds' rows of a class stand, and how far they are spread there.
_SIDE, _SPREAD = 0.2, 0.14


def world_panels(instance: Drawable, done: Intervention) -> Panels:
    """A panel for each target and child, and for each target and parent; rows share their noise."""
    pairs = _pairs(instance, done)
    # Values that were given for each row are for as many rows.
    rows = next((found for mechanism in instance.mechanisms if (found := given_rows(mechanism)) is not None), _ROWS)
    classes = cast("list[int]", instance.n_classes.tolist())
    worlds = [task.sample(rows, draw=0)[:_ROWS] for task in (done.before, instance)]

    def drawer(across: int, up: int) -> "Callable[[Axes], None]":
        return lambda panel: _draw_pair(worlds, across, up, classes, panel)

    def left_out(room: int) -> str:
        return f"\n{len(pairs) - room} of {len(pairs)} pairs left out" if len(pairs) > room else ""

    return [drawer(*pair) for pair in pairs], left_out


def _pairs(instance: Drawable, done: Intervention) -> list[tuple[int, int]]:
    """Cause and effect; each target's first, then the second, and so on."""

    def of(target: int) -> Iterator[tuple[int, int]]:
        children = [child for child in range(instance.n_nodes) if target in instance.parents(child)]
        parents = done.before.parents(target)
        for place in range(max(len(children), len(parents))):  # In turn, as what happens before and after is of interest.
            yield from ((target, child) for child in children[place : place + 1])
            yield from ((parent, target) for parent in parents[place : place + 1])

    lists = [list(of(target)) for target in sorted(done.targets)]
    ranks = range(max(map(len, lists)))
    return list(dict.fromkeys(one[rank] for rank in ranks for one in lists if rank < len(one)))


def _draw_pair(worlds: list[Tensor], across: int, up: int, classes: list[int], ax: "Axes") -> None:
    """Rows of a class stand beside each other, those of the two worlds on either side."""
    looks = (("without intervention", BLUE, "o"), ("under intervention, same noise", ORANGE, "^"))
    shown: list[Tensor] = []
    for side, (world, (label, colour, marker)) in zip((-_SIDE, _SIDE), zip(worlds, looks, strict=True), strict=True):
        x, y = world[:, across], world[:, up]
        if classes[across]:
            x = x + side + spread(len(x), _SPREAD)
        if classes[up]:
            y = y + (0 if classes[across] else side) + spread(len(y), _SPREAD, step=0.4142135624)
        shown.append(torch.stack([x, y], dim=1))
        ax.scatter(
            *(x.numpy(), y.numpy()),
            s=6,
            color=colour,
            marker=marker,
            alpha=0.6,
            linewidths=0,
            rasterized=True,
            label=label,
        )
    both = torch.cat(shown)
    limit(ax, value_range(both[:, 0]), value_range(both[:, 1]))
    name_axes(ax, across, up)
    for node, axis in ((across, ax.xaxis), (up, ax.yaxis)):
        if classes[node]:
            axis.set_ticks(class_ticks(classes[node]))
