"""Analyses of tables with classes, counts and holes."""

import json
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral import analysis
from ancestral._analysis.given_tasks import tasks_of
from ancestral._analysis.plan import Plan
from ancestral._analysis.shapes import shapes_of
from ancestral._engine import _ffi

MIXED: dict[str, Any] = {
    "n_nodes": 5,
    "n_nodes_max": 7,
    "sparsity_param": 1.5,
    "mechanism_proportions": {"linear": 2, "categorical": 1, "binary": 1, "count": 1},
    "categorical_score": "linear",
}
FIXED = anc.MetaFixedDataset(MIXED, n_tasks=12, n_samples=60)
ROWS = {"n_samples": 60}


def test_shares_are_those_of_the_nodes() -> None:
    found = analysis.summary(FIXED, **ROWS).statistics
    kinds = [FIXED[k]["kind"][: FIXED[k]["n_nodes"]] for k in range(12)]
    for number, name in enumerate(("binary_nodes", "categorical_nodes", "count_nodes"), start=1):
        assert found[name].mean == pytest.approx(float(np.mean([(kind == number).float().mean() for kind in kinds])), abs=1e-6)
    assert 0 < found["class_balance"].mean <= 1
    # The mechanisms are known, though every item tells more than X and the graph.
    assert "signal_share" in found


@pytest.mark.parametrize("how", ["items", "batch", "batches", "corpus"])
def test_however_tasks_are_given_their_classes_are_known(how: str, tmp_path: Any) -> None:
    items = [FIXED[k] for k in range(12)]
    if how == "corpus":
        given: Any = anc.write_corpus(MIXED, 12, tmp_path / "corpus", n_samples=60)
        items = [given[k] for k in range(12)]
    else:
        given = {"items": items, "batch": anc.collate(items), "batches": [anc.collate(items[:5]), anc.pad_collate(items[5:])]}[
            how
        ]
    found = analysis.summary(given, **ROWS).statistics
    one_by_one = [analysis.summary([item, item], **ROWS).statistics for item in items]
    for name in ("var_sortability", "edge_information", "class_balance", "correlation_mean"):
        assert found[name].mean == pytest.approx(float(np.mean([one[name].mean for one in one_by_one])), rel=1e-12)
    plain = analysis.summary(
        [(item["X"][:, :n], item["adjacency"][:n, :n]) for item in items if (n := int(item["n_nodes"]))], **ROWS
    )
    assert "edge_information" not in plain.statistics
    assert plain.statistics["var_sortability"] != found["var_sortability"]


def test_correlations_of_squares_are_over_the_cells_that_are_there() -> None:
    family = {"n_nodes": 5, "mechanism_proportions": {"quadratic": 1}}
    design = {"n_samples": 4000, "observation": {"missing_rate": 0.5}}
    holed = anc.MetaFixedDataset(family, n_tasks=8, design=design)
    whole = anc.MetaFixedDataset(family, n_tasks=8, n_samples=4000)
    found, wanted = (analysis.summary(data, n_samples=4000).statistics["nonlinearity"].mean for data in (holed, whole))
    # A correlation over a quarter of the rows is off by 1/√1000, also where it is 0.
    assert wanted > 0.2
    assert found == pytest.approx(wanted, abs=0.04)


@pytest.mark.parametrize("hole", ["zero", "nan"])
def test_holes_are_no_zeros(hole: str) -> None:
    family = {"n_nodes": 4, "sparsity_param": 1.5}
    observation = {"missing_rate": 0.4, "missing_value": hole}
    holed = anc.MetaFixedDataset(family, n_tasks=8, design={"n_samples": 4000, "observation": observation})
    found, whole = (
        analysis.summary(data, n_samples=4000).statistics
        for data in (holed, anc.MetaFixedDataset(family, n_tasks=8, n_samples=4000))
    )
    # Of 2400 rows and 1440 pairs; zeros would take 0.4 of every variance, log 0.6 = -0.51, and of correlations.
    assert found["log_variance_mean"].mean == pytest.approx(whole["log_variance_mean"].mean, abs=0.05)
    assert found["correlation_mean"].mean == pytest.approx(whole["correlation_mean"].mean, abs=0.05)
    drawn = shapes_of(tasks_of(holed), Plan.of(8, 256, 0)).quantiles
    assert drawn is not None
    assert np.isfinite(drawn).all()


def test_lines_of_pictures_are_of_numbers() -> None:
    classes = {**MIXED, "mechanism_proportions": {"categorical": 1}}
    assert shapes_of(tasks_of(classes), Plan.of(5, 50, 0)).quantiles is None
    assert shapes_of(tasks_of(MIXED), Plan.of(5, 50, 0)).quantiles is not None


def test_distances_tell_tables_apart() -> None:
    def family(share: float) -> dict[str, Any]:
        return {
            **MIXED,
            "mechanism_proportions": {"categorical": 1},
            "categorical_score": "table",
            "categorical_concentration": share,
        }

    settings: dict[str, Any] = {
        "n_tasks": 80,
        "n_samples": 100,
        "permutations": 199,
        "metrics": ["data_energy", "data_gauss_kl"],
    }
    same, other = (analysis.distance(family(1.0), family(share), **settings) for share in (1.0, 0.1))
    for name in settings["metrics"]:
        assert same[name].p > 0.01
        assert other[name].p == 1 / 200
        assert other[name].value > 5 * abs(same[name].value)


def test_sortability_leaves_classes_out() -> None:
    task = anc.SCMFamily.from_config({**MIXED, "n_nodes_max": None}).sample_task(1)
    x = task.sample(200, draw=0)
    renamed = torch.where(task.n_classes > 0, task.n_classes - 1 - x, x)
    graph = task.adjacency_matrix
    assert (task.n_classes > 0).any()
    found = analysis.sortability(x, graph, n_classes=task.n_classes)
    assert analysis.sortability(renamed, graph, n_classes=task.n_classes) == found
    assert analysis.sortability(x, graph) != found
    for wrong in ([1], [1] * 5, [[0] * 5], ["a"] * 5, [2.5, *[0] * (len(graph) - 1)]):
        with pytest.raises(anc.ConfigError, match="n_classes"):
            analysis.sortability(x, graph, n_classes=wrong)


@pytest.mark.parametrize("classes", [400, 32767])
def test_information_of_columns_of_many_classes_takes_no_table_of_all_their_pairs(classes: int) -> None:
    generator = torch.Generator().manual_seed(0)
    first = torch.randint(0, 12, (500,), generator=generator) * (classes // 12)
    second = (first + torch.randint(0, 3, (500,), generator=generator)) % classes
    x = torch.stack([first, second], dim=1).float()
    graph, values = torch.tensor([0, 1, 0, 0], dtype=torch.uint8), torch.tensor([classes, classes], dtype=torch.int16)
    sample = _ffi.sample_create()
    _ffi.sample_add(sample, 500, torch.tensor([2], dtype=torch.int32), graph, x.flatten(), "{}", values)
    found = json.loads(_ffi.sample_summary(sample))["statistics"]["edge_information"]["mean"]

    def entropy(values: torch.Tensor) -> float:
        shares = values.unique(dim=0, return_counts=True)[1].double() / 500
        return float(-(shares * shares.log()).sum())

    bias = (len(first.unique()) - 1) * (len(second.unique()) - 1) / 1000
    assert found == pytest.approx(entropy(first) + entropy(second) - entropy(x) - bias, rel=1e-9)
