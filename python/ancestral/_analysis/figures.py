"""The figures of families, which reports and loggers show: a new one is a function and a line of a table."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .._pictures.short_names import plain_name
from .._pictures.style import COLUMN, new_figure, one_axes
from .design_drawings import DESIGN_STATISTICS, draw_design
from .distances import Distance
from .drawings import KINDS, draw_kinds, draw_matrix
from .given_results import measures_of
from .measured_families import Measured, MeasuredFamily
from .overlay_drawings import draw_correlations, draw_degree_lines, draw_edge_counts, draw_marginals, lines_height, name_lines
from .plots import adjacency_grid, degree_histogram, sortability_ladder, spectra
from .rank_correlations import rank_correlation
from .result_drawings import Interval, draw_results
from .shapes import Shapes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Given = TypeVar("Given", Measured, MeasuredFamily)

MEASURES = ("spectral_energy", "data_energy")
"""The measures that figures show."""
_MOST_SPECTRA = 200


@dataclass(frozen=True)
class Figure(Generic[Given]):
    """One figure, of a family or of all."""

    name: str
    """In a logger, after the family's."""
    caption: str
    needs: Callable[[Given], bool]
    """Tells whether there is anything to draw."""
    draw: Callable[[Given], Any]
    """Gives Axes of the drawing."""


def drawn(table: Sequence[Figure[Given]], given: Given) -> Iterator[tuple[Figure[Given], Any]]:
    """The figures of a table that have what they need, each with that of matplotlib."""
    for figure in table:
        if figure.needs(given):
            yield figure, figure.draw(given).figure


def _always(_: object) -> bool:
    return True


# ------------------------------------------------------------------------------------------------ of one family


def _degrees(given: MeasuredFamily) -> Any:
    return degree_histogram(given.summary)


def _spectra(given: MeasuredFamily | Measured) -> Any:
    return spectra(given.tasks, n_tasks=min(given.plan.n_tasks, _MOST_SPECTRA), seed=given.plan.seed)


def _has_kinds(given: MeasuredFamily) -> bool:
    return all(name in given.summary.statistics for name in KINDS)


def _kinds(given: MeasuredFamily) -> Any:
    axes = one_axes(None, 2.2)
    draw_kinds(axes, given.summary)
    return axes


def _adjacency(given: MeasuredFamily) -> Any:
    return adjacency_grid(given.tasks, seed=given.plan.seed).item(0)


def _has_example(given: MeasuredFamily) -> bool:
    return given.tasks.example(given.plan.seed) is not None


