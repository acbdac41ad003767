"""What pictures show, read off their artists: the numbers and the arrows of the task or the families, and no others."""

from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import ArrowStyle
from matplotlib.transforms import Affine2D
from torch import Tensor, nn

import ancestral as anc
from ancestral import analysis
from ancestral._analysis.spectral import spectral_law
from mechanism_kinds import KINDS

SPARSE, DENSE = anc.FamilyConfig(n_nodes=6, sparsity_param=0.5), anc.FamilyConfig(n_nodes=6, sparsity_param=2.0)


def family_of(graph: Any, mechanism: type[nn.Module] | None = None) -> anc.SCMFamily:
    matrix = torch.as_tensor(graph, dtype=torch.float32)
    factory = None if mechanism is None else (lambda adjacency_matrix, *, seed: [mechanism() for _ in adjacency_matrix])
    return anc.SCMFamily(len(matrix), graph_generator=lambda n_nodes, *, seed: matrix, mechanism_factory=factory)


def graph(n: int, *edges: tuple[int, int]) -> Tensor:
    found = torch.zeros(n, n)
    for i, j in edges:
        found[i, j] = 1
    return found


CHAIN = graph(20, *((i, i + 1) for i in range(19)))
STAR = graph(20, *((0, i) for i in range(1, 20)))
SINK = graph(20, *((i, 19) for i in range(19)))


class Cube(nn.Module):
    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return parents[:, 0] ** 3 if parents.shape[1] else noise


class Weighted(nn.Module):
    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        weights = torch.arange(1.0, 1 + parents.shape[1])
        return parents @ weights if parents.shape[1] else noise


# ------------------------------------------------------------------------------------------------------- one task


def arrows(ax: Axes) -> set[tuple[int, int]]:
    """Which nodes each arrow leads from and to: where its tail and its head are."""
    nodes = {text.get_position(): int(text.get_text()) for text in ax.texts if text.get_text()}
    found: list[Any] = [text for text in ax.texts if not text.get_text()]
    assert all(isinstance(text.arrow_patch.get_arrowstyle(), ArrowStyle.CurveFilledB) for text in found)  # A head at the end.
    return {(nodes[text.xyann], nodes[text.xy]) for text in found}


@pytest.mark.parametrize("seed", range(3))
def test_arrows_lead_from_cause_to_effect(seed: int) -> None:
    task = anc.SCMFamily(8, sparsity_param=1.5).sample_task(seed)
    edges = {(int(i), int(j)) for i, j in task.adjacency_matrix.nonzero()}
    assert arrows(task.visualize(Figure().subplots())) == edges  # pyright: ignore[reportArgumentType]
    # To the right, as time goes.
    ax = task.visualize()[0]
    places = {int(text.get_text()): text.get_position()[0] for text in ax.texts if text.get_text()}
    assert arrows(ax) == edges
    assert all(places[i] < places[j] for i, j in edges)


def test_a_curve_is_the_mechanism() -> None:
    _, panel = family_of(graph(2, (1, 0)), Cube).sample_task(0).visualize()
    (line,) = panel.get_lines()
    x, y = (np.asarray(values, dtype=np.float64) for values in line.get_data())
    assert (panel.get_xlabel(), panel.get_ylabel()) == ("$X_{1}$", "$X_{0}$")
    assert y == pytest.approx(x**3, rel=1e-5, abs=1e-6)
    assert x.max() - x.min() > 3
    data = np.asarray(panel.collections[0].get_offsets())
    assert data[:, 1] == pytest.approx(data[:, 0] ** 3, rel=1e-5)


def test_every_kind_of_mechanism_looks_another() -> None:
    task = anc.SCMFamily(80, sparsity_param=2.0, mechanism_proportions=dict.fromkeys(KINDS, 1.0)).sample_task(1)
    legend: Any = task.visualize()[0].get_legend()
    looks = {each.get_label(): (each.get_marker(), each.get_markeredgecolor()) for each in legend.legend_handles}
    assert set(looks) == set(KINDS)
    assert len(set(looks.values())) == len(KINDS)


def test_other_parents_are_at_their_medians() -> None:
    task = family_of(graph(4, (0, 3), (1, 3), (2, 3)), Weighted).sample_task(0)
    medians = task.sample(300, draw=0).median(dim=0).values
    _, *panels = task.visualize()
    assert [panel.get_xlabel() for panel in panels] == ["$X_{0}$", "$X_{1}$", "$X_{2}$"]
    for parent, panel in enumerate(panels):
        x, y = (np.asarray(values) for values in panel.get_lines()[0].get_data())
        others = sum((other + 1) * float(medians[other]) for other in range(3) if other != parent)
        assert y == pytest.approx((parent + 1) * x + others, rel=1e-4, abs=1e-4)


