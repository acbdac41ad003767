"""Families side by side: the table of a report, what is laid over each other, and a network's results beside them."""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral import analysis, evaluation
from ancestral._analysis.comparison import STEPS, compare
from ancestral._analysis.distances import Distance, DistanceReport
from ancestral._analysis.given_results import read_results
from ancestral._analysis.given_tasks import tasks_of
from ancestral._analysis.measured_families import Measured, measure
from ancestral._analysis.plan import Plan
from ancestral._analysis.shapes import BIN_EDGES, LEVELS, NORMAL_QUANTILES, shapes_of

TRAIN = anc.FamilyConfig(n_nodes=6, sparsity_param=1.0)
FAMILIES = {
    "test/near": TRAIN,
    "train": TRAIN,
    "test/far": anc.FamilyConfig(n_nodes=6, sparsity_param=2.0, noise_type="student_t"),
}
PLAN = Plan.of(40, 50, 0)


def own(n_nodes: int, *, seed: int) -> torch.Tensor:
    graph = torch.bernoulli(torch.full((n_nodes, n_nodes), 0.5), generator=torch.Generator().manual_seed(seed))
    return graph.triu(1)


SOURCES: dict[str, Any] = {
    "a family": TRAIN,
    "sizes": anc.FamilyConfig(n_nodes=3, n_nodes_max=7, sparsity_param=1.0),
    "batch moments": anc.FamilyConfig(n_nodes=6, standardization="batch", sparsity_param=1.0),
    "a graph generator": anc.SCMFamily(5, graph_generator=own),
    "a fixed set": anc.MetaFixedDataset(TRAIN, n_tasks=60, n_samples=70),
    "a list": [(torch.randn(50, 4), torch.eye(4).roll(1, 1).triu(1))] * 3,
    "a design": anc.MetaFixedDataset(TRAIN, n_tasks=5, design={"n_samples": 60, "hidden": {"count": 2}}),
}


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_laid_over_each_other_is_of_the_tasks_that_are_measured(name: str) -> None:
    tasks = tasks_of(SOURCES[name])
    found = analysis.summary(SOURCES[name], 40, n_samples=50)
    pairs = list(tasks.pairs(PLAN))
    assert len(pairs) == found.n_tasks
    assert np.mean([float(pair.graph.sum()) for pair in pairs]) == pytest.approx(found.statistics["edges"].mean)
    sortability = [analysis.sortability(pair.x, pair.graph).var for pair in pairs]
    # A graph without edges gives nothing away: 0.5.
    assert np.mean(np.nan_to_num(sortability, nan=0.5)) == pytest.approx(found.statistics["var_sortability"].mean, abs=1e-6)


def test_shapes_are_those_of_numpy() -> None:
    rng = np.random.default_rng(0)
    data = [(rng.normal(size=(50, 4)) * [1, 10, 0, 3] + 5, np.triu(np.ones((4, 4)), 1)) for _ in range(3)]
    found = shapes_of(tasks_of(data), PLAN)
    assert found.edges_per_node.tolist() == [1.5] * 3
    columns = np.concatenate([x[:, [0, 1, 3]] for x, _ in data], axis=1)
    scaled = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    assert found.quantiles == pytest.approx(np.quantile(scaled, LEVELS, axis=0).mean(axis=1), abs=1e-5)
    correlations = [np.abs(np.corrcoef(x[:, [0, 1, 3]].T)[np.triu_indices(3, 1)]) for x, _ in data]
    assert found.correlations == pytest.approx(np.histogram(np.concatenate(correlations), BIN_EDGES)[0] / 9)