def _task(given: MeasuredFamily) -> Any:
    example = given.tasks.example(given.plan.seed)
    figure = new_figure(COLUMN, 5.6)
    grid = figure.add_gridspec(3, 2, height_ratios=[2.4, 1, 1])
    panels = [figure.add_subplot(grid[0, :]), *(figure.add_subplot(grid[1 + k // 2, k % 2]) for k in range(4))]
    if example is not None:
        example.visualize(panels)
    return panels[0]


def _has_design(given: MeasuredFamily) -> bool:
    return given.design is not None and any(name in given.design.summary.statistics for name in DESIGN_STATISTICS)


def _design(given: MeasuredFamily) -> Any:
    axes = one_axes(None, 2.2)
    if given.design is not None:
        draw_design(axes, given.design.summary)
    return axes


OF_A_FAMILY: tuple[Figure[MeasuredFamily], ...] = (
    Figure("degrees", "Degrees of nodes", _always, _degrees),
    Figure("kinds", "Values of nodes: the mean and the central 90 % of tasks", _has_kinds, _kinds),
    Figure("spectra", "Spectra of the graphs", _always, _spectra),
    Figure("adjacency", "Adjacency matrices in topological order: row i, column j is i → j", _always, _adjacency),
    Figure("task", "A task: its graph, and its mechanisms over data: medians and 10-90 % over noise", _has_example, _task),
    Figure("design", "What the design does: the mean and the central 90 % of tasks", _has_design, _design),
)


# ------------------------------------------------------------------------------------------------ of all families


def _have_rows(given: Measured) -> bool:
    return all("var_sortability" in found.statistics for found in given.summaries.values())


def _ladder(given: Measured) -> Any:
    return sortability_ladder(given.summaries)


def _are_several(given: Measured) -> bool:
    return len(given.tasks) > 1


def _distances(name: str, metric: str) -> Figure[Measured]:
    """The distances of all pairs by one measure."""

    def needs(given: Measured) -> bool:
        return _are_several(given) and any(metric in pair for pair in given.pairs.values())

    def draw(given: Measured) -> Any:
        axes = one_axes(None, COLUMN)
        entries = {places: pair[metric] for places, pair in given.pairs.items() if metric in pair}
        draw_matrix(axes, list(given.names), metric, entries)
        return axes

    return Figure(name, f"Distances of all pairs, {metric}", needs, draw)


def _overlay(
    name: str, caption: str, draw: "Callable[[Axes, Measured], None]", has: "Callable[[Shapes], bool] | None" = None
) -> Figure[Measured]:
    """A line for each family that `has` one."""

    def needs(given: Measured) -> bool:
        return _are_several(given) and (has is None or any(map(has, given.shapes.values())))

    def drawing(given: Measured) -> Any:
        axes = one_axes(None, lines_height(len(given.tasks)))
        draw(axes, given)
        name_lines(axes, len(given.tasks))
        return axes

    return Figure(name, caption, needs, drawing)


def _results(metric: str) -> Figure[Measured]:
    """A network's first result over the distances by one measure."""

    def known(given: Measured) -> dict[str, tuple[Distance, Interval]]:
        """Where the first result of a family is a number, beside its distance."""
        measure = next(iter(measures_of(given.results)), "")
        found = {name: (given.pairs[0, j], given.results.get(name, {})) for j, name in enumerate(given.names) if j}
        return {
            name: (pair[metric], own[measure])
            for name, (pair, own) in found.items()
            if metric in pair and measure in own and math.isfinite(own[measure].value)
        }

    def needs(given: Measured) -> bool:
        return len(known(given)) > 0

    def draw(given: Measured) -> Any:
        measure = measures_of(given.results)[0]
        beside = known(given)
        distances = {name: place for name, (place, _) in beside.items()}
        found = {name: result for name, (_, result) in beside.items()}
        axes = one_axes(None, 2.6 + 0.15 * ((len(found) + 1) // 2))
        draw_results(
            axes,
            distances,
            found,
            rank_correlation([one.value for one in distances.values()], [one.value for one in found.values()]),
            (f"distance from {plain_name(given.names[0])}, {metric}", plain_name(measure.replace("_", " "))),
        )
        return axes

    return Figure(f"results_{metric}", f"The network's result over distance, {metric}", needs, draw)


OF_ALL: tuple[Figure[Measured], ...] = (
    *map(_results, MEASURES),
    _overlay("parents", "Parents of a node", lambda axes, given: draw_degree_lines(axes, given.summaries, "parents")),
    _overlay("children", "Children of a node", lambda axes, given: draw_degree_lines(axes, given.summaries, "children")),
    _overlay("edges", "Edges of a task", lambda axes, given: draw_edge_counts(axes, given.shapes)),
    _overlay(
        "marginals",
        "Marginals: quantiles of columns with mean 0 and standard deviation 1, minus those of the normal law",
        lambda axes, given: draw_marginals(axes, given.shapes),
        lambda one: one.quantiles is not None,
    ),
    _overlay(
        "correlations",
        "Correlations",
        lambda axes, given: draw_correlations(axes, given.shapes),
        lambda one: one.correlations is not None,
    ),
    Figure(
        "sortability",
        "Sortability: the mean and the central 90 % of tasks. Away from 0.5, data give the causal order away",
        _have_rows,
        _ladder,
    ),
    Figure("spectra", "Spectra of the graphs", _are_several, _spectra),
    _distances("distances", "spectral_energy"),
    _distances("data_distances", "data_energy"),
)
