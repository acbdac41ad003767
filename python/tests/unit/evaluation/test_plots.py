"""Pictures of evaluations, and the rank correlation of error and distance."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import ancestral as anc
from ancestral import analysis, evaluation
from ancestral._analysis.rank_correlations import rank_correlation, spearman
from ancestral._evaluation.curves import precision_recall

FAMILIES = {
    "test/id": anc.FamilyConfig(n_nodes=5, sparsity_param=1.0),
    "test/dense": anc.FamilyConfig(n_nodes=5, sparsity_param=2.0),
    "test/mlp": anc.FamilyConfig(n_nodes=5, sparsity_param=1.0, mechanism_proportions={"mlp": 1.0}),
}


def network(X: Tensor) -> Tensor:
    return torch.sigmoid(3 * (X.mT @ X) / X.shape[1] - 1)


@pytest.fixture(scope="module")
def found() -> evaluation.Evaluation:
    sets = {name: anc.MetaFixedDataset(one, n_tasks=30, n_samples=40) for name, one in FAMILIES.items()}
    return evaluation.evaluate(network, sets, resamples=100)


@pytest.fixture(scope="module")
def distances() -> dict[str, analysis.DistanceReport]:
    train = FAMILIES["test/id"]
    return {name: analysis.distance(train, one, n_tasks=30, permutations=99) for name, one in FAMILIES.items()}


def test_a_reliability_diagram_has_the_frequencies_of_each_family(found: evaluation.Evaluation) -> None:
    axes = evaluation.reliability_diagram(found)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list(FAMILIES)
    for line, one in zip(axes.lines[1:], found.values(), strict=True):
        right = one.network.reliability
        assert right is not None
        kept = right.counts > 0
        assert line.get_xdata() == pytest.approx(right.probabilities[kept])
        assert line.get_ydata() == pytest.approx(right.frequencies[kept])
    alone = evaluation.reliability_diagram(evaluation.reliability(np.eye(3, k=1), np.full((3, 3), 0.3)))
    assert alone.get_legend() is None
    assert alone.lines[1].get_xdata() == pytest.approx([0.3])
    assert alone.lines[1].get_ydata() == pytest.approx([1 / 3])


def test_a_precision_recall_curve_is_that_of_all_pairs(found: evaluation.Evaluation) -> None:
    from sklearn.metrics import auc, average_precision_score

    rng = np.random.default_rng(0)
    labels = (rng.uniform(size=3000) < 0.2).astype(float)
    scores = np.round(rng.normal(size=3000) + labels, 1)  # With ties.
    curve = precision_recall(labels, scores)
    assert curve.base_rate == labels.mean()
    assert (curve.recall[0], curve.recall[-1]) == (0, 1)
    assert curve.precision[-1] == pytest.approx(labels.mean())
    steps = float(np.sum(np.diff(curve.recall) * curve.precision[1:]))
    assert steps == pytest.approx(average_precision_score(labels, scores), abs=1e-9)  # So few thresholds are not thinned.
    fine = rng.normal(size=3000) + labels
    thin = precision_recall(labels, fine)
    assert len(thin.recall) <= 401
    assert auc(thin.recall, thin.precision) == pytest.approx(average_precision_score(labels, fine), abs=0.01)
    axes = evaluation.precision_recall_curve(found)
    assert len(axes.lines) == 2 * len(FAMILIES)
    assert axes.lines[0].get_xdata() == pytest.approx(found["test/id"].network.precision_recall.recall)
    assert axes.lines[1].get_ydata()[0] == found["test/id"].network.precision_recall.base_rate


def test_an_ood_curve_has_each_familys_error_at_its_distance(found: evaluation.Evaluation, distances: Any) -> None:
    axes = evaluation.ood_curve(found, distances, measure="auroc", metric="data_energy")
    points = [line for line in axes.lines if line.get_marker() == "o"]
    for line, (name, one) in zip(points, found.items(), strict=True):
        assert line.get_xdata()[0] == distances[name]["data_energy"].value
        assert line.get_ydata()[0] == pytest.approx(1 - one["auroc"].mean)
    assert [text.get_text() for text in axes.texts] == ["1", "2", "3"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [f"{k}  {name}" for k, name in enumerate(FAMILIES, 1)]
    assert axes.get_ylabel() == "1 - AUROC"
    correlation = evaluation.ood_correlation(found, distances)
    assert axes.get_title() == f"rank correlation {correlation.rho:.2f} ({correlation.low:.2f} to {correlation.high:.2f})"
    places = [distances[name]["data_energy"].value for name in found]
    assert correlation.rho == pytest.approx(
        spearman(np.array(places), -np.array([one["auroc"].mean for one in found.values()]))
    )
    errors = evaluation.ood_curve(found, distances, measure="log_probability", metric="graph_energy")
    assert errors.get_ylabel() == "minus log probability"
    given = axes.figure.add_subplot()
    assert evaluation.ood_curve(found, {"test/id": distances["test/id"]}, given, measure="shd") is given
    assert given.get_title() == ""  # One family correlates with nothing.
    for options, says in (
        ({"measure": "auc"}, "measure = 'auc': must be one of auroc"),
        ({"metric": "energy"}, "metric = 'energy': must be one of edge_kl"),
    ):
        with pytest.raises(anc.ConfigError, match=says):
            evaluation.ood_curve(found, distances, **options)
    with pytest.raises(anc.ConfigError, match="distances has the names other"):
        evaluation.ood_curve(found, {"other": distances["test/id"]})


def test_a_family_that_is_infinitely_far_has_no_point_and_says_so(found: evaluation.Evaluation, distances: Any) -> None:
    entry = distances["test/dense"]["edge_kl"]
    far = {**distances, "test/dense": analysis.DistanceReport({"edge_kl": replace(entry, value=math.inf)}, None)}
    axes = evaluation.ood_curve(found, far, metric="edge_kl")
    names = axes.get_legend()
    assert names is not None
    assert [text.get_text() for text in names.get_texts()] == ["1  test/id", "2  test/dense: ∞", "3  test/mlp"]
    assert [text.get_text() for text in axes.texts] == ["1", "3"]
    assert max(axes.get_xlim()) < 100


def test_a_measure_that_says_nothing_of_any_family_is_refused() -> None:
    empty = {"test/id": [(torch.randn(9, 3), torch.zeros(3, 3))] * 2}
    found = evaluation.evaluate(network, empty, resamples=5)
    report = analysis.distance(FAMILIES["test/id"], FAMILIES["test/id"], n_tasks=5)
    with pytest.raises(anc.ConfigError, match="measure = 'auroc': must be one with a finite mean on some family"):
        evaluation.ood_curve(found, {"test/id": report})


@pytest.mark.parametrize("wrong", [3, None, {}, "found"])
def test_what_is_no_evaluation_is_refused(wrong: Any, found: evaluation.Evaluation, distances: Any) -> None:
    says = f"^found is of type {type(wrong).__name__}: must be an Evaluation, which `evaluate` gives"
    for draw in (evaluation.reliability_diagram, evaluation.precision_recall_curve):
        with pytest.raises(anc.ConfigError, match=says):
            draw(wrong)
    for draw in (evaluation.ood_curve, evaluation.ood_correlation):
        with pytest.raises(anc.ConfigError, match=says):
            draw(wrong, distances)
        with pytest.raises(anc.ConfigError, match=r"^distances is of type list: must map names of families to DistanceReports"):
            draw(found, [distances])  # pyright: ignore[reportArgumentType]


def test_a_resample_that_says_nothing_of_a_family_has_no_rank() -> None:
    x = np.arange(6.0)
    draws = np.repeat(x[:, None], 400, axis=1)
    draws[5, ::2] = np.nan  # No task of the last family that has an AUROC was drawn: no reason to rank it first.
    found = rank_correlation(x, x, draws)
    assert (found.rho, found.low, found.high) == (1.0, 1.0, 1.0)
    nothing = rank_correlation(x, x, np.full((6, 400), np.nan))
    assert nothing.rho == 1.0
    assert math.isnan(nothing.low)
    assert math.isnan(nothing.high)


def test_a_rank_correlation_is_scipys() -> None:
    from scipy.stats import spearmanr

    rng = np.random.default_rng(0)
    for _ in range(20):
        x, y = rng.integers(6, size=(2, 9)).astype(float)
        assert float(spearman(x, y)) == pytest.approx(float(spearmanr(x, y).statistic))
    assert math.isnan(rank_correlation([1, 2, 3], [2, 2, 2]).rho)
    assert math.isnan(rank_correlation([1, 2], [1, 2]).rho)
    up = rank_correlation(range(8), [value**3 for value in range(8)])
    assert up[:3] == (1, 1, 1)
    assert up.p == pytest.approx(1e-4, abs=1e-4)  # Two of 8! orders; the observed one counts as one of 10,000.
    assert str(up).startswith("rank correlation 1.00 (1.00 to 1.00), p ")


def test_its_p_value_is_uniform_where_nothing_is_related() -> None:
    rng = np.random.default_rng(1)
    found = [rank_correlation(rng.normal(size=10), rng.normal(size=10), seed=k) for k in range(150)]
    small = np.mean([one.p <= 0.1 for one in found])
    assert abs(small - 0.1) < 5 * math.sqrt(0.1 * 0.9 / 150)
    # The interval holds 0 nearly as often as it says, as bootstrap intervals of ten do.
    held = np.mean([one.low <= 0 <= one.high for one in found])
    assert abs(held - 0.92) < 5 * math.sqrt(0.92 * 0.08 / 150)


def test_its_interval_knows_how_uncertain_the_errors_are() -> None:
    rng = np.random.default_rng(2)
    x, y = np.arange(12.0), np.arange(12.0)
    sure = rank_correlation(x, y)
    unsure = rank_correlation(x, y, y[:, None] + rng.normal(scale=6, size=(12, 1000)))
    assert sure.low == 1
    assert unsure.low < 0.6
    assert unsure.rho == 1
