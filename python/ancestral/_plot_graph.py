"""A DAG drawn in layers, each node after its parents from left to right."""

import math
from typing import TYPE_CHECKING, Any, cast

from torch import nn

from ._looks import BLUE, GREEN, GREY, LABEL, ORANGE, PURPLE, RED, TICK
from .mechanisms import MECHANISMS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .instance import SCMInstance

# Markers tell kinds of mechanism apart without colour.
_LOOKS = [(GREY, "8"), (BLUE, "o"), (ORANGE, "s"), (GREEN, "D"), (PURPLE, "h"), (RED, "p")]


def draw_graph(instance: "SCMInstance", ax: "Axes") -> None:
    """Nodes by kind of mechanism, edges as arrows from cause to effect."""
    places, layers = _layout(instance)
    size = min(240.0, max(40.0, 3600.0 / len(places)))
    for child in range(len(places)):
        for parent in instance.parents(child):
            # An edge over several layers bends, so that it can't hide behind the nodes between.
            bend = 0.0 if layers[child] - layers[parent] == 1 else 0.18
            ax.annotate(
                "",
                xy=places[child],
                xytext=places[parent],
                arrowprops={
                    "arrowstyle": "-|>,head_width=0.22,head_length=0.45",
                    "connectionstyle": f"arc3,rad={bend}",
                    "shrinkA": math.sqrt(size) / 2 + 1,
                    "shrinkB": math.sqrt(size) / 2 + 1,
                    "color": "#707070",
                    "linewidth": 0.9,
                },
            )
    kinds = [_kind(mechanism) for mechanism in instance.mechanisms]
    known = list(dict.fromkeys([*MECHANISMS, *kinds]))  # The engine's kinds look the same in every picture.
    for kind in dict.fromkeys(sorted(kinds, key=known.index)):
        colour, marker = _LOOKS[known.index(kind) % len(_LOOKS)]
        xs, ys = zip(*(places[node] for node in range(len(places)) if kinds[node] == kind), strict=True)
        ax.scatter(xs, ys, s=size, marker=marker, facecolor="white", edgecolor=colour, linewidth=1.4, zorder=3, label=kind)
    for node, (x, y) in places.items():
        ax.text(x, y, str(node), ha="center", va="center_baseline", fontsize=max(4.0, 0.5 * math.sqrt(size)), zorder=4)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=4, frameon=False, fontsize=TICK, markerscale=0.5)
    ax.set_title(f"seed {instance.seed}", fontsize=LABEL)
    ax.margins(0.12)
    ax.set_axis_off()


def _kind(mechanism: nn.Module) -> str:
    return cast(str, getattr(mechanism, "kind", type(mechanism).__name__))


def _layout(instance: "SCMInstance") -> tuple[dict[int, tuple[float, float]], dict[int, int]]:
    """Each node's place and layer. Within a layer, nodes stand by the mean height of their parents: fewer crossings."""
    import networkx as nx

    graph = cast(Any, nx.DiGraph())
    graph.add_nodes_from(range(instance.n_nodes))
    graph.add_edges_from((parent, child) for child in range(instance.n_nodes) for parent in instance.parents(child))
    layers: dict[int, list[int]] = {}
    height: dict[int, float] = {}
    for number, members in enumerate(nx.topological_generations(graph)):

        def mean_height(node: int) -> tuple[float, int]:
            above = [height[parent] for parent in instance.parents(node)]
            return (sum(above) / len(above) if above else 0.0, node)

        layers[number] = sorted(members, key=mean_height)
        height.update({node: rank - (len(layers[number]) - 1) / 2 for rank, node in enumerate(layers[number])})
    found: Any = nx.multipartite_layout(graph, subset_key=cast(Any, layers))
    places = {node: (float(found[node][0]), float(found[node][1])) for node in range(instance.n_nodes)}
    return places, {node: number for number, members in layers.items() for node in members}