def test_an_engines_curve_is_the_mechanism_at_the_noises_median() -> None:
    task = anc.SCMFamily(2, sparsity_param=0.5, mechanism_factory="linear").sample_task(3)
    child = next(node for node in range(2) if task.parents(node))
    x, y = (torch.as_tensor(values) for values in task.visualize()[1].get_lines()[0].get_data())
    noise = task.noise(64, draw=1)[:, child, 0]
    with torch.no_grad():
        mechanism = task.mechanisms[child]
        expected = torch.stack([mechanism(at.repeat(64, 1), noise).quantile(0.5) for at in x])
    assert torch.allclose(y, expected, atol=1e-5)
    assert y.std() > 0.01


def test_what_is_left_out_is_told() -> None:
    def title(task: anc.SCMInstance, ax: Any = None) -> str:
        return np.ravel(np.asarray(task.visualize(ax), dtype=object))[0].get_title()

    assert title(family_of(CHAIN).sample_task(1)) == "seed 1\n10 of 19 mechanisms left out"
    assert title(family_of(SINK).sample_task(1)) == "seed 1\n10 of 19 curves left out"
    assert title(family_of(graph(4, (0, 1), (1, 2))).sample_task(1)) == "seed 1"
    assert title(family_of(CHAIN).sample_task(1), Figure().subplots(2, 2)) == "seed 1\n16 of 19 mechanisms left out"
    assert title(family_of(CHAIN).sample_task(1), Figure().subplots()) == "seed 1"  # The graph alone was asked for.


def boxes(ax: Axes, dpi: float) -> tuple[np.ndarray, np.ndarray]:
    """Centres [n, 2] and sizes [n, 2] of all markers, in pixels."""
    centres, sizes = [], []
    for collection in ax.collections:
        extent = collection.get_paths()[0].get_extents(Affine2D(collection.get_transforms()[0]))
        width = float(collection.get_linewidths()[0]) * dpi / 72
        offsets = ax.transData.transform(np.asarray(collection.get_offsets()))
        centres.append(offsets)
        sizes.append(np.tile([extent.width + width, extent.height + width], (len(offsets), 1)))
    return np.concatenate(centres), np.concatenate(sizes)


MIXED = {"linear": 1.0, "mlp": 1.0, "gpcde": 1.0}
TWENTY = {
    "sparse": anc.SCMFamily(20, sparsity_param=0.5, mechanism_proportions=MIXED, gpcde_features=16),
    "dense": anc.SCMFamily(20, sparsity_param=5.0, mechanism_proportions=MIXED, gpcde_features=16),
    "no edge": anc.SCMFamily(20, sparsity_param=0.0),
    "chain": family_of(CHAIN),
    "star": family_of(STAR),
    "complete": family_of(torch.ones(20, 20).triu(1)),
}


@pytest.mark.parametrize("name", TWENTY)
@pytest.mark.parametrize("given", ["new", "one", "grid"])
def test_no_marker_touches_another_at_20_nodes(name: str, given: str) -> None:
    for seed in range(3 if name in ("sparse", "dense") and given == "one" else 1):
        task = TWENTY[name].sample_task(seed)
        ax: Any = {"new": None, "one": Figure().subplots(), "grid": Figure(layout="constrained").subplots(2, 2)}[given]
        graph_axes: Axes = np.ravel(np.asarray(task.visualize(ax), dtype=object))[0]
        figure: Any = graph_axes.figure
        figure.draw_without_rendering()
        centres, sizes = boxes(graph_axes, figure.dpi)
        assert len(centres) == 20
        distances = np.linalg.norm(centres[:, None] - centres[None], axis=2) + np.eye(20) * 1e9
        assert (distances >= np.maximum(sizes.max(axis=1)[:, None], sizes.max(axis=1)[None])).all()
        if given == "new":  # A number can be read, and is inside its marker.
            labels = [text for text in graph_axes.texts if text.get_text()]
            assert min(text.get_fontsize() for text in labels) >= 5
            widths = [text.get_window_extent().width for text in labels]
            assert max(widths) < sizes.min() * 1.05


# ------------------------------------------------------------------------------------------------------- families


