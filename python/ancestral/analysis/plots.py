"""Pictures of families, ready for a paper. matplotlib is imported only when one is drawn; none is ever shown."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from .._errors import ConfigError
from .._looks import COLUMN, one_axes
from ..family import SCMFamily
from ._drawings import draw_adjacency, draw_degrees, draw_ladder, draw_matrix, draw_spectra
from ._families import named
from .distances import METRICS, distance
from .spectral import spectral_law
from .summaries import Summary, summary

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def degree_histogram(family: Any, ax: Any = None, *, n_tasks: int = 500, seed: int = 0) -> "Axes":
    """The share of nodes with each number of parents and of children, over `n_tasks` graphs; or of a Summary."""
    axes = one_axes(ax, 2.2)
    draw_degrees(axes, family if isinstance(family, Summary) else summary(family, n_tasks, n_samples=0, seed=seed))
    return axes


def adjacency_grid(family: Any, ax: Any = None, *, n_graphs: int = 9, seed: int = 0) -> "np.ndarray[Any, Any]":
    """Adjacency matrices of the tasks of seeds `seed`, `seed` + 1, ..., nodes in topological order; row i, column j: i -> j.

    `ax` is an array of at least `n_graphs` Axes, or None for a new figure. Returns the array.
    """
    found = family if isinstance(family, SCMFamily) else SCMFamily.from_config(family)
    grid = _grid(ax, n_graphs)
    for index, axes in enumerate(cast("list[Axes]", grid.ravel().tolist())):
        if index < n_graphs:
            task = found.sample_task(seed + index)
            order = task.topological_order
            draw_adjacency(axes, task.adjacency_matrix[order][:, order])
        elif ax is None:
            axes.set_axis_off()
    return grid


def sortability_ladder(families: Mapping[str, Any], ax: Any = None, *, n_tasks: int = 200, seed: int = 0) -> "Axes":
    """Var- and R²-sortability of several families (or Summaries) by name: the mean and the central 90 % over tasks."""
    axes = one_axes(ax, 0.8 + 0.36 * len(families))
    found = {
        name: family if isinstance(family, Summary) else summary(family, n_tasks, seed=seed)
        for name, family in families.items()
    }
    draw_ladder(axes, found)
    return axes


def distance_matrix(
    families: Mapping[str, Any], ax: Any = None, *, metric: str = "spectral_energy", n_tasks: int = 200, seed: int = 0
) -> "Axes":
    """One measure between all pairs of several families by name; a star marks p <= 0.01.

    The diagonal holds the 0.95-quantile of the null: what chance alone gives.
    """
    if metric not in METRICS:
        raise ConfigError(f"metric = {metric!r}: must be one of {', '.join(METRICS)}.")
    given = list(families.values())
    rows = 256 if metric.startswith("data") else 0
    entries = {
        (i, j): distance(given[i], given[j], metrics=[metric], n_tasks=n_tasks, n_samples=rows, seed=seed)[metric]
        for i in range(len(given))
        for j in range(i, len(given))
    }
    axes = one_axes(ax, COLUMN)
    draw_matrix(axes, list(families), metric, entries)
    return axes


def spectra(family: Any, ax: Any = None, *, n_tasks: int = 200, seed: int = 0) -> "Axes":
    """How the eigenvalues of graphs lie in [0, 2], over the tasks of seeds `seed`, `seed` + 1, ..., `seed` + `n_tasks` - 1.

    They are those of the skeleton's normalised Laplacian, which the measures "spectral_w1" and "spectral_energy" compare. A
    mapping of names to families is drawn as one line for each. Source: Chung, "Spectral graph theory", AMS 1997.
    """
    axes = one_axes(ax, 2.4)
    draw_spectra(axes, {name: spectral_law(one, n_tasks, seed) for name, one in named(family).items()})
    return axes


def _grid(ax: Any, count: int) -> "np.ndarray[Any, Any]":
    if ax is not None:
        grid = np.atleast_1d(np.asarray(ax, dtype=object))
        if grid.size < count:
            raise ConfigError(f"ax has {grid.size} Axes: must have at least n_graphs, {count}.")
        return grid
    from matplotlib.figure import Figure

    columns = int(np.ceil(np.sqrt(count)))
    rows = int(np.ceil(count / columns))
    figure = Figure(figsize=(COLUMN, COLUMN * rows / columns + 0.2), layout="constrained")
    return np.asarray(figure.subplots(rows, columns, squeeze=False), dtype=object)
