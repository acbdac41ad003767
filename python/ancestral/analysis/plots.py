"""Pictures of families, ready for a paper. matplotlib is imported only when one is drawn; none is ever shown."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from .._errors import ConfigError
from ._families import as_family
from .distances import METRICS, DistanceReport, distance
from .summaries import summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, which colour-blind readers tell apart.
_BLUE, _ORANGE = "#0072B2", "#E69F00"
_COLUMN = 3.35


def degree_histogram(family: Any, ax: Any = None, *, n_tasks: int = 500, seed: int = 0) -> "Axes":
    """The share of nodes with each number of parents and of children, over `n_tasks` graphs."""
    from matplotlib.ticker import MaxNLocator

    found = summary(family, n_tasks, n_samples=0, seed=seed)
    axes = _axes(ax, (_COLUMN, 2.4))
    most = max(len(found.in_degrees), len(found.out_degrees))
    places = np.arange(most)
    for offset, shares, label, colour in (
        (-0.2, found.in_degrees, "parents", _BLUE),
        (0.2, found.out_degrees, "children", _ORANGE),
    ):
        heights = np.pad(shares, (0, most - len(shares)))
        axes.bar(places + offset, heights, width=0.4, label=label, color=colour)
    axes.set_xlabel("neighbours of a node")
    axes.set_ylabel("share of nodes")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)
    _bare(axes)
    return axes


def adjacency_grid(family: Any, ax: Any = None, *, n_graphs: int = 9, seed: int = 0) -> "np.ndarray[Any, Any]":
    """Adjacency matrices of the tasks of seeds `seed`, `seed` + 1, ..., nodes in topological order; row i, column j: i -> j.

    `ax` is an array of at least `n_graphs` Axes, or None for a new figure. Returns the array.
    """
    found = as_family(family)
    grid = _grid(ax, n_graphs)
    for index, axes in enumerate(cast("list[Axes]", grid.ravel().tolist())[:n_graphs]):
        task = found.sample_task(seed + index)
        order = task.topological_order
        matrix = task.adjacency_matrix[order][:, order].cpu().numpy()
        axes.imshow(matrix, cmap="Greys", vmin=0, vmax=1, interpolation="nearest")
        axes.set_xticks([])
        axes.set_yticks([])
        axes.set_title(f"{int(matrix.sum())} edges", fontsize=7, pad=2)
    return grid


def sortability_ladder(families: Mapping[str, Any], ax: Any = None, *, n_tasks: int = 200, seed: int = 0) -> "Axes":
    """Var- and R²-sortability of several families by name: the mean and the central 90 % over tasks; 0.5 is no order."""
    axes = _axes(ax, (_COLUMN, 0.9 + 0.42 * len(families)))
    names = list(families)
    for place, name in enumerate(names):
        statistics = summary(families[name], n_tasks, seed=seed).statistics
        for offset, key, colour in ((-0.12, "var_sortability", _BLUE), (0.12, "r2_sortability", _ORANGE)):
            law = statistics[key]
            axes.plot([law.quantiles[0], law.quantiles[4]], [place + offset] * 2, color=colour, linewidth=1)
            label = {"var_sortability": "variance", "r2_sortability": "R²"}[key] if place == 0 else None
            axes.plot(law.mean, place + offset, "o", color=colour, markersize=4, label=label)
    axes.axvline(0.5, color="0.6", linewidth=0.8, linestyle="--", zorder=0)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    axes.set_xlabel("sortability (0.5: no order given away)")
    axes.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    _bare(axes)
    return axes


def distance_matrix(
    families: Mapping[str, Any], ax: Any = None, *, metric: str = "spectral_energy", n_tasks: int = 200, seed: int = 0
) -> "Axes":
    """One measure between all pairs of several families by name; a star marks p <= 0.01.

    The diagonal holds the 0.95-quantile of the null: what chance alone gives.
    """
    if metric not in METRICS:
        raise ConfigError(f"metric = {metric!r}: must be one of {', '.join(METRICS)}.")
    names = list(families)
    values = np.zeros((len(names), len(names)))
    marks = np.zeros(values.shape, dtype=bool)
    rows = 256 if metric.startswith("data") else 0
    for i, first in enumerate(names):
        for j in range(i, len(names)):
            report: DistanceReport = distance(
                families[first], families[names[j]], metrics=[metric], n_tasks=n_tasks, n_samples=rows, seed=seed
            )
            entry = report[metric]
            values[i, j] = values[j, i] = entry.null_q95 if i == j else entry.value
            marks[i, j] = marks[j, i] = i != j and entry.p <= 0.01
    axes = _axes(ax, (_COLUMN, _COLUMN))
    axes.imshow(values, cmap="Blues", vmin=0, vmax=max(float(values.max()), 1e-12))
    axes.set_xticks(range(len(names)), names, rotation=35, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(names)), names)
    for i in range(len(names)):
        for j in range(len(names)):
            dark = values[i, j] > 0.6 * float(values.max())
            text = f"{values[i, j]:.3f}{'*' if marks[i, j] else ''}"
            axes.text(j, i, text, ha="center", va="center", fontsize=7, color="white" if dark else "black")
    axes.set_title(metric, fontsize=9)
    return axes


def _axes(ax: Any, size: tuple[float, float]) -> "Axes":
    """The caller's Axes, or those of a figure outside pyplot, which nothing keeps alive."""
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained").add_subplot()


def _grid(ax: Any, count: int) -> "np.ndarray[Any, Any]":
    if ax is not None:
        grid = np.atleast_1d(np.asarray(ax, dtype=object))
        if grid.size < count:
            raise ConfigError(f"ax has {grid.size} Axes: must have at least n_graphs, {count}.")
        return grid
    from matplotlib.figure import Figure

    columns = int(np.ceil(np.sqrt(count)))
    rows = int(np.ceil(count / columns))
    figure = Figure(figsize=(_COLUMN, _COLUMN * rows / columns + 0.2), layout="constrained")
    return np.asarray(figure.subplots(rows, columns, squeeze=False), dtype=object)


def _bare(axes: "Axes") -> None:
    axes.spines[["top", "right"]].set_visible(False)
