"""Pictures of an intervention: the rows of both worlds, of each target with its children and its former parents."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .._mechanisms.interventions import given_rows
from .drawable import Drawable, Intervention
from .panels import Panels, limit, name_axes, value_range
from .style import BLUE, ORANGE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROWS = 300


def world_panels(instance: Drawable, done: Intervention) -> Panels:
    """A panel for each target and child, and for each target and parent; rows share their noise."""
    pairs = _pairs(instance, done)
    # Values that were given for each row are for as many rows.
    rows = next((found for mechanism in instance.mechanisms if (found := given_rows(mechanism)) is not None), _ROWS)
    worlds = [task.sample(rows, draw=0)[:_ROWS] for task in (done.before, instance)]

    def drawer(across: int, up: int) -> "Callable[[Axes], None]":
        return lambda panel: _draw_pair(worlds, across, up, panel)

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


def _draw_pair(worlds: list[Tensor], across: int, up: int, ax: "Axes") -> None:
    looks = (("without intervention", BLUE, "o"), ("under intervention, same noise", ORANGE, "^"))
    for x, (label, colour, marker) in zip(worlds, looks, strict=True):
        ax.scatter(
            *(x[:, across].numpy(), x[:, up].numpy()),
            s=6,
            color=colour,
            marker=marker,
            alpha=0.6,
            linewidths=0,
            rasterized=True,
            label=label,
        )
    both = torch.cat(worlds)
    limit(ax, value_range(both[:, across]), value_range(both[:, up]))
    name_axes(ax, across, up)