def test_the_quantiles_of_normal_columns_are_the_normal_laws() -> None:
    rng = np.random.default_rng(1)
    data = [(rng.normal(size=(250, 20)), np.zeros((20, 20))) for _ in range(40)]
    quantiles = shapes_of(tasks_of(data), Plan.of(40, 250, 0)).quantiles
    assert quantiles is not None
    middle = slice(2, -2)  # Those in the far tails are biased at 250 rows.
    density = np.exp(-(NORMAL_QUANTILES**2) / 2) / np.sqrt(2 * np.pi)
    error = np.sqrt(LEVELS * (1 - LEVELS) / 250) / density / np.sqrt(800)
    assert np.all(np.abs(quantiles - NORMAL_QUANTILES)[middle] < 5 * error[middle] + 0.02)


def test_overlays_have_a_line_for_each_family() -> None:
    grid = analysis.overlays(FAMILIES, n_tasks=20, n_samples=30)
    assert grid.shape == (3, 2)
    parents, children, edges, marginals, correlations, sortability = grid.ravel()
    summaries = analysis.summary(FAMILIES, 20, n_samples=30)
    shapes = {name: shapes_of(tasks_of(one), Plan.of(20, 30, 0)) for name, one in FAMILIES.items()}
    for place, name in enumerate(FAMILIES):
        assert parents.lines[place].get_ydata()[0] == pytest.approx(summaries[name].in_degrees[0])
        assert children.lines[place].get_ydata()[1] == pytest.approx(summaries[name].out_degrees[1])
        assert edges.lines[place].get_xdata()[1:] == pytest.approx(shapes[name].edges_per_node)
        assert marginals.lines[place + 1].get_ydata() == pytest.approx(shapes[name].quantiles - NORMAL_QUANTILES)
        assert correlations.patches[place].get_data().values == pytest.approx(shapes[name].correlations)
    assert [text.get_text() for text in parents.get_legend().get_texts()] == list(FAMILIES)
    assert len(sortability.get_yticklabels()) == 3
    assert analysis.overlays(TRAIN, grid.ravel(), n_tasks=5, n_samples=9).size == 6
    with pytest.raises(anc.ConfigError, match="ax has 2 Axes: must have at least 6"):
        analysis.overlays(FAMILIES, grid.ravel()[:2], n_tasks=5, n_samples=9)
    with pytest.raises(anc.ConfigError, match="n_samples = 1: must be at least 2"):
        analysis.overlays(FAMILIES, n_tasks=5, n_samples=1)


def test_a_cell_says_how_far_beyond_chance_a_distance_is() -> None:
    entries = {
        "within": Distance(0.9, 0.1, 0, 1, 0, 2),
        "one": Distance(1.5, 0.01, 0.5, 1, 1, 2),
        "most": Distance(65, 0.01, 0, 1, 1, 80),
        "no width": Distance(3, 0.01, 0, 0, 1, 40),
    }
    measured = Measured(
        {}, PLAN, {}, ["train", "other"], {(0, 0): DistanceReport({}, None), (0, 1): DistanceReport(entries, None)}
    )
    cells = {name: row[0] for name, row in compare(measured).distances}
    assert {name: cell and cell.level for name, cell in cells.items()} == {
        "within": 0,
        "one": 1,
        "most": len(STEPS),
        "no width": 0,
    }
    assert cells["one"] is not None
    assert cells["one"].times == 2


def test_columns_are_the_families_after_the_reference_and_rows_its_distances() -> None:
    results = {"test/far": {"auroc": (0.5, 0.4, 0.6)}, "test/near": {"auroc": 0.9, "shd": 3}}
    tasks = {name: tasks_of(one) for name, one in FAMILIES.items()}
    found = measure(tasks, PLAN, results=read_results(results, tasks))
    table = compare(found)
    assert (table.reference, table.families) == ("train", ["test/near", "test/far"])
    right = analysis.distance(TRAIN, FAMILIES["test/far"], n_tasks=40, n_samples=50)
    assert [name for name, _ in table.distances] == list(right)
    for name, (near, far) in table.distances:
        assert far is not None
        assert near is not None
        assert far.entry == right[name]
    levels = {name: (near.level, far.level) for name, (near, far) in table.distances if near and far}
    assert levels["data_energy"][1] >= 1
    assert levels["edge_js"] == (0, levels["edge_js"][1])
    assert table.edges[0] == ("KL from train, nats", [0, right.edges and right.edges.forward])
    assert table.results == [("auroc", [(0.9, 0.9, 0.9), (0.5, 0.4, 0.6)]), ("shd", [(3, 3, 3), None])]
    with_train = measure(tasks, PLAN, metrics=["edge_js"], results=read_results({"train": {"auroc": 1}}, tasks))
    assert compare(with_train).families == ["train", "test/near", "test/far"]
    assert compare(with_train).distances[0][1][0] is None


