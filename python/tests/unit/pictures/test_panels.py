"""What panels share: their limits, ticks and spread, in closed form."""

import math

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from ancestral._pictures.panels import class_ticks, limit, name_axes, spread, value_range


@pytest.mark.parametrize(
    ("count", "ticks"), [(1, [0]), (2, [0, 1]), (6, [0, 1, 2, 3, 4, 5]), (7, [0, 2, 4, 6]), (8, [0, 2, 4, 6])]
)
def test_ticks_are_classes_from_the_first_on(count: int, ticks: list[int]) -> None:
    assert list(class_ticks(count)) == ticks


def test_limits_have_a_margin_of_a_twenty_fifth() -> None:
    ax = Figure().subplots()
    limit(ax, (-1.0, 4.0), (10.0, 20.0))
    assert ax.get_xlim() == pytest.approx((-1.2, 4.2))
    assert ax.get_ylim() == pytest.approx((9.6, 20.4))


def test_a_range_is_that_of_99_of_100_values_and_never_empty() -> None:
    assert value_range(torch.arange(1001.0).flip(0)) == pytest.approx((5, 995))
    assert value_range(torch.full((9,), 3.0)) == (2, 4)
    assert value_range(torch.tensor([7.0])) == (6, 8)


@pytest.mark.parametrize("count", [2, 50, 300, 1000])
def test_spread_rows_leave_no_gap(count: int) -> None:
    """Of a golden rotation's first n points no gap is longer than the sum of the two shorter ones (three-distance theorem)."""
    found = spread(count, 0.25).double().sort().values
    assert -0.25 <= found[0] <= found[-1] <= 0.25
    gaps = found.diff()
    assert float(gaps.max()) < 2.7 * 0.5 / count
    assert len({round(float(gap), 4) for gap in gaps}) <= 6  # Three lengths, each rounded to one of two.


def test_two_steps_fill_a_square() -> None:
    """So rows of two classes are no line: each of 25 cells has its share of 1000 rows."""
    x, y = spread(1000, 0.5), spread(1000, 0.5, step=math.sqrt(2) - 1)
    cells, _, _ = np.histogram2d(x.numpy(), y.numpy(), bins=5, range=[[-0.5, 0.5]] * 2)
    assert (abs(cells - 40) < 20).all()


def test_axes_are_named_and_have_few_ticks() -> None:
    ax = Figure(figsize=(6, 6)).subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    name_axes(ax, 3, 12)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$X_{3}$", "$X_{12}$")
    assert len(ax.get_xticks()) <= 4
    assert len(ax.get_yticks()) <= 5
    assert [ax.spines[side].get_visible() for side in ("left", "bottom", "right", "top")] == [True, True, False, False]
    assert {label.get_fontsize() for label in (*ax.get_xticklabels(), *ax.get_yticklabels())} == {6}
    assert {label.get_fontsize() for label in (ax.xaxis.label, ax.yaxis.label)} == {8}
