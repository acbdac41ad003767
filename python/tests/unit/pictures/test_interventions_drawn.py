"""What visualize shows of an intervention, read off its artists: targets, cut edges, and the rows of both worlds."""

from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

import ancestral as anc
from ancestral._pictures.style import TINT

# 0 -> 1 -> 2 and 0 -> 2; 1 is the target.
TASK = anc.SCMFamily(3, lambda n_nodes, *, seed: torch.ones(3, 3).triu(1), "linear").sample_task(1)


def arrows(ax: Axes, *, cut: bool) -> set[tuple[int, int]]:
    """The edges that are drawn dashed, or those that are not."""
    nodes = {text.get_position(): int(text.get_text()) for text in ax.texts if text.get_text()}
    found: list[Any] = [text for text in ax.texts if not text.get_text()]
    return {(nodes[text.xyann], nodes[text.xy]) for text in found if (text.arrow_patch.get_linestyle() != "-") == cut}


def marked(ax: Axes) -> set[int]:
    """The nodes whose markers are filled."""
    nodes = {text.get_position(): int(text.get_text()) for text in ax.texts if text.get_text()}
    return {
        nodes[tuple(place)]
        for collection in ax.collections
        for place, face in zip(np.asarray(collection.get_offsets()), collection.get_facecolor(), strict=True)
        if to_hex(face).lower() == TINT.lower()
    }


def words(ax: Axes) -> list[str]:
    legend = ax.get_legend()
    assert legend is not None
    return [text.get_text() for text in legend.get_texts()]


@pytest.mark.parametrize(
    ("after", "cut"),
    [
        (TASK.do({1: 2.0}), {(0, 1)}),
        (TASK.intervene("do", {1: 2.0}), {(0, 1)}),
        (TASK.intervene("stochastic", {1: lambda own: own}), {(0, 1)}),
        (TASK.intervene("edge_removal", {2: [1]}), {(1, 2)}),
        (TASK.intervene("shift", {1: 2.0}), set()),
        (TASK.intervene("shift", {1: 2.0}).do({2: 0.0}), {(0, 2), (1, 2)}),
    ],
)
def test_cut_edges_are_dashed_and_targets_marked(after: anc.SCMInstance, cut: set[tuple[int, int]]) -> None:
    ax: Any = after.visualize(Figure().subplots())
    assert arrows(ax, cut=True) == cut
    assert arrows(ax, cut=False) == {(0, 1), (0, 2), (1, 2)} - cut
    targets = {(0, 1): {1}, (1, 2): {2}, (0, 2): {1, 2}}
    assert marked(ax) == targets[min(cut, default=(0, 1))]
    assert ("cut edge" in words(ax)) == bool(cut)
    assert "target" in words(ax)


def test_a_task_that_nothing_was_done_to_has_no_such_marks() -> None:
    ax: Any = TASK.visualize(Figure().subplots())
    assert arrows(ax, cut=True) == marked(ax) == set()
    assert words(ax) == ["linear"]


def test_beside_it_are_the_rows_of_both_worlds() -> None:
    after = TASK.intervene("shift", {1: 2.0})
    graph, *panels = after.visualize()
    assert graph.get_title() == "seed 1, shift"
    assert [(panel.get_xlabel(), panel.get_ylabel()) for panel in panels] == [("$X_{1}$", "$X_{2}$"), ("$X_{0}$", "$X_{1}$")]
    for panel, pair in zip(panels, ([1, 2], [0, 1]), strict=True):
        for points, task in zip(panel.collections, (TASK, after), strict=True):
            assert np.asarray(points.get_offsets()) == pytest.approx(task.sample(300, draw=0)[:, pair].numpy(), abs=1e-5)
    legend = panels[0].figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["without intervention", "under intervention, same noise"]
    # What fits is told, as for mechanisms.
    first: Any = np.ravel(np.asarray(after.visualize(Figure().subplots(1, 2)), dtype=object))[0]
    assert first.get_title() == "seed 1, shift\n1 of 2 pairs left out"


