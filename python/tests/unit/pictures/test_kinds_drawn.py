"""Pictures of nodes with classes and counts: bars of the right heights, at the right places."""

from typing import Any

import matplotlib.pyplot as plt
import pytest
import torch
from matplotlib.patches import Rectangle
from torch import nn

import ancestral as anc
from ancestral import analysis
from ancestral._analysis.drawings import draw_kinds

MIXED = {"linear": 2, "categorical": 2, "binary": 1, "count": 1}


def task(seed: int = 4, **proportions: float) -> anc.SCMInstance:
    mechanisms = proportions or MIXED
    return anc.SCMFamily(
        n_nodes=7, sparsity_param=1.3, mechanism_proportions=mechanisms, categorical_score="linear"
    ).sample_task(seed)


def panels(drawn: Any) -> list[Any]:
    """All but the graph's, by what their axes say."""
    return [ax for ax in drawn[1:] if ax.axison]


def test_shares_are_those_of_the_scores() -> None:
    found = task(categorical=1)
    node = next(node for node in found.topological_order if len(found.parents(node)) == 1)
    parent = found.parents(node)[0]
    ax = next(
        ax
        for ax in panels(found.visualize())
        if (ax.get_xlabel(), ax.get_ylabel()) == (f"$X_{{{parent}}}$", f"$P(X_{{{node}}}=k)$")
    )
    classes = torch.arange(float(found.n_classes[parent]))
    right = found.mechanisms[node].scores(classes[:, None]).softmax(1).detach().detach()
    assert ax.get_ylim() == (0, 1)
    assert len(ax.containers) == int(found.n_classes[node])
    for number, bars in enumerate(ax.containers):
        assert bars.get_label() == f"class {number}"
        for place, bar in enumerate(bars):
            assert bar.get_x() + bar.get_width() / 2 == pytest.approx(place, abs=1e-6)
            # Over 512 draws of noise.
            assert bar.get_height() == pytest.approx(float(right[place, number]), abs=5 * 0.5 / 512**0.5)
    tops = [sum(bars[place].get_height() for bars in ax.containers) for place in range(len(classes))]
    assert tops == pytest.approx([1] * len(classes))


def test_each_pair_is_drawn_as_its_values_are() -> None:
    seen: set[tuple[bool, bool]] = set()
    for seed in range(6):
        found = task(seed)
        counts, kinds = found.n_classes.tolist(), found.kind.tolist()
        for ax in panels(found.visualize()):
            label = ax.get_ylabel()
            if ax.get_title() or ax.child_axes:
                continue  # A surface of three continuous nodes.
            parent = int(ax.get_xlabel()[4:-2])
            child = int(label.split("{")[1].split("}")[0])
            assert label.startswith("$P(") == (counts[child] > 0)
            bars = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
            assert bool(bars) == (kinds[child] > 0 or kinds[parent] > 0)
            assert bool(ax.lines) == (not bars)
            if counts[parent]:
                assert {round(bar.get_x() + bar.get_width() / 2, 3) for bar in bars} == set(range(counts[parent]))
            seen.add((counts[child] > 0, counts[parent] > 0))
    assert seen == {(False, False), (False, True), (True, False), (True, True)}


def test_bars_are_quantiles_over_noise() -> None:
    found = task(linear=1, binary=2)
    kinds = found.kind.tolist()
    child, parent = next(
        (child, parent) for child in range(7) if kinds[child] == 0 for parent in found.parents(child) if kinds[parent] == 1
    )
    # A continuous child with other parents than one class reads them at their medians or modes.
    ax = next(
        ax
        for ax in panels(found.visualize())
        if (ax.get_xlabel(), ax.get_ylabel()) == (f"$X_{{{parent}}}$", f"$X_{{{child}}}$")
    )
    x, noise = found.sample(300, draw=0), found.noise(64, draw=1)
    others = found.parents(child)
    columns = x[:, others]
    middle = torch.where(found.n_classes[others] > 0, columns.mode(dim=0).values, columns.median(dim=0).values)
    for number in range(2):
        inputs = middle.repeat(64, 1)
        inputs[:, others.index(parent)] = number
        with torch.no_grad():
            values = found.mechanisms[child](inputs, noise[:, child, 0] if noise.shape[2] == 1 else noise[:, child])
        low, high = torch.quantile(values, torch.tensor([0.1, 0.9])).tolist()
        bar = ax.patches[number]
        assert (bar.get_y(), bar.get_y() + bar.get_height()) == pytest.approx((low, high), abs=1e-4)


def test_worlds_of_classes_lie_side_by_side() -> None:
    found = task()
    node = int((found.n_classes > 2).nonzero()[0])
    for ax in panels(found.do({node: 1.0}).visualize()):
        name = f"$X_{{{node}}}$"
        axis = 0 if ax.get_xlabel() == name else 1 if ax.get_ylabel() == name else None
        assert axis is not None
        before, after = (part.get_offsets()[:, axis] for part in ax.collections)
        assert (abs(before - before.round()) < 0.35).all()
        assert set(after.round().tolist()) == {1.0}
        if axis == 0:
            assert (after > 1).all()


def test_mechanisms_of_ones_own_are_drawn_as_before() -> None:
    class Twice(nn.Module):
        def forward(self, parents: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
            return 2 * parents[:, 0] if parents.shape[1] else noise

    drawn = anc.SCMInstance.from_mechanisms([[0, 1], [0, 0]], [Twice(), Twice()]).visualize()
    assert len(drawn[1].lines) == 1
    assert not drawn[1].patches


def test_bars_of_kinds_are_shares() -> None:
    found = analysis.summary({"n_nodes": 5, "sparsity_param": 1.0, "mechanism_proportions": MIXED}, 20, n_samples=20)
    _, ax = plt.subplots()
    draw_kinds(ax, found)
    heights = [bar.get_height() for bar in ax.patches]
    assert heights[1:] == [found.statistics[name].mean for name in ("binary_nodes", "categorical_nodes", "count_nodes")]
    assert sum(heights) == pytest.approx(1)
    plt.close()


def test_shares_are_drawn_whatever_the_default_dtype_is() -> None:
    torch.set_default_dtype(torch.bfloat16)  # Which numpy doesn't know.
    try:
        assert len(panels(task(categorical=1).visualize())) > 1
    finally:
        torch.set_default_dtype(torch.float32)
