"""Pictures of one task. matplotlib and networkx are imported only when one is drawn."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch

from .._engine.errors import ConfigError
from .._engine.extras import package
from .discrete import draw_intervals, draw_shares
from .drawable import Drawable, Intervention
from .graph import GraphPicture
from .mechanism_data import MechanismData
from .panels import Panels, limit, name_axes, value_range
from .style import BLUE, GREY, LABEL, TICK, check_axes, new_figure
from .worlds import world_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_PANELS = 9
_POINTS, _MESH = 61, 25
_LEVELS, _POINTS_ON_SURFACE = 9, 80


def draw_instance(instance: Drawable, ax: Any, done: Intervention | None = None) -> "Axes | np.ndarray[Any, Any]":
    """The graph, then a curve or a surface per further Axes, or two worlds; see SCMInstance.visualize."""
    package("matplotlib", "plot")
    from matplotlib.axes import Axes

    picture = GraphPicture.of(instance, done)
    title = f"seed {instance.seed}"
    if done is not None:
        title += f", {' and '.join(dict.fromkeys(done.targets.values()))}"
    if isinstance(ax, Axes):
        picture.frame(ax, title)
        picture.fill(ax)
        return ax
    panels, left_out = _mechanism_panels(instance) if done is None else world_panels(instance, done)
    axes = _new_axes(len(panels), *picture.size) if ax is None else np.asarray(ax, dtype=object)
    if axes.size == 0:
        raise ConfigError("ax has no Axes: must have one or more.")
    graph, *rest = [check_axes(one) for one in cast("list[Any]", axes.ravel().tolist())]
    picture.frame(graph, title + left_out(len(rest)), own=ax is None)
    handles: dict[str, Any] = {}
    for draw, panel in zip(panels, rest, strict=False):
        draw(panel)
        found, labels = panel.get_legend_handles_labels()
        handles |= dict(zip(labels, found, strict=True))
    for panel in rest[len(panels) :]:
        panel.set_axis_off()
    if ax is None and handles:
        _name_handles(cast("Figure", graph.figure), handles, 2.5 if done is None else 1.6)
    picture.fill(graph)  # Last, when all else has taken its room.
    return axes


def _name_handles(figure: "Figure", handles: dict[str, Any], scale: float) -> None:
    """The names of curves and points below the panels, side by side as far as the figure is wide enough."""
    look: dict[str, Any] = {"loc": "outside lower right", "frameon": False, "fontsize": TICK, "markerscale": scale}
    for columns in (3, 2, 1):
        legend = figure.legend(handles.values(), handles.keys(), ncols=columns, **look)
        if columns == 1 or legend.get_window_extent().width <= figure.bbox.width:
            break
        legend.remove()


def _mechanism_panels(instance: Drawable) -> Panels:
    panels = _panels(instance)
    data = MechanismData.of(instance)

    def drawer(child: int, parents: tuple[int, ...]) -> "Callable[[Axes], None]":
        if data.classes(child):
            return lambda panel: draw_shares(data, parents[0], child, panel)
        if data.is_discrete(child) or data.is_discrete(parents[0]):
            return lambda panel: draw_intervals(data, parents[0], child, panel)
        draw = _draw_curve if len(parents) == 1 else _draw_surface
        return lambda panel: draw(data, parents, child, panel)

    return [drawer(child, parents) for child, parents in panels], lambda room: _left_out(panels, room)


def _left_out(panels: list[tuple[int, tuple[int, ...]]], room: int) -> str:
    """The second line of the title, where there is more than fits."""
    mechanisms, drawn = {child for child, _ in panels}, {child for child, _ in panels[:room]}
    missing = len(mechanisms) - len(drawn)
    if missing:
        return f"\n{missing} of {len(mechanisms)} mechanisms left out"
    return f"\n{len(panels) - room} of {len(panels)} curves left out" if len(panels) > room else ""


def _new_axes(count: int, width: float, height: float) -> "np.ndarray[Any, Any]":
    """A figure about as wide as a paper's page: the graph at the left, in inches, panels at the right."""
    panels = min(_MOST_PANELS, count)
    columns = math.ceil(math.sqrt(panels))
    rows = math.ceil(panels / columns) if panels else 1
    figure = new_figure(width + 1.4 * columns, max(height, 1.3 * rows + 0.3))
    grid = figure.add_gridspec(rows, columns + 1, width_ratios=[width / 1.4, *[1.0] * columns])
    axes = [figure.add_subplot(grid[:, 0])]
    axes += [figure.add_subplot(grid[index // columns, 1 + index % columns]) for index in range(panels)]
    return np.array(axes, dtype=object)


def _panels(instance: Drawable) -> list[tuple[int, tuple[int, ...]]]:
    """Children with the parents that vary: both of two, else one at a time; each child's first, then the second, and so on.

    A surface is of three continuous nodes."""
    continuous = (instance.kind == 0).cpu()
    parents = {node: tuple(instance.parents(node)) for node in instance.topological_order}

    def grouped(node: int, own: tuple[int, ...]) -> list[tuple[int, ...]]:
        return [own] if len(own) == 2 and bool(continuous[[node, *own]].all()) else [(one,) for one in own]

    groups = {node: grouped(node, own) for node, own in parents.items()}
    most = max(map(len, groups.values()))
    return [(node, own[rank]) for rank in range(most) for node, own in groups.items() if rank < len(own)]


def _draw_curve(data: MechanismData, parents: tuple[int, ...], child: int, ax: "Axes") -> None:
    across, up = data.x[:, parents[0]], data.x[:, child]
    low, high = value_range(across)
    at = torch.linspace(low, high, _POINTS, dtype=torch.float32, device="cpu")
    values = data.values(parents, child, at[:, None])
    lower, middle, upper = torch.quantile(values, values.new_tensor([0.1, 0.5, 0.9]), dim=1)
    ax.scatter(across.numpy(), up.numpy(), s=3, color=GREY, alpha=0.4, linewidths=0, rasterized=True, label="data")
    ax.fill_between(at.numpy(), lower.numpy(), upper.numpy(), color=BLUE, alpha=0.3, linewidth=0, label=data.band)
    ax.plot(at.numpy(), middle.numpy(), color=BLUE, linewidth=1.3, label="median over noise")
    limit(ax, (low, high), value_range(torch.cat([up, middle])))
    name_axes(ax, parents[0], child)


def _draw_surface(data: MechanismData, parents: tuple[int, ...], child: int, ax: "Axes") -> None:
    """The median over noise as filled contours, and data points in the same colours: where they differ there is noise."""
    from matplotlib.colors import Normalize
    from matplotlib.ticker import MaxNLocator

    across, up, value = (data.x[:, node] for node in (*parents, child))
    ends = value_range(across), value_range(up)
    xs, ys = (torch.linspace(*end, _MESH, dtype=torch.float32, device="cpu") for end in ends)
    mesh = torch.cartesian_prod(xs, ys)
    middle = data.values(parents, child, mesh).median(dim=1).values.view(_MESH, _MESH).T
    levels = MaxNLocator(_LEVELS).tick_values(*value_range(torch.cat([value, middle.flatten()])))
    norm = Normalize(levels[0], levels[-1])
    filled = ax.contourf(xs.numpy(), ys.numpy(), middle.numpy(), levels=levels, norm=norm, cmap="cividis", extend="both")
    ax.scatter(
        *(across[:_POINTS_ON_SURFACE].numpy(), up[:_POINTS_ON_SURFACE].numpy()),
        c=value[:_POINTS_ON_SURFACE].numpy(),
        norm=norm,
        cmap="cividis",
        s=5,
        edgecolors="#fefefe",
        linewidths=0.25,
        rasterized=True,
    )
    limit(ax, *ends)
    name_axes(ax, *parents)
    bar = ax.figure.colorbar(filled, cax=ax.inset_axes((1.05, 0, 0.07, 1)))
    bar.set_ticks(levels[1 : -1 : math.ceil(len(levels) / 5)])
    bar.minorticks_off()
    bar.ax.tick_params(labelsize=TICK - 1, length=2, pad=1)
    bar.ax.set_title(f"$X_{{{child}}}$", fontsize=LABEL, pad=3)
