"""What a reader takes off the axes of pictures is what is there: whole degrees, shares as they are, names beside the bars."""

from itertools import pairwise

import matplotlib.style
import numpy as np
import pytest
from matplotlib.colors import to_rgb
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


def test_the_names_of_curves_are_whole_beside_one_panel() -> None:
    axes = anc.SCMFamily(2, sparsity_param=0.5).sample_task(3).visualize()
    axes[0].figure.canvas.draw()
    (legend,) = axes[0].figure.legends
    names, page = legend.get_window_extent(), axes[0].figure.bbox
    assert [text.get_text() for text in legend.get_texts()] == ["data", axes[1].collections[1].get_label(), "median over noise"]
    assert page.x0 <= names.x0 < names.x1 <= page.x1
    assert axes[1].collections[0].get_sizes()[0] < 4 < legend.legend_handles[0].get_sizes()[0]  # Points that can be seen.


def test_labels_of_many_histograms_keep_apart() -> None:
    grid = analysis.degree_histogram({f"test/family {k}": EMPTY for k in range(10)}, n_tasks=2)
    grid[0, 0].figure.canvas.draw()
    boxes = [axes.xaxis.label.get_window_extent() for axes in grid[0]]
    letter = 5 * grid[0, 0].figure.dpi / 72
    assert all(right.x0 - left.x1 > 2 * letter for left, right in pairwise(boxes))


def test_the_first_family_is_seen_below_one_that_equals_it() -> None:
    first, second = analysis.spectra({"train": EMPTY, "test/id": EMPTY}, n_tasks=2).patches
    assert first.get_linewidth() >= 2 * second.get_linewidth()


@pytest.mark.parametrize(("style", "paper"), [("default", 1.0), ("dark_background", 0.0)])
def test_numbers_of_nodes_can_be_read_in_any_style(style: str, paper: float) -> None:
    with matplotlib.style.context(style):
        axes = anc.SCMFamily(5, sparsity_param=1.0).sample_task(3).visualize()[0]
    faces = np.concatenate([np.asarray(nodes.get_facecolor())[:, :3] for nodes in axes.collections])
    assert np.all(faces == paper)
    assert all(to_rgb(text.get_color()) == (1 - paper,) * 3 for text in axes.texts if text.get_text())
    assert all(to_rgb(handle.get_markerfacecolor()) == (paper,) * 3 for handle in axes.get_legend().legend_handles)
