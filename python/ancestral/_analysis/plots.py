"""Pictures of families and data sets, ready for a paper. matplotlib is imported only when one is drawn.

A notebook shows each that is made in it; a script shows none, and keeps none alive.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from .._engine.checks import check_seed, one_of, whole_number
from .._engine.errors import ConfigError
from .._pictures.short_names import name_lines_of, plain_names
from .._pictures.style import COLUMN, LABEL, PAGE, check_axes, new_figure, one_axes
from .drawings import draw_adjacency, draw_degrees, draw_ladder, draw_matrix
from .engine_names import metric_sources
from .given_tasks import is_several, tasks_by_name, tasks_of
from .overlay_drawings import (
    draw_correlations,
    draw_degree_lines,
    draw_edge_counts,
    draw_marginals,
    draw_spectra,
    lines_height,
    name_lines,
)
from .pairs import all_pairs
from .plan import Plan
from .shapes import shapes_of
from .spectral import spectral_law
from .summaries import Summary, summarised
from .tasks import Tasks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
else:
    Axes = Any  # For `typing.get_type_hints`, without matplotlib.


def degree_histogram(family: Any, ax: Any = None, *, n_tasks: int = 500, seed: int = 0) -> Any:
    """The share of nodes with each number of parents and of children, over `n_tasks` graphs; or of a Summary. Returns the Axes.

    `family` is a family or a data set, as `summary` takes them. A DataModule or a mapping of names gives an array of Axes, one
    for each family; `ax` is then an array of at least as many.
    """
    if is_several(family):
        found = _summaries(family, Plan.of(n_tasks, 0, seed))
        grid = _grid(ax, len(found), "families", height=2.0)
        for axes, name, one in zip(_listed(grid), plain_names(found).values(), found.values(), strict=False):
            draw_degrees(axes, one)
            axes.set_title(name, fontsize=LABEL, pad=18)  # Above the names of the bars.
        return grid
    axes = one_axes(ax, 2.2)
    draw_degrees(axes, family if isinstance(family, Summary) else summarised(tasks_of(family), Plan.of(n_tasks, 0, seed)))
    return axes


def adjacency_grid(family: Any, ax: Any = None, *, n_graphs: int = 9, seed: int = 0) -> "np.ndarray[Any, Any]":
    """Adjacency matrices of the tasks of seeds `seed`, `seed` + 1, ..., nodes in topological order; row i, column j: i -> j.

    `family` is a family or a data set, as `summary` takes them; a set's tasks are taken at equal steps. `ax` is an array of at
    least `n_graphs` Axes, or None for a new figure. Returns the array. A DataModule or a mapping of names gives a row of it to
    each family.
    """
    count, first = whole_number(n_graphs, "n_graphs", 1, 10_000), check_seed(seed)
    if is_several(family):
        found = tasks_by_name(family)
        grid = _rows(len(found), count) if ax is None else _grid(ax, len(found) * count, "n_graphs of each family")
        cells = _listed(grid)
        for row, (name, one) in enumerate(zip(plain_names(found).values(), found.values(), strict=True)):
            _fill(cells[row * count : (row + 1) * count], one, first, _lines(name, count), ax is None)
        return grid
    grid = _grid(ax, count, "n_graphs")
    cells = _listed(grid)
    _fill(cells[:count], tasks_of(family), first, "", ax is None)
    for axes in cells[count:] if ax is None else ():
        axes.set_axis_off()
    return grid


def overlays(
    families: Any, ax: Any = None, *, n_tasks: int = 200, n_samples: int = 256, seed: int = 0
) -> "np.ndarray[Any, Any]":
    """Lays families over each other, so that what shifted is seen at a glance; returns an array of six Axes.

    They are the parents and the children of nodes, the edges of tasks, the quantiles of scaled columns, the absolute
    correlations of variables, and the sortabilities. `families` is a DataModule, or a mapping of names to families and data
    sets, as `summary` takes them; all need rows. `ax` is an array of at least six Axes, or None for a new figure.
    """
    plan, tasks = Plan.of(n_tasks, n_samples, seed), tasks_by_name(families)
    if plan.n_samples < 2 or any(one.rows is not None and one.rows < 2 for one in tasks.values()):
        raise ConfigError(f"n_samples = {n_samples!r}: must be at least 2, for the data of all families.")
    found = {name: summarised(one, plan) for name, one in tasks.items()}
    shapes = {name: shapes_of(one, plan) for name, one in tasks.items()}
    grid = np.asarray(new_figure(PAGE, 8.4).subplots(3, 2), dtype=object) if ax is None else _grid(ax, 6, "six panels")
    cells = _listed(grid)
    draw_degree_lines(cells[0], found, "parents")
    draw_degree_lines(cells[1], found, "children")
    draw_edge_counts(cells[2], shapes)
    draw_marginals(cells[3], shapes)
    draw_correlations(cells[4], shapes)
    draw_ladder(cells[5], found)
    for axes in cells[:2]:
        name_lines(axes, len(found))
    return grid


def sortability_ladder(families: Any, ax: Any = None, *, n_tasks: int = 200, seed: int = 0) -> "Axes":
    """Var- and R²-sortability of several families (or Summaries) by name: the mean and the central 90 % over tasks.

    `families` is a DataModule, a mapping of names to families and data sets, as `summary` takes them, or one of these. Raises
    ConfigError for a Summary of graphs alone, which has no sortability.
    """
    found = _summaries(families, Plan.of(n_tasks, 256, seed))
    for name, one in found.items():
        if "var_sortability" not in one.statistics:
            raise ConfigError(f"{name} is a summary of graphs alone (0 rows): must be one of data, for its sortability.")
    axes = one_axes(ax, 0.8 + 0.36 * len(found))
    draw_ladder(axes, found)
    return axes


def distance_matrix(
    families: Any, ax: Any = None, *, metric: str = "spectral_energy", n_tasks: int = 200, seed: int = 0
) -> "Axes":
    """One measure between all pairs of several families by name; a star marks p <= 0.01.

    The diagonal holds the 0.95-quantile of the null: what chance alone gives. `families` is a DataModule, or a mapping of names
    to families and data sets, as `summary` takes them.
    """
    rows = 256 if metric_sources()[one_of(metric, "metric", metric_sources())] == "data" else 0
    tasks = tasks_by_name(families)
    pairs = all_pairs(tasks, Plan.of(n_tasks, rows, seed), metrics=[metric])
    if any(metric not in pair for pair in pairs.values()):
        raise ConfigError(f"metric = {metric!r}: must be one of graphs, as one of the data sets has no rows.")
    axes = one_axes(ax, COLUMN)
    draw_matrix(axes, list(tasks), metric, {places: pair[metric] for places, pair in pairs.items()})
    return axes


def spectra(family: Any, ax: Any = None, *, n_tasks: int = 200, seed: int = 0) -> "Axes":
    """Draws the law of graphs' eigenvalues in [0, 2], over the tasks of seeds `seed`, `seed` + 1, ..., `seed` + `n_tasks` - 1.

    They are those of the skeleton's normalised Laplacian, which the measures "spectral_w1" and "spectral_energy" compare.
    `family` is a family or a data set, as `summary` takes them; a DataModule or a mapping of names is drawn as one line for
    each. Source: Chung, "Spectral graph theory", AMS 1997.
    """
    laws = {name: spectral_law(one, n_tasks, seed) for name, one in tasks_by_name(family).items()}
    axes = one_axes(ax, max(2.4, lines_height(len(laws))))
    draw_spectra(axes, laws)
    return axes


def _summaries(families: Any, plan: Plan) -> dict[str, Summary]:
    """The summaries, made of whatever is none yet."""
    if isinstance(families, Summary):
        return {"family": families}
    if not isinstance(families, Mapping) or not is_several(families):
        return {name: summarised(tasks, plan) for name, tasks in tasks_by_name(families).items()}
    given = {str(name): one for name, one in cast("Mapping[Any, Any]", families).items()}
    drawn = {name: one for name, one in given.items() if not isinstance(one, Summary)}
    found = {name: summarised(tasks, plan) for name, tasks in tasks_by_name(drawn).items()} if drawn or not given else {}
    return {name: one if isinstance(one, Summary) else found[name] for name, one in given.items()}


def _fill(cells: "list[Axes]", tasks: Tasks, seed: int, name: str, own: bool) -> None:
    """Draws a task's graph into each, and nothing where a data set has no more."""
    drawn = 0
    for axes, graph in zip(cells, tasks.graphs(len(cells), seed), strict=False):
        draw_adjacency(axes, graph.matrix[graph.order][:, graph.order])
        drawn += 1
    for axes in cells[drawn:] if own else ():
        axes.set_axis_off()
    if name and cells:
        cells[0].set_ylabel(name, fontsize=LABEL)


