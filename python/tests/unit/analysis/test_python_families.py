"""Families with strategies in Python, and the families of a DataModule, are measured as the engine's are."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torch import Tensor, nn

import ancestral as anc
from ancestral import analysis
from ancestral._engine import _ffi
from ancestral._engine.checks import seeds_from_tensor

N, ROWS = 30, 40
FAMILY = anc.SCMFamily(5, sparsity_param=1.0)
OTHER = anc.SCMFamily(5, sparsity_param=2.0)
SETTINGS: dict[str, Any] = {"n_tasks": N, "n_samples": ROWS}
# The very tasks that `summary(FAMILY, N, n_samples=ROWS)` draws.
FIXED = anc.MetaFixedDataset(FAMILY, seeds_from_tensor(_ffi.analysis_seeds(0, N)), n_samples=ROWS)
TASKS = [FIXED[index] for index in range(N)]
BATCH: Any = anc.collate(TASKS)


def own_graphs(family: anc.SCMFamily) -> anc.SCMFamily:
    """The same tasks, by a generator in Python."""
    return anc.SCMFamily(5, graph_generator=lambda n_nodes, *, seed: family.sample_task(seed).adjacency_matrix)


def own_mechanisms(family: anc.SCMFamily) -> anc.SCMFamily:
    """Graphs of the family, and linear mechanisms written in Python."""

    class Sum(nn.Module):
        def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
            return parents.sum(dim=1) + noise

    return anc.SCMFamily(
        5,
        graph_generator=lambda n_nodes, *, seed: family.sample_task(seed).adjacency_matrix,
        mechanism_factory=lambda adjacency_matrix, *, seed: [Sum() for _ in adjacency_matrix],
    )


def test_graphs_in_python_are_measured_with_the_engines_mechanisms() -> None:
    right = analysis.summary(FAMILY, **SETTINGS)
    found = analysis.summary(own_graphs(FAMILY), **SETTINGS)
    assert found.statistics == right.statistics
    assert found.notes == []
    apart = analysis.distance(OTHER, own_graphs(FAMILY), **SETTINGS, permutations=19)
    assert apart["data_energy"] == analysis.distance(OTHER, FAMILY, **SETTINGS, permutations=19)["data_energy"]
    assert apart.edges is None  # The configuration's density is not the generator's.


def test_mechanisms_in_python_are_measured_by_their_rows() -> None:
    family = own_mechanisms(FAMILY)
    found = analysis.summary(family, **SETTINGS)
    seeds = seeds_from_tensor(_ffi.analysis_seeds(0, N))
    tasks = [family.sample_task(seed) for seed in seeds]
    pairs = [(task.sample(ROWS, draw=0), task.adjacency_matrix) for task in tasks]
    assert found.statistics == analysis.summary(pairs, **SETTINGS).statistics
    assert found.statistics["edges"] == analysis.summary(FAMILY, **SETTINGS).statistics["edges"]
    assert len(found.notes) == 1
    assert "written in Python" in found.notes[0]
    assert analysis.summary(anc.MetaFixedDataset(family, seeds, n_samples=ROWS), **SETTINGS) == found
    assert analysis.summary(family, n_tasks=4, n_samples=0).notes == []
    assert analysis.distance(family, family, n_tasks=4, n_samples=9, permutations=9).notes == []  # None is of the model.


def test_both_of_a_pair_have_as_many_rows() -> None:
    short = (BATCH.X[:, :15], BATCH.adjacency)
    found = analysis.distance(FAMILY, short, **SETTINGS, permutations=19)
    right = analysis.distance(FAMILY, short, n_tasks=N, n_samples=15, permutations=19)
    assert found["data_energy"] == right["data_energy"]
    assert found.notes == ["15 rows of each task, as many as the data set has."]
    assert "Note: 15 rows" in str(found)
    assert analysis.DistanceReport.from_dict(found.to_dict()).notes == found.notes
    assert right.notes == []
    assert "notes" not in right.to_dict()
    flat = analysis.distance(FAMILY, (BATCH.X[:, :0], BATCH.adjacency), **SETTINGS, permutations=19)
    assert "data_energy" not in flat
    assert "edge_js" in flat


def module(**tests: Any) -> anc.DataModule:
    return anc.DataModule(FAMILY, None, {"id": FAMILY, **tests}, n_samples=8, batch_size=2, n_test=4)


@pytest.mark.slow
def test_every_function_takes_every_kind(tmp_path: Path) -> None:
    kinds = {"engine": FAMILY, "graphs": own_graphs(FAMILY), "modules": own_mechanisms(OTHER), "set": FIXED, "pair": BATCH}
    kinds["config"] = OTHER.config
    matrix = analysis.distance_matrix(kinds, metric="data_energy", n_tasks=10)
    assert [label.get_text() for label in matrix.get_yticklabels()] == list(kinds)
    assert np.isfinite(np.asarray(matrix.images[0].get_array())).all()
    assert [text.get_text() for text in analysis.spectra(kinds, n_tasks=5).get_legend().get_texts()] == list(kinds)
    assert len(analysis.sortability_ladder(kinds, n_tasks=5).get_yticklabels()) == len(kinds)
    numbers = analysis.metrics(kinds, n_tasks=5, n_samples=8)
    assert {key.split("/")[1] for key in numbers if key.startswith("distance/")} == set(kinds) - {"engine"}
    text = analysis.report(kinds, tmp_path / "report.html", n_tasks=5, n_samples=8).read_text()
    assert "Data set of 30 tasks with 40 rows." in text
    assert "Data say nothing of the mechanisms" in text
    for one in kinds.values():
        assert len(analysis.degree_histogram(one, n_tasks=4).containers) == 2
        assert len(analysis.adjacency_grid(one, n_graphs=3).ravel()) == 4


def test_a_data_module_stands_for_its_families() -> None:
    data = module(own=own_graphs(OTHER))
    names = ["train", "test/id", "test/own"]
    found = analysis.summary(data, **SETTINGS)
    assert list(found) == names
    assert found["train"] == analysis.summary(FAMILY, **SETTINGS)
    assert found["test/own"].statistics == analysis.summary(OTHER, **SETTINGS).statistics
    assert analysis.distance_matrix(data, n_tasks=8).images[0].get_array().shape == (3, 3)  # pyright: ignore[reportOptionalMemberAccess]
    assert [label.get_text() for label in analysis.sortability_ladder(data, n_tasks=4).get_yticklabels()] == names
    assert len(analysis.spectra(data, n_tasks=4).get_legend().get_texts()) == 3
    histograms = analysis.degree_histogram(data, n_tasks=4)
    assert [axes.get_title() for axes in histograms.ravel()[:3]] == names
    grid = analysis.adjacency_grid(data, n_graphs=2, seed=1)
    assert grid.shape == (3, 2)
    assert [row[0].get_ylabel() for row in grid] == names
    for family, row in zip((FAMILY, FAMILY, OTHER), grid, strict=True):
        assert [int(np.sum(axes.images[0].get_array())) for axes in row] == [
            int(family.sample_task(seed).adjacency_matrix.sum()) for seed in (1, 2)
        ]
    with pytest.raises(anc.ConfigError, match="family_a has several families: must be one of them"):
        analysis.distance(data, FAMILY)


def test_a_data_module_measures_strategies_in_python_once() -> None:
    other = own_graphs(OTHER)
    data = module(own=other, again=other)
    found = data.distances(n_tasks=20)
    assert list(found) == ["test/id", "test/own", "test/again"]
    assert found["test/own"]["edge_js"] == analysis.distance(FAMILY, OTHER, n_tasks=20)["edge_js"]
    assert found["test/own"] is found["test/again"] is data.distances(n_tasks=20)["test/own"]
    trained = anc.DataModule(other, None, {"id": FAMILY}, n_samples=8, batch_size=2, n_test=4)
    assert trained.distances(n_tasks=20)["test/id"]["spectral_energy"].value > 0


def test_distances_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="ancestral"):
        found = analysis.metrics({"train": FAMILY, "test/dense": OTHER}, n_tasks=10, n_samples=8)
    (line,) = [record.getMessage() for record in caplog.records if "distances from" in record.getMessage()]
    assert line.startswith("distances from train to test/dense, 10 tasks of each: edge_kl ")
    assert f"spectral_energy {found['distance/test_dense/spectral_energy']:.4g} (p " in line