@pytest.mark.parametrize("rows", [5, 400])
def test_values_for_each_row_decide_how_many_are_shown(rows: int) -> None:
    after = TASK.intervene("noise_scale", {1: torch.linspace(1, 4, rows)}).intervene("shift", {0: 1.0})
    panel = after.visualize()[1]
    expected = after.sample(rows, draw=0)[:300, 0].numpy()
    assert np.asarray(panel.collections[1].get_offsets())[:, 0] == pytest.approx(expected)


def test_copies_know_what_was_done() -> None:
    ax: Any = TASK.do({1: 2.0}).to("cpu").visualize(Figure().subplots())
    assert arrows(ax, cut=True) == {(0, 1)}


def axes_of(panels: Any) -> list[tuple[int, int]]:
    """What is drawn over what."""
    return [(int(panel.get_xlabel()[4:-2]), int(panel.get_ylabel()[4:-2])) for panel in panels if panel.axison]


def test_panels_take_turns_between_targets_and_between_effects_and_causes() -> None:
    edges = torch.zeros(7, 7)
    for cause, effect in ((0, 1), (1, 2), (1, 3), (1, 6), (3, 4), (4, 5)):
        edges[cause, effect] = 1
    task = anc.SCMFamily(7, lambda n_nodes, *, seed: edges, "linear").sample_task(0)
    _, *panels = task.do({4: 0.5, 1: 2.0}).visualize()
    assert axes_of(panels) == [(1, 2), (4, 5), (0, 1), (3, 4), (1, 3), (1, 6)]
    _, *panels = task.do({1: 0.5, 3: 2.0}).visualize()
    assert axes_of(panels) == [(1, 2), (3, 4), (0, 1), (1, 3), (1, 6)]  # 1 -> 3 once.


def test_limits_hold_both_worlds() -> None:
    after = TASK.intervene("shift", {1: 30.0})
    _, panel, _ = after.visualize()
    rows = torch.cat([task.sample(300, draw=0)[:, 1:] for task in (TASK, after)])
    for limits, column in ((panel.get_xlim(), rows[:, 0]), (panel.get_ylim(), rows[:, 1])):
        low, high = np.quantile(column.double().numpy(), [0.005, 0.995])
        assert limits == pytest.approx((low - 0.04 * (high - low), high + 0.04 * (high - low)), rel=1e-4)


@pytest.mark.parametrize("kinds", [("linear", "binary"), ("binary", "linear"), ("binary", "binary")])
def test_worlds_of_classes_stand_on_either_side(kinds: tuple[str, str]) -> None:
    family = anc.SCMFamily(
        2, lambda n_nodes, *, seed: torch.ones(2, 2).triu(1), mechanism_proportions=dict.fromkeys(kinds, 1.0)
    )
    task = next(
        task
        for task in map(family.sample_task, range(60))
        if tuple(task.kind.tolist()) == tuple(map("lb".find, (k[0] for k in kinds)))
    )
    after = task.do({0: 1.0})
    panel = after.visualize()[1]
    for side, points, rows in zip(
        (-0.2, 0.2), panel.collections, (task.sample(300, draw=0), after.sample(300, draw=0)), strict=True
    ):
        moved = np.asarray(points.get_offsets()) - rows.numpy()
        across, up = (kind == "binary" for kind in kinds)
        for column, is_class, shift in ((0, across, side), (1, up, 0.0 if across else side)):
            assert abs(moved[:, column] - is_class * shift).max() == pytest.approx(0.14 if is_class else 0, abs=0.003)
    for is_class, ticks in zip((kind == "binary" for kind in kinds), (panel.get_xticks(), panel.get_yticks()), strict=True):
        assert list(ticks) == [0, 1] if is_class else len(ticks) > 2