def _lines(name: str, columns: int) -> str:
    """A name in as many lines as a row of so many matrices needs, about 14 letters an inch."""
    return name_lines_of(name, max(6, int(14 * (PAGE / columns + 0.1))))


def _listed(grid: "np.ndarray[Any, Any]") -> "list[Axes]":
    return cast("list[Axes]", grid.ravel().tolist())


def _rows(rows: int, columns: int) -> "np.ndarray[Any, Any]":
    figure = new_figure(PAGE, 0.2 + rows * (PAGE / columns + 0.2))
    return np.asarray(figure.subplots(rows, columns, squeeze=False), dtype=object)


def _grid(ax: Any, count: int, what: str, height: float | None = None) -> "np.ndarray[Any, Any]":
    if ax is not None:
        grid = np.atleast_1d(np.asarray(ax, dtype=object))
        if grid.size < count:
            raise ConfigError(f"ax has {grid.size} Axes: must have at least {count}, one for each of the {what}.")
        for one in grid.ravel()[:count]:
            check_axes(one)
        return grid
    columns = int(np.ceil(np.sqrt(count)))
    if height is not None:
        columns = min(columns, 3)  # Labels of more would run into each other.
    rows = int(np.ceil(count / columns))
    width = COLUMN if height is None else COLUMN * min(columns, 2)
    figure = new_figure(width, rows * (width / columns if height is None else height) + 0.2)
    grid = np.asarray(figure.subplots(rows, columns, squeeze=False), dtype=object)
    for axes in _listed(grid)[count:]:
        axes.set_axis_off()
    return grid