def test_the_page_has_the_table_the_results_and_their_picture(tmp_path: Path) -> None:
    data = anc.DataModule(
        TRAIN, None, {"near": TRAIN, "far": FAMILIES["test/far"], "b_c<": TRAIN}, n_samples=30, batch_size=8, n_test=10
    )
    found = evaluation.evaluate(lambda X: (X.mT @ X).sigmoid() * 0.5, data, resamples=20)
    page = analysis.report(data, tmp_path / "report.html", results=found, n_tasks=10, n_samples=20).read_text(encoding="utf-8")
    table = page[page.index('<table class="beside">') : page.index("</table>")]
    heads = re.findall(r'<th scope="col">(.*?)</th>', table)
    assert heads == ["measure", "test/<wbr>near", "test/<wbr>far", "test/<wbr>b_<wbr>c&lt;"]
    assert table.count('<th scope="row">') == len(found.measures) + 9 + 4
    assert '<th scope="row">data_<wbr>energy</th>' in table
    numbers = json.loads(re.findall(r'id="ancestral-report">(.*?)</script>', page, re.DOTALL)[0])
    assert numbers["results"]["test/far"]["auroc"]["value"] == found["test/far"]["auroc"].mean
    assert page.count("The network&#39;s result over distance") + page.count("The network's result over distance") >= 2
    assert "rank correlation" in page
    alone = analysis.report(TRAIN, tmp_path / "one.html", n_tasks=5, n_samples=9).read_text(encoding="utf-8")
    assert '<table class="beside">' not in alone
    assert "ide by side" not in alone
    told = analysis.report(TRAIN, tmp_path / "two.html", results={"family": {"auroc": 0.7}}, n_tasks=5, n_samples=9)
    text = told.read_text(encoding="utf-8")
    assert re.findall(r'<th scope="col">(.*?)</th>', text[: text.index("</thead>")]) == ["measure", "family"]
    assert "istances from" not in text
    families = {"train": TRAIN, "a": TRAIN, "b": anc.FamilyConfig(n_nodes=5, sparsity_param=0.0)}
    nothing = {"a": {"auroc": math.nan}, "b": {"auroc": math.inf}}
    text = analysis.report(families, tmp_path / "nan.html", results=nothing, n_tasks=5, n_samples=9).read_text(encoding="utf-8")
    assert '<th scope="row">auroc</th><td>–</td><td>∞</td>' in text
    assert "result over distance" not in text  # There would be no point.


@pytest.mark.parametrize(
    ("results", "says"),
    [
        (3, "results is of type int: must map names of families"),
        ({"tset/far": {"auroc": 1}}, r"results has the family 'tset/far': must be one of .*did you mean 'test/far'"),
        ({"test/far": 0.5}, "results\\['test/far'\\] is of type float"),
        ({"test/far": {"auroc": "good"}}, "results\\['test/far'\\]\\['auroc'\\] = 'good': must be a number"),
        ({"test/far": {"auroc": (1, 2)}}, "must be a number, or \\(value, low, high\\)"),
    ],
)
def test_wrong_results_are_refused(results: Any, says: str, tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        analysis.report(FAMILIES, tmp_path / "report.html", results=results, n_tasks=5, n_samples=9)
    assert list(tmp_path.iterdir()) == []
