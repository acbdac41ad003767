"""Summaries and distances, against closed forms."""

import json
import math
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats

import ancestral as anc
from ancestral import analysis
from ancestral._analysis.engine_names import metric_sources
from interrupts import interrupted

SPARSE, DENSE = anc.FamilyConfig(n_nodes=10, sparsity_param=1.0), anc.FamilyConfig(n_nodes=10, sparsity_param=2.0)


def test_a_summary_tells_of_correlations_without_an_inverse() -> None:
    few = analysis.summary(SPARSE, 4, n_samples=10)  # As many rows as columns.
    assert (few.statistics["explained"].mean, few.statistics["r2_sortability"].mean) == (0, 0.5)
    (note,) = few.notes
    assert note.startswith("explained and r2_sortability can't be measured in 4 of 4 tasks, and count as 0 and 0.5 there:")
    assert f"Note: {note}" in str(few)
    assert analysis.summary(SPARSE, 4, n_samples=11).notes == analysis.summary(SPARSE, 4, n_samples=0).notes == []
    # A distance is told of where one of the families has them and the other hasn't.
    large = anc.FamilyConfig(n_nodes=20, sparsity_param=1.0)
    plan: Any = {"n_tasks": 4, "n_samples": 15, "permutations": 9}
    assert analysis.distance(SPARSE, SPARSE, **plan).notes == analysis.distance(large, large, **plan).notes == []
    assert analysis.distance(SPARSE, large, metrics=["graph_energy"], **plan).notes == []
    (told,) = analysis.distance(SPARSE, large, **plan).notes
    assert told.startswith("family_b: explained and r2_sortability can't be measured in 4 of 4 tasks")
    x = torch.randn(3, 50, 4, generator=torch.Generator().manual_seed(0))
    x[0, :, 1], x[2, :, 3] = 2.0, x[2, :, 0] + x[2, :, 1]
    assert "in 2 of 3 tasks" in analysis.summary((x, torch.zeros(3, 4, 4))).notes[-1]
    assert math.isnan(analysis.sortability(x[2], torch.ones(4, 4).triu(1)).r2)


def test_a_summary_has_the_exact_means_of_erdos_renyi_graphs() -> None:
    found = analysis.summary(SPARSE, 2000, n_samples=0)
    # Bin(45, 2/9): mean 10, variance 70/9; roots (1 - (1 - p)^10) / p.
    edges = found.statistics["edges"]
    assert abs(edges.mean - 10) < 5 * (70 / 9 / 2000) ** 0.5
    p = 2 / 9
    roots = found.statistics["root_count"]
    assert abs(roots.mean - (1 - (1 - p) ** 10) / p) < 5 * roots.sd / 2000**0.5
    assert sum(found.in_degrees) == pytest.approx(1)
    assert found.component_counts == [2000]
    assert "var_sortability" not in found.statistics
    assert found == analysis.summary(SPARSE, 2000, n_samples=0, threads=1)


def test_one_row_shows_all_but_effects() -> None:
    found = analysis.summary(SPARSE, 20, n_samples=1).statistics
    two = analysis.summary(SPARSE, 20, n_samples=2).statistics
    effects = {"signal_share", "signal_to_noise", "edge_effect", "edge_effect_q10", "weak_edges"}
    assert found["edges"] == two["edges"]
    assert set(found) == set(two) - effects


def test_effects_beyond_float32_are_left_out_with_a_note() -> None:
    # All rows are finite, as others are drawn instead; with another row's noise or parent some of them are not.
    wild = anc.FamilyConfig(
        n_nodes=10, sparsity_param=2.0, mechanism_proportions={"log_space": 1}, log_space_weight_scale=2.5, divergence="redraw"
    )
    found = analysis.summary(wild, 30, n_samples=64)
    assert all(math.isfinite(law.mean) for law in found.statistics.values())
    assert found.statistics["edge_effect"].mean > 0
    assert any("can't be measured in" in note and note.startswith("signal_share, ") for note in found.notes)


