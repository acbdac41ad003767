"""Pictures: they return Axes, show nothing, and leave matplotlib as it was."""

import io
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from torch import Tensor, nn

import ancestral as anc

MIXED = {"mechanism_proportions": {"linear": 1, "mlp": 1, "gpcde": 1}, "gpcde_features": 32}


@pytest.fixture(autouse=True)
def matplotlib_is_left_alone() -> Any:
    before = dict(mpl.rcParams)
    yield
    assert dict(mpl.rcParams) == before
    assert pyplot.get_fignums() == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n_nodes", [2, 6, 20])
def test_makes_a_figure_with_the_graph_and_its_mechanisms(n_nodes: int, seed: int) -> None:
    task = anc.SCMFamily(n_nodes, sparsity_param=0.5, **MIXED).sample_task(seed)
    axes = task.visualize()
    # Two parents share a surface; any other parent has a curve.
    panels = sum(1 if parents == 2 else parents for parents in task.adjacency_matrix.sum(dim=0).int().tolist())
    assert len(axes) == 1 + min(9, panels)
    assert [text.get_text() for text in axes[0].texts if text.get_text()] == [str(node) for node in range(n_nodes)]
    assert all(panel.get_xlabel() and panel.get_ylabel() and panel.collections for panel in axes[1:])
    axes[0].figure.savefig(io.BytesIO())


def test_draws_the_graph_into_one_axes() -> None:
    ax = Figure().subplots()
    assert anc.SCMFamily(6).sample_task(0).visualize(ax) is ax
    assert ax.collections


def test_draws_into_the_axes_it_is_given() -> None:
    axes = Figure().subplots(2, 2)
    found = anc.SCMFamily(6, **MIXED).sample_task(0).visualize(axes)
    assert isinstance(found, np.ndarray)
    assert found.shape == (2, 2)
    assert all(ax.collections for ax in axes.ravel()[1:])


def test_takes_no_draw_of_the_instance() -> None:
    task = anc.SCMFamily(5).sample_task(0)
    task.visualize()
    assert task.sample(3).equal(task.sample(3, draw=0))


def test_a_family_draws_an_example_of_a_seed_or_a_random_one() -> None:
    family = anc.SCMFamily(5)
    axes = family.plot_example(seed=4)
    assert axes[0].get_title() == "seed 4"
    assert family.plot_example()[0].get_title() != family.plot_example()[0].get_title()
    ax = Figure().subplots()
    assert isinstance(family.plot_example(4, ax=ax), Axes)


def test_draws_one_node_and_heavy_tails() -> None:
    anc.SCMFamily(1, sparsity_param=0.0).sample_task(0).visualize()
    anc.SCMFamily(6, noise_type="cauchy").sample_task(0).visualize()[0].figure.savefig(io.BytesIO())


def test_draws_a_users_mechanisms() -> None:
    class Mean(nn.Module):
        def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
            return parents.sum(dim=1) + noise

    family = anc.SCMFamily(5, mechanism_factory=lambda adjacency_matrix, *, seed: [Mean() for _ in adjacency_matrix])
    axes = family.sample_task(1).visualize()
    assert axes[0].get_legend().get_texts()[0].get_text() == "Mean"


def test_a_surface_is_the_mechanism_of_both_parents() -> None:
    class Product(nn.Module):
        def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
            return parents.prod(dim=1) if parents.shape[1] else noise

    collider = np.array([[0, 0, 1], [0, 0, 1], [0, 0, 0]])
    family = anc.SCMFamily(
        3,
        graph_generator=lambda n_nodes, *, seed: collider,
        mechanism_factory=lambda adjacency_matrix, *, seed: [Product() for _ in adjacency_matrix],
    )
    _, surface = family.sample_task(0).visualize()
    assert (surface.get_xlabel(), surface.get_ylabel()) == ("$X_{0}$", "$X_{1}$")
    filled, data = surface.collections
    # A level set of a product lies on hyperbolas: no noise, so each point's colour is that of the surface below it.
    for (x, y), value in zip(np.asarray(data.get_offsets()), np.asarray(data.get_array()), strict=True):
        assert x * y == pytest.approx(value, rel=1e-5, abs=1e-6)
    layers = filled.get_paths()[1:-1]  # The first and the last are beyond the levels.
    assert sum(len(layer.vertices) > 0 for layer in layers) >= 3
    for layer, low, high in zip(layers, filled.levels[:-1], filled.levels[1:], strict=True):
        values = layer.vertices.prod(axis=1)
        assert all(low - (high - low) / 2 <= value <= high + (high - low) / 2 for value in values)


@pytest.mark.parametrize("ax", [3, Figure(), "axes", [[1, 2], [3, 4]]])
def test_what_is_no_axes_is_refused(ax: Any) -> None:
    family = anc.SCMFamily(4, sparsity_param=1.0)
    for draw in (family.sample_task(0).visualize, lambda ax: anc.analysis.spectra(family, ax, n_tasks=2)):
        with pytest.raises(anc.ConfigError, match=r"ax is, or holds, something of type .*: must be Axes of matplotlib"):
            draw(ax)
    with pytest.raises(anc.ConfigError, match=r"ax is, or holds, something of type .*: must be Axes of matplotlib"):
        anc.analysis.adjacency_grid(family, ax, n_graphs=1)


@pytest.mark.parametrize("ax", [[], np.empty((0, 3), dtype=object)])
def test_no_axes_at_all_are_refused(ax: Any) -> None:
    with pytest.raises(anc.ConfigError, match=r"^ax has no Axes: must have one or more"):
        anc.SCMFamily(6).sample_task(0).visualize(ax)


def test_draws_into_a_figure_inside_another_in_its_colour() -> None:
    figure = Figure(figsize=(6, 3), layout="constrained", facecolor="#123456")
    inner = figure.subfigures(1, 2)[1].subfigures(2, 1)[0]
    ax = anc.SCMFamily(6, sparsity_param=1.0).sample_task(0).visualize(inner.subplots())
    assert isinstance(ax, Axes)
    assert all(to_hex(face) == "#123456" for nodes in ax.collections for face in nodes.get_facecolor())
    figure.savefig(io.BytesIO())
    # Markers have their share of a page that is a fourth of the figure: 3 inches by 1.5.
    places = np.concatenate([np.asarray(nodes.get_offsets()) for nodes in ax.collections])
    layers, most = np.unique(places[:, 0].round(6), return_counts=True)
    across, up = np.ptp(ax.transData.transform([(0, 0), (1, 1)]), axis=0) * 72 / figure.dpi
    (area,) = {float(size) for nodes in ax.collections for size in nodes.get_sizes()}
    assert area**0.5 == pytest.approx(min(15.5, 0.6 * across / (len(layers) - 1), 0.8 * up / (most.max() - 1)), rel=0.01)


def test_figures_leave_the_current_one_as_it_is() -> None:
    current = pyplot.figure()
    try:
        family = anc.SCMFamily(4, sparsity_param=1.0)
        family.sample_task(0).visualize()
        anc.analysis.spectra(family, n_tasks=2)
        assert pyplot.gcf() is current
        assert pyplot.get_fignums() == [current.number]
        assert current.axes == []
    finally:
        pyplot.close(current)
