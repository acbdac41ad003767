"""What a reader takes off the axes of pictures is what is there: whole degrees, shares as they are, names beside the bars."""

from itertools import pairwise

import pytest
from matplotlib.figure import Figure

import ancestral as anc
from ancestral import analysis
from ancestral._pictures.style import percent

EMPTY = anc.FamilyConfig(n_nodes=4, sparsity_param=0.0)


def test_degrees_of_empty_graphs_are_told_as_whole_numbers() -> None:
    for axes in (analysis.degree_histogram(EMPTY, n_tasks=5), analysis.overlays({"empty": EMPTY}, n_tasks=5).item(0)):
        low, high = axes.get_xlim()
        assert [tick for tick in axes.get_xticks() if low <= tick <= high] == [0.0]


def test_the_names_of_bars_lie_above_them() -> None:
    axes = analysis.degree_histogram({"empty": EMPTY, "dense": anc.FamilyConfig(n_nodes=9)}, n_tasks=5).ravel()
    axes[0].figure.canvas.draw()
    for one in axes[:2]:
        top = one.transAxes.transform((0, 1))[1]
        names, title = one.get_legend().get_window_extent(), one.title.get_window_extent()
        assert top - 1 <= names.y0 < names.y1 <= title.y0 + 2


@pytest.mark.parametrize(("share", "told"), [(0.175, "17.5%"), (0.2, "20%"), (0.0, "0%"), (1.0, "100%"), (0.0025, "0.25%")])
def test_percent_are_not_rounded_to_other_ones(share: float, told: str) -> None:
    axes = Figure().subplots()
    percent(axes.yaxis)
    assert axes.yaxis.get_major_formatter()(share) == told


def test_names_of_rows_of_matrices_keep_apart() -> None:
    grid = analysis.adjacency_grid({f"test/a long family name {k}": EMPTY for k in range(3)})
    grid[0, 0].figure.canvas.draw()
    boxes = [row[0].yaxis.label.get_window_extent() for row in grid]
    assert all(upper.y0 > lower.y1 for upper, lower in pairwise(boxes))


def test_many_kinds_leave_the_graph_its_room() -> None:
    kinds = ("linear", "quadratic", "log_space", "sigmoid_additive", "periodic", "logistic_map", "tree")
    family = anc.SCMFamily(11, mechanism_proportions=dict.fromkeys(kinds, 1.0))
    axes = family.sample_task(2).visualize()
    axes[0].figure.canvas.draw()
    assert len(axes[0].get_legend().get_texts()) == 6
    assert axes[0].bbox.width / axes[0].figure.dpi > 1.7  # Inches; a third of that where four names stood side by side.