def test_a_family_that_gives_its_order_away_is_warned_of() -> None:
    raw = analysis.summary(anc.FamilyConfig.preset("notears-linear"), 50)
    assert len(raw.warnings) == 2
    assert "Warning: var_sortability is 0.9" in str(raw)
    assert analysis.summary(anc.FamilyConfig.preset("iscm"), 50).warnings == []


def test_distances_come_with_nulls_intervals_and_closed_forms() -> None:
    report = analysis.distance(SPARSE, DENSE, n_tasks=100, n_samples=50, permutations=99)
    assert list(report) == list(metric_sources())
    for name, entry in report.items():
        assert entry.p == pytest.approx(0.01), name
        assert name == "edge_kl" or entry.low <= entry.value <= entry.high, name
        assert entry.value > entry.null_q95, name
    p, q, pairs = 2 / 9, 4 / 9, 45
    kl = pairs * (p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q)))
    assert report.edges is not None
    assert report.edges.forward == report["edge_kl"].value == pytest.approx(kl)
    assert report.edges.w1 == pytest.approx(10)
    assert "spectral_energy" in str(report)
    again = analysis.DistanceReport.from_dict(report.to_dict())
    assert again.to_dict() == report.to_dict()


@pytest.mark.parametrize(
    "values", [{}, {"metrics": {}}, {"metrics": {"edge_kl": {"value": 1}}, "edges": None}, {"metrics": [1], "edges": None}, 3]
)
def test_a_report_is_read_from_what_reports_give_alone(values: Any) -> None:
    with pytest.raises(anc.ConfigError, match=r"^values = .*: must be what DistanceReport.to_dict gave\.$"):
        analysis.DistanceReport.from_dict(values)


def test_the_help_names_every_measure() -> None:
    assert [name for name in metric_sources() if f'"{name}"' not in (analysis.distance.__doc__ or "")] == [], "its docstring"


def test_a_family_is_not_far_from_itself() -> None:
    report = analysis.distance(SPARSE, SPARSE, n_tasks=150, n_samples=50, permutations=199)
    # Nine p-values, each below 0.01 with that probability: one in twelve seeds would fail, this one does not.
    assert min(entry.p for entry in report.values()) > 0.01
    assert report.edges == analysis.EdgeDivergence(0.0, 0.0, 0.0, pytest.approx(0.0, abs=1e-12), 0.0)


def test_numbers_of_edges_that_never_vary_count_as_rounded() -> None:
    few, many = (anc.FamilyConfig(n_nodes=10, graph="fixed_edge_count", sparsity_param=k) for k in (1.0, 2.0))
    report = analysis.distance(few, many, n_tasks=20, n_samples=0, permutations=19)
    # Always 10 and always 20, each with the variance of rounding, 1/12.
    assert report["edge_kl"].value == pytest.approx(100 * 12 / 2)
    assert report.edges is None
    assert analysis.DistanceReport.from_dict(report.to_dict()) == report
    assert analysis.distance(few, few, n_tasks=20, n_samples=0, permutations=19)["edge_kl"].value == 0


def test_an_infinite_distance_is_as_far_as_another_infinite_one() -> None:
    # Laws of tasks that are all one task are infinitely far apart. Of six ways to label two of four tasks, two part them so.
    x, graph = torch.randn(20, 3, generator=torch.Generator().manual_seed(0)), torch.eye(3).roll(1, 1).triu(1)
    found = analysis.distance([(x, graph)] * 2, [(2 * x, graph * 0)] * 2)["data_gauss_kl"]
    assert found.value == found.low == found.high == math.inf
    band = 5 * math.sqrt(2 / 9 / 999)
    assert found.p == pytest.approx(1 / 3, abs=band)


