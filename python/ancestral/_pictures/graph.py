"""A DAG drawn in layers, each node after its parents from left to right."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from torch import nn

from .._engine.extras import package
from .._mechanisms.catalogue import MECHANISMS
from .bends import Room, bend
from .drawable import Drawable, Intervention
from .short_names import plain_names
from .style import BLUE, GREEN, GREY, LABEL, ON_LIGHT, ORANGE, PURPLE, RED, TICK, TINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Markers tell kinds of mechanism apart without colour. The diamond is a square on its corner, so it needs less area to be as
# wide.
_COLOURS, _MARKERS = (GREY, BLUE, ORANGE, GREEN, PURPLE, RED), "8osDhp"
# Each colour with its own marker first, then with the next one, so that eighteen kinds differ.
_LOOKS = [(colour, _MARKERS[(place + turn) % 6]) for turn in range(3) for place, colour in enumerate(_COLOURS)]
_AREAS = {"D": 0.55}

_CUT = (0, (2, 1.4))
"""The dashes of an edge that an intervention has taken away."""

_LARGEST = 15.5
"""A marker's diameter, in points."""
_WIDTH, _HEIGHT = 0.6, 0.8
"""The shares that a marker takes of the distance of two layers, where arrows need some, and of two nodes of one layer."""
_NAMES = 0.8
"""The share of the graph's width that the names of its kinds may take; wider ones would make it narrower."""
_LAYERS, _NODES, _MARGIN = 0.28, 0.19, 0.08
"""The distances of layers and nodes where there is room, in inches; and what is left around them, of the graph's width."""


