"""Pictures of one task. matplotlib and networkx are imported only when one is drawn."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import torch
from torch import Tensor

from ._plot_graph import draw_graph

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .instance import SCMInstance

_MOST_PANELS = 9
_ROWS, _NOISES, _POINTS = 300, 64, 61
_BLUE, _GREY = "#0072B2", "0.55"
_BAND = "10-90 % over noise, other parents at their medians"


def draw_instance(instance: "SCMInstance", ax: Any) -> "Axes | np.ndarray[Any, Any]":
    """The graph, then one edge's mechanism per further Axes; see SCMInstance.visualize."""
    from matplotlib.axes import Axes

    if isinstance(ax, Axes):
        draw_graph(instance, ax)
        return ax
    axes = _new_axes(instance) if ax is None else np.asarray(ax, dtype=object)
    graph, *panels = cast("list[Axes]", axes.ravel().tolist())
    draw_graph(instance, graph)
    data = _Data.of(instance)
    for panel, edge in zip(panels, _edges(instance), strict=False):
        _draw_mechanism(data, edge, panel)
    if ax is None and panels:
        handles, labels = panels[0].get_legend_handles_labels()
        graph.figure.legend(handles, labels, loc="outside lower right", ncols=3, frameon=False, fontsize=8)
    return axes


def _new_axes(instance: "SCMInstance") -> "np.ndarray[Any, Any]":
    """A figure of its own, outside pyplot, so that nothing keeps it alive: the graph at the left, panels at the right."""
    from matplotlib.figure import Figure

    panels = min(_MOST_PANELS, len(list(_edges(instance))))
    columns = math.ceil(math.sqrt(panels))
    rows = math.ceil(panels / columns) if panels else 1
    figure = Figure(figsize=(4.8 + 1.9 * columns, max(3.6, 1.7 * rows)), layout="constrained")
    grid = figure.add_gridspec(rows, columns + 1, width_ratios=[4.8 / 1.9, *[1.0] * columns])
    axes = [figure.add_subplot(grid[:, 0])]
    axes += [figure.add_subplot(grid[index // columns, 1 + index % columns]) for index in range(panels)]
    return np.array(axes, dtype=object)


def _edges(instance: "SCMInstance") -> Iterator[tuple[int, int]]:
    """Edges in the order in which they get a panel: the first parent of every child, then the second, and so on."""
    parents = {node: instance.parents(node) for node in instance.topological_order}
    for rank in range(max(map(len, parents.values()))):
        yield from ((own[rank], node) for node, own in parents.items() if rank < len(own))


@dataclass(frozen=True)
class _Data:
    instance: "SCMInstance"
    x: Tensor
    noise: Tensor

    @classmethod
    def of(cls, instance: "SCMInstance") -> "_Data":
        return cls(instance, instance.sample(_ROWS, draw=0), instance.noise(_NOISES, draw=1))

    def curve(self, parent: int, child: int, at: Tensor) -> Tensor:
        """What the child's mechanism gives where `parent` is `at` and the others at their medians: [points, noises]."""
        parents = self.instance.parents(child)
        inputs = self.x[:, parents].median(dim=0).values.repeat(len(at), 1)
        inputs[:, parents.index(parent)] = at
        noise = self.noise[:, child].repeat(len(at), 1)
        with torch.no_grad():
            values = self.instance.mechanisms[child](
                inputs.repeat_interleave(_NOISES, dim=0), noise[:, 0] if noise.shape[1] == 1 else noise
            )
        return values.view(len(at), _NOISES)


def _draw_mechanism(data: _Data, edge: tuple[int, int], ax: "Axes") -> None:
    parent, child = edge
    across, up = data.x[:, parent], data.x[:, child]
    low, high = _range(across)
    at = torch.linspace(low, high, _POINTS)
    lower, middle, upper = torch.quantile(data.curve(parent, child, at), torch.tensor([0.1, 0.5, 0.9]), dim=1)
    ax.scatter(across.numpy(), up.numpy(), s=4, color=_GREY, alpha=0.4, linewidths=0, rasterized=True, label="data")
    ax.fill_between(
        at.numpy(),
        lower.numpy(),
        upper.numpy(),
        color=_BLUE,
        alpha=0.25,
        linewidth=0,
        label=_BAND,
    )
    ax.plot(at.numpy(), middle.numpy(), color=_BLUE, linewidth=1.5, label="median over noise")
    bottom, top = _range(torch.cat([up, middle]))
    margin = 0.08 * (high - low), 0.08 * (top - bottom)
    ax.set_xlim(low - margin[0], high + margin[0])
    ax.set_ylim(bottom - margin[1], top + margin[1])
    ax.set_xlabel(f"$X_{{{parent}}}$", fontsize=8, labelpad=1)
    ax.set_ylabel(f"$X_{{{child}}}$", fontsize=8, labelpad=1)
    ax.tick_params(labelsize=7)
    ax.locator_params(nbins=4)
    ax.spines[["top", "right"]].set_visible(False)


def _range(values: Tensor) -> tuple[float, float]:
    """Where 99 % of the values are, so that heavy tails leave the rest readable; never empty."""
    low, high = (float(end) for end in torch.quantile(values, torch.tensor([0.005, 0.995])))
    return (low, high) if high > low else (low - 1, low + 1)