def test_bootstrap_samples_that_are_infinitely_far_leave_the_lower_end_finite() -> None:
    # A resample of two tasks is one of them twice in half the cases, and then infinitely far from whatever isn't.
    x, graph = torch.randn(4, 20, 3, generator=torch.Generator().manual_seed(0)), torch.eye(3).roll(1, 1).triu(1)
    tasks = [(rows, graph) for rows in x]
    found = analysis.distance(tasks[:2], tasks[2:], metrics=["data_gauss_kl"])["data_gauss_kl"]
    assert math.isfinite(found.value)
    assert math.isfinite(found.low)
    assert found.high == math.inf


def test_distances_do_not_depend_on_threads_and_take_chosen_measures() -> None:
    one = analysis.distance(SPARSE, DENSE, metrics=["edge_js", "data_energy"], n_tasks=40, n_samples=30, threads=1)
    two = analysis.distance(SPARSE, DENSE, metrics=["edge_js", "data_energy"], n_tasks=40, n_samples=30, threads=2)
    assert one.to_dict() == two.to_dict()
    assert list(one) == ["edge_js", "data_energy"]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"n_tasks": 1}, "n_tasks = 1: must be"),
        ({"n_samples": -1}, "n_samples = -1: must be"),
        ({"seed": -1}, "seed"),
        ({"permutations": 0}, "permutations = 0: must be"),
        ({"metrics": ["spectrum"]}, "metrics"),
        ({"metrics": []}, "metrics"),
        ({"threads": 0}, "threads = 0: must be"),
    ],
)
def test_wrong_settings_are_refused(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        analysis.distance(SPARSE, DENSE, **settings)


def test_ctrl_c_ends_an_analysis() -> None:
    big = anc.FamilyConfig(n_nodes=100)
    with interrupted():
        analysis.distance(big, big, n_tasks=100_000)  # Many minutes.


def test_pictures_are_axes_with_labels() -> None:
    axes = analysis.degree_histogram(SPARSE, n_tasks=50)
    assert axes.get_xlabel() == "parents or children of a node"
    assert axes.get_legend() is not None
    grid = analysis.adjacency_grid(SPARSE, n_graphs=4)
    assert grid.shape == (2, 2)
    # In topological order no edge leads back.
    assert all(np.allclose(np.tril(np.asarray(panel.images[0].get_array())), 0) for panel in grid.ravel())
    ladder = analysis.sortability_ladder({"raw": SPARSE, "iscm": anc.FamilyConfig.preset("iscm")}, n_tasks=20)
    assert [label.get_text() for label in ladder.get_yticklabels()] == ["raw", "iscm"]
    matrix = analysis.distance_matrix({"sparse": SPARSE, "dense": DENSE}, n_tasks=60, metric="edge_js")
    assert any("*" in text.get_text() for text in matrix.texts)
    with pytest.raises(anc.ConfigError, match="metric = 'w2'"):
        analysis.distance_matrix({"sparse": SPARSE}, metric="w2")


def test_a_data_module_measures_its_families(tmp_path: Any) -> None:
    data = anc.DataModule(
        SPARSE, None, {"id": SPARSE, "dense": DENSE}, n_samples=20, batch_size=4, n_test=8, output_dir=tmp_path
    )
    data.setup()
    found = data.distances()
    assert set(found) == {"test/id", "test/dense"}
    assert found["test/dense"]["edge_js"].p < 0.01 < found["test/id"]["edge_js"].p
    assert data.distances()["test/id"] is found["test/id"]  # Measured once.
    assert '"test/dense"' in (tmp_path / "distances.json").read_text()


def test_measures_data_of_any_size() -> None:
    # Noise of deviation 1e-20 to 1e-38: a variance below 1e-30 is not taken for a constant column's.
    for scale in (1.0, 1e-40, 1e-70):
        family = anc.SCMFamily(
            5, sparsity_param=0.0, noise_scale_law="uniform", noise_scale_min=scale**0.5, noise_scale_max=scale**0.5
        )
        found = anc.analysis.summary(family, 10, n_samples=500).statistics["log_variance_mean"]
        assert abs(found.mean - math.log(scale)) < 0.1
        assert abs(anc.analysis.summary(family, 10, n_samples=500).variance_along_order[0] / scale - 1) < 0.2


def test_data_that_float32_can_not_tell_are_refused() -> None:
    x = torch.randn(4, 50, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    graphs = torch.triu(torch.ones(4, 3, 3), 1)
    assert analysis.summary((x + 1e4, graphs)).n_tasks == 4
    assert analysis.summary(((x + 1e8).float(), graphs)).n_tasks == 4  # Nothing is lost here, ...
    constant = torch.cat([x[:, :, :2], torch.full((4, 50, 1), 0.1, dtype=torch.float64)], dim=2)
    assert analysis.summary((constant, graphs)).n_tasks == 4  # ... nor in a constant.
    with pytest.raises(
        anc.ConfigError, match=r"X of task 0 of family has a column that varies by too little .*must be centred"
    ):
        analysis.summary((x + 1e8, graphs))
    for step in (1.0, -1.0):  # Rounded to 100,000,000, from above or from below.
        held = torch.tensor([[1e8, 0], [1e8 + step, 1]], dtype=torch.float64)
        with pytest.raises(anc.ConfigError, match="varies by too little"):
            analysis.summary([(held, torch.zeros(2, 2))])


@pytest.mark.parametrize(("n_nodes", "sparsity_param"), [(2, 0.5), (4, 1.5), (6, 2.5)])
def test_complete_graphs_do_not_differ_by_rounding(n_nodes: int, sparsity_param: float) -> None:
    family = anc.SCMFamily(n_nodes, sparsity_param=sparsity_param)
    found = analysis.distance(family, family, n_tasks=30, n_samples=0, permutations=99)
    assert found["spectral_w1"].value < 1e-12
    assert [found[name].p for name in ("edge_kl", "edge_js", "spectral_w1", "spectral_energy")] == [1, 1, 1, 1]


def test_relabellings_that_are_equally_far_apart_count() -> None:
    """20 of the first 30 graphs have the edge and 13 of the others: p is the hypergeometric law's of 16.5 ± 3.5 and beyond."""
    edge, none = torch.tensor([[0.0, 1], [0, 0]]), torch.zeros(2, 2)
    x = torch.randn(60, 4, 2, generator=torch.Generator().manual_seed(0))
    first, second = (
        (rows, torch.stack([edge] * edges + [none] * (30 - edges))) for rows, edges in zip(x.split(30), (20, 13), strict=True)
    )
    found = analysis.distance(first, second, n_samples=0, permutations=9999, metrics=["graph_energy", "edge_js"])
    law = stats.hypergeom(60, 33, 30)
    exact = float(law.cdf(13) + law.sf(19))
    for name in ("graph_energy", "edge_js"):
        assert found[name].p == pytest.approx(exact, abs=5 * (exact * (1 - exact) / 9999) ** 0.5 + 1e-4)


def test_a_measure_says_the_same_whatever_else_is_asked() -> None:
    plan: Any = {"n_tasks": 20, "n_samples": 8, "permutations": 99}
    whole = analysis.distance(SPARSE, DENSE, **plan)
    for name in ("data_energy", "degree_js_in"):
        assert analysis.distance(SPARSE, DENSE, metrics=[name], **plan)[name] == whole[name]


def test_whole_numbers_are_floats_as_others_are() -> None:
    family = anc.FamilyConfig(n_nodes=5)  # Every graph is complete, so that nearly all numbers are whole.
    found = analysis.summary(family, 5)
    numbers = [value for law in found.statistics.values() for value in (law.mean, law.sd, *law.quantiles)]
    numbers += found.in_degrees + found.out_degrees + found.degrees
    report = analysis.distance(family, family, n_tasks=5, permutations=9)
    assert report.edges is not None
    numbers += [value for entry in (*report.values(), report.edges) for value in vars(entry).values()]
    again = analysis.DistanceReport.from_dict(json.loads(json.dumps(report.to_dict())))
    numbers += [value for entry in again.values() for value in vars(entry).values()]
    assert {type(value) for value in numbers} == {float}