@dataclass(frozen=True)
class GraphPicture:
    """The places of the nodes of an instance."""

    instance: Drawable
    places: dict[int, tuple[float, float]]
    """In the unit square."""
    layers: dict[int, int]
    done: Intervention | None = None

    @classmethod
    def of(cls, instance: Drawable, done: Intervention | None = None) -> "GraphPicture":
        """Within a layer, nodes stand by the mean height of their parents: fewer crossings.

        Under an intervention they stand where they did without it.
        """
        layers = _layers(instance if done is None else done.before)
        widest = max(map(len, layers)) - 1
        places = {
            node: (number / max(len(layers) - 1, 1), 0.5 + (rank - (len(members) - 1) / 2) / max(widest, 1))
            for number, members in enumerate(layers)
            for rank, node in enumerate(members)
        }
        if len(layers) == 1:
            places = {node: (0.5, height) for node, (_, height) in places.items()}
        if widest == 0 and any(len(instance.parents(node)) > 1 for node in places):
            # On a line, edges past a node would lie upon each other; on an arc none passes one.
            turns = {node: np.pi * (1 - number / (len(layers) - 1)) for number, (node,) in enumerate(layers)}
            places = {node: (0.5 + 0.5 * np.cos(turn), float(np.sin(turn))) for node, turn in turns.items()}
        depths = {node: number for number, members in enumerate(layers) for node in members}
        return cls(instance, {node: places[node] for node in sorted(places)}, depths, done)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in inches that leave its nodes room, as far as a page has it."""
        counts = np.bincount(list(self.layers.values()))
        width, height = (
            (count - 1) * apart * (1 + 2 * _MARGIN) for count, apart in ((len(counts), _LAYERS), (counts.max(), _NODES))
        )
        return min(max(width, 2.9), 7.0), min(max(height + 0.6, 2.6), 7.0)

    def frame(self, ax: "Axes", title: str, *, own: bool = False) -> None:
        """All around the graph, which says how much room is left for it; `own` Axes become as wide as `size` says."""
        from matplotlib.lines import Line2D

        paper, looks = _paper(ax), _looks(self.instance)
        handles = [
            Line2D([], [], linestyle="", marker=marker, markersize=6, markerfacecolor=paper, color=colour, label=name)
            for name, (colour, marker) in zip(plain_names(looks).values(), looks.values(), strict=True)
        ]
        if self.done is not None:
            handles += [Line2D([], [], linestyle="", marker="o", markersize=6, color=TINT, label="target")]
            if self._cut():
                handles += [Line2D([], [], linestyle=_CUT, linewidth=0.9, color=GREY, label="cut edge")]
        look: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0.0), "frameon": False, "fontsize": TICK}
        room = self.size[0] * _NAMES * _root(ax).dpi if own else ax.bbox.width
        for columns in (4, 3, 2, 1):  # Names wider than the graph would take its room, and that of the panels beside it.
            if ax.legend(handles=handles, ncols=columns, **look).get_window_extent().width <= room:
                break
        ax.set_title(title, fontsize=LABEL)
        ax.set(xlim=(-_MARGIN, 1 + _MARGIN), ylim=(-_MARGIN, 1 + _MARGIN))
        ax.set_axis_off()

    def fill(self, ax: "Axes") -> None:
        """Nodes by kind of mechanism, edges as arrows from cause to effect; no marker touches another."""
        diameter = self._diameter(ax)
        room = self._room(ax, diameter)
        for child in range(len(self.places)):
            for parent in self.instance.parents(child):
                self._draw_edge(ax, parent, child, diameter, room)
        for parent, child in self._cut():
            self._draw_edge(ax, parent, child, diameter, room, is_cut=True)
        targets = () if self.done is None else self.done.targets
        looks = _looks(self.instance)
        kinds = [_kind(mechanism) for mechanism in self.instance.mechanisms]
        paper = _paper(ax)
        for kind, (colour, marker) in looks.items():
            nodes = [node for node in range(len(kinds)) if kinds[node] == kind]
            xs, ys = zip(*(self.places[node] for node in nodes), strict=True)
            faces = [TINT if node in targets else paper for node in nodes]
            area = diameter**2 * _AREAS.get(marker, 1.0)
            width = min(1.4, 0.1 * diameter)
            ax.scatter(xs, ys, s=area, marker=marker, facecolor=faces, edgecolor=colour, linewidth=width, zorder=3, label=kind)
        for node, (x, y) in self.places.items():
            colour = ON_LIGHT if node in targets else None
            ax.text(x, y, str(node), ha="center", va="center_baseline", fontsize=0.6 * diameter, color=colour, zorder=4)

    def _cut(self) -> list[tuple[int, int]]:
        """The edges that the intervention has taken away, from parent to child."""
        if self.done is None:
            return []
        return [
            (parent, child)
            for child in range(len(self.places))
            for parent in self.done.before.parents(child)
            if parent not in self.instance.parents(child)
        ]

    def _draw_edge(self, ax: "Axes", parent: int, child: int, diameter: float, room: Room, *, is_cut: bool = False) -> None:
        # An edge over several layers bends, so that it can't hide behind the nodes between.
        rad = 0.0 if self.layers[child] - self.layers[parent] == 1 else bend(room, parent, child)
        ax.annotate(
            "",
            xy=self.places[child],
            xytext=self.places[parent],
            arrowprops={
                "arrowstyle": "-|>,head_width=0.22,head_length=0.45",
                "mutation_scale": max(5.0, 10 * diameter / _LARGEST),
                "connectionstyle": f"arc3,rad={rad}",
                "shrinkA": diameter / 2 + 1,
                "shrinkB": diameter / 2 + 1,
                "color": GREY if is_cut else "#707070",
                "linestyle": _CUT if is_cut else "-",
                "linewidth": 0.9,
            },
        )

    def _room(self, ax: "Axes", diameter: float) -> Room:
        """Where the graph stands on the page, in points, once the figure has its layout."""
        scale = 72 / _root(ax).dpi
        places = ax.transData.transform([self.places[node] for node in range(len(self.places))]) * scale
        box = ax.bbox
        return Room(np.asarray(places), box.y0 * scale, box.y1 * scale, diameter / 2 + max(1.0, 0.25 * diameter))

    def _diameter(self, ax: "Axes") -> float:
        """The diameter of a marker, in points: the largest, or what the nearest two nodes leave on the page."""
        root = _root(ax)
        engine = root.get_layout_engine()
        if engine is not None:
            engine.execute(root)  # The Axes get their size only now.
        counts = np.bincount(list(self.layers.values()))
        (left, bottom), (right, top) = ax.transData.transform([(0, 0), (1, 1)]) * 72 / root.dpi
        # Layers are apart to the right and nodes of one layer upwards, so squares keep clear of each other too.
        across = _WIDTH * abs(right - left) / max(len(counts) - 1, 1)
        up = _HEIGHT * abs(top - bottom) / max(int(counts.max()) - 1, 1)
        return max(1.0, min(_LARGEST, across, up))


def _root(ax: "Axes") -> Any:
    """The whole figure, where the Axes are in a figure inside it too."""
    root: Any = ax.figure
    while not hasattr(root, "get_layout_engine") or root.figure is not root:
        root = root.figure
    return root


def _paper(ax: "Axes") -> Any:
    """What fills a node: the figure's colour, on which the numbers of nodes can be read; white where it has none."""
    from matplotlib.colors import to_rgb

    face = _root(ax).get_facecolor()
    return to_rgb(face) if face[3] > 0 else "white"


def _looks(instance: Drawable) -> dict[str, tuple[str, str]]:
    """Colour and marker of each kind of mechanism that the instance has; the engine's look the same in every picture."""
    kinds = [_kind(mechanism) for mechanism in instance.mechanisms]
    known = list(dict.fromkeys([*MECHANISMS, *kinds]))
    return {kind: _LOOKS[known.index(kind) % len(_LOOKS)] for kind in dict.fromkeys(sorted(kinds, key=known.index))}


def _kind(mechanism: nn.Module) -> str:
    return cast(str, getattr(mechanism, "kind", type(mechanism).__name__))


def _layers(instance: Drawable) -> list[list[int]]:
    """Nodes by the longest path that leads to them, in each layer from the bottom to the top."""
    nx = package("networkx", "plot")
    graph = nx.DiGraph()
    graph.add_nodes_from(range(instance.n_nodes))
    graph.add_edges_from((parent, child) for child in range(instance.n_nodes) for parent in instance.parents(child))
    layers: list[list[int]] = []
    height: dict[int, float] = {}
    for generation in nx.topological_generations(graph):

        def mean_height(node: int) -> tuple[float, int]:
            above = [height[parent] for parent in instance.parents(node)]
            return (sum(above) / len(above) if above else 0.0, node)

        members = sorted(generation, key=mean_height)
        layers.append(members)
        height.update({node: rank - (len(members) - 1) / 2 for rank, node in enumerate(members)})
    return layers
