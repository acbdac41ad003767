"""Bars of classes and counts over mechanisms whose quantiles and shares have a closed form."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from torch import Tensor

from ancestral._pictures.discrete import draw_intervals, draw_shares
from ancestral._pictures.mechanism_data import MechanismData

CONTINUOUS, CLASSES, COUNTS = 0, 1, 2


def data(
    parent: Tensor, kinds: tuple[int, int], counts: tuple[int, int], child: Callable[[Tensor, Tensor], Tensor]
) -> MechanismData:
    """0 -> 1, whose rows have noise 0.5; the noise of quantiles is even between 0 and 1."""

    def mechanism(parents: Tensor, noise: Tensor) -> Tensor:
        return child(parents[:, 0], noise)

    noise = torch.linspace(0, 1, 512 if kinds[1] else 64)
    instance: Any = SimpleNamespace(parents=lambda node: [0] if node else [], mechanisms=[None, mechanism])
    x = torch.stack([parent, child(parent, torch.full_like(parent, 0.5))], dim=1)
    return MechanismData(instance, x, noise[:, None, None].expand(-1, 2, 1), list(counts), list(kinds))


def bars(ax: Axes) -> np.ndarray:
    """Centre, width, bottom and height of each."""
    found: Any = ax.patches
    return np.array([[bar.get_x() + bar.get_width() / 2, bar.get_width(), bar.get_y(), bar.get_height()] for bar in found])


def test_intervals_of_a_classs_bars_are_the_noises_quantiles() -> None:
    ax = Figure().subplots()
    parent = torch.arange(300.0) % 3
    draw_intervals(data(parent, (CLASSES, CONTINUOUS), (3, 0), lambda p, noise: 10 * p + noise), 0, 1, ax)
    assert bars(ax) == pytest.approx(np.array([[p, 0.8, 10 * p + 0.1, 0.8] for p in range(3)]), abs=1e-5)
    points, medians = ax.collections
    lines: Any = medians
    assert np.array(lines.get_segments()) == pytest.approx(
        np.array([[[p - 0.4, 10 * p + 0.5], [p + 0.4, 10 * p + 0.5]] for p in range(3)]), abs=1e-5
    )
    across, up = np.asarray(points.get_offsets()).T
    assert up == pytest.approx(10 * parent.numpy() + 0.5)
    assert 0.2 < abs(across - parent.numpy()).max() <= 0.24  # Spread, inside the bars.
    assert list(ax.get_xticks()) == [0, 1, 2]
    assert ax.get_xlim() == pytest.approx((-0.4 - 0.04 * 2.8, 2.4 + 0.04 * 2.8))
    low, high = ax.get_ylim()
    assert -1 < low < 0.1 < 20.9 < high < 22
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$X_{0}$", "$X_{1}$")
    labels = ["10-90 % over noise, other parents at their medians or modes", "data", "median over noise"]
    assert sorted(ax.get_legend_handles_labels()[1]) == labels


@pytest.mark.parametrize(("most", "step"), [(5, 1), (17, 1), (24, 2), (120, 10)])
def test_bars_of_counts_stand_at_whole_numbers(most: int, step: int) -> None:
    ax = Figure().subplots()
    parent = torch.arange(most + 1.0).repeat_interleave(200)  # So that 99 % reach both ends.
    draw_intervals(data(parent, (COUNTS, CONTINUOUS), (0, 0), lambda p, noise: p + noise), 0, 1, ax)
    right = [[at, 0.8 * step, at + 0.1, 0.8] for at in np.arange(0, most + 0.5, step)]
    assert bars(ax) == pytest.approx(np.array(right), abs=1e-4)
    assert np.asarray(ax.collections[0].get_offsets())[:, 0] == pytest.approx(parent.numpy())  # As they are.


def test_bars_of_a_continuous_parent_fill_its_range() -> None:
    ax = Figure().subplots()
    draw_intervals(data(torch.linspace(-6, 6, 1001), (CONTINUOUS, COUNTS), (0, 0), lambda p, noise: p + noise), 0, 1, ax)
    found, width = bars(ax), 0.99 * 12 / 12
    assert found[:, 0] == pytest.approx(-5.94 + width * (np.arange(12) + 0.5), abs=1e-4)
    assert found[:, 1] == pytest.approx(width)
    assert found[:, 2] == pytest.approx(found[:, 0] + 0.1, abs=1e-4)
    assert ax.get_xlim() == pytest.approx((-5.94 - 0.04 * 11.88, 5.94 + 0.04 * 11.88), abs=1e-4)


def test_shares_are_stacked_from_the_first_class_to_1() -> None:
    ax = Figure().subplots()
    # Class 0 below p / 4, class 2 above p / 4 + 1 / 2.
    drawn = data(
        torch.arange(300.0) % 3, (CLASSES, CLASSES), (3, 3), lambda p, u: 1.0 * (u >= p / 4) + 1.0 * (u >= p / 4 + 0.5)
    )
    draw_shares(drawn, 0, 1, ax)
    found = bars(ax).reshape(3, 3, 4)  # [class, p, ...]
    p = np.arange(3)
    assert found[:, :, 0] == pytest.approx(np.tile(p, (3, 1)))
    assert found[:, :, 1] == pytest.approx(0.8)
    assert found[:, :, 2] == pytest.approx(np.stack([0 * p, p / 4, p / 4 + 0.5]), abs=2 / 512)
    assert found[:, :, 3] == pytest.approx(np.stack([p / 4, 0 * p + 0.5, 0.5 - p / 4]), abs=2 / 512)
    assert ax.get_ylim() == (0, 1)
    assert list(ax.get_xticks()) == [0, 1, 2]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$X_{0}$", "$P(X_{1}=k)$")


def test_ten_classes_have_ten_colours() -> None:
    ax = Figure().subplots()
    draw_shares(
        data(torch.arange(300.0) % 2, (CLASSES, CLASSES), (2, 10), lambda p, u: (10 * u).floor().clamp(max=9)), 0, 1, ax
    )
    handles, labels = ax.get_legend_handles_labels()
    assert labels == [f"class {number}" for number in range(10)]
    found: Any = handles
    assert len({to_hex(bars[0].get_facecolor()) for bars in found}) == 10