def test_the_histogram_tells_parents_from_children() -> None:
    star = graph(5, (0, 1), (0, 2), (0, 3), (0, 4))
    axes = analysis.degree_histogram(family_of(star), n_tasks=4)
    heights: dict[str, dict[int, float]] = {}
    for bars in axes.containers:
        heights[bars.get_label()] = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in bars}
    assert heights["parents"] == pytest.approx({0: 0.2, 1: 0.8, 2: 0, 3: 0, 4: 0})
    assert heights["children"] == pytest.approx({0: 0.8, 1: 0, 2: 0, 3: 0, 4: 0.2})


def test_the_grid_has_the_graphs_of_its_seeds() -> None:
    family = anc.SCMFamily(6, sparsity_param=1.0)
    grid = analysis.adjacency_grid(family, seed=5)
    drawn = [np.asarray(axes.images[0].get_array()) for axes in grid.ravel()]
    for index, found in enumerate(drawn):
        task = family.sample_task(5 + index)
        order = task.topological_order
        assert np.array_equal(found, task.adjacency_matrix[order][:, order].numpy())
    assert len({found.tobytes() for found in drawn}) == 9
    # Row i, column j: i -> j. An image's rows go down.
    chain = analysis.adjacency_grid(family_of(graph(3, (2, 1), (1, 0))), n_graphs=1).flat[0]
    assert np.asarray(chain.images[0].get_array()).tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]
    assert chain.images[0].origin == "upper"


@pytest.mark.parametrize("metric", ["edge_js", "data_energy"])
def test_the_matrix_has_the_distances(metric: str) -> None:
    families = {"sparse": SPARSE, "dense": DENSE, "free": anc.FamilyConfig(n_nodes=6, graph="scale_free", sparsity_param=1.0)}
    axes = analysis.distance_matrix(families, metric=metric, n_tasks=30, seed=2)
    image = np.asarray(axes.images[0].get_array(), dtype=np.float64)
    given = list(families.values())
    texts = {text.get_position(): text.get_text() for text in axes.texts}
    for i in range(3):
        for j in range(i, 3):
            entry = analysis.distance(given[i], given[j], metrics=[metric], n_tasks=30, seed=2)[metric]
            expected = entry.null_q95 if i == j else entry.value
            assert image[i, j] == image[j, i] == pytest.approx(expected)
            assert expected > 0.005
            assert ("*" in texts[j, i]) == (i != j and entry.p <= 0.01)
            if "10^" not in axes.get_title():
                assert float(texts[j, i].rstrip("*")) == pytest.approx(expected, abs=0.006)
    assert [label.get_text() for label in axes.get_yticklabels()] == list(families)


def test_the_ladder_has_both_sortabilities() -> None:
    summaries = {"raw": analysis.summary(DENSE, 40), "iscm": analysis.summary(anc.FamilyConfig.preset("iscm"), 40)}
    axes = analysis.sortability_ladder(summaries)
    rungs = [line for line in axes.get_lines() if len(line.get_xdata()) == 2 and line.get_linestyle() == "-"]
    means = [line for line in axes.get_lines() if len(line.get_xdata()) == 1]
    labels, expected = ["by variance", "by R²"], []
    for place, found in enumerate(summaries.values()):
        for offset, name in ((-0.14, "var_sortability"), (0.14, "r2_sortability")):
            expected.append((place + offset, found.statistics[name]))
    assert [line.get_ydata()[0] for line in means] == [line.get_ydata()[0] for line in rungs] == [at for at, _ in expected]
    assert [line.get_xdata()[0] for line in means] == [law.mean for _, law in expected]
    assert [list(line.get_xdata()) for line in rungs] == [[law.quantiles[0], law.quantiles[4]] for _, law in expected]
    assert [line.get_label() for line in means[:2]] == labels
    var, r2 = (summaries["raw"].statistics[name].mean for name in ("var_sortability", "r2_sortability"))
    assert abs(var - r2) > 0.02  # So that one can't stand for the other.


def test_spectra_are_the_laws_of_the_families() -> None:
    axes = analysis.spectra({"sparse": SPARSE, "dense": DENSE}, n_tasks=20, seed=3)
    drawn = {patch.get_label(): patch.get_data().values for patch in axes.patches}
    for name, family in (("sparse", SPARSE), ("dense", DENSE)):
        assert drawn[name] == pytest.approx(spectral_law(family, 20, 3))
        assert sum(drawn[name]) == pytest.approx(1)
    assert not np.allclose(drawn["sparse"], drawn["dense"])


def test_a_ladder_needs_data() -> None:
    with pytest.raises(anc.ConfigError, match="flat is a summary of graphs alone"):
        analysis.sortability_ladder({"flat": analysis.summary(SPARSE, 4, n_samples=0)})
