"""Data sets are measured as the engine measures its own families."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Subset, TensorDataset

import ancestral as anc
from ancestral import analysis
from ancestral._analysis.engine_names import metric_sources, statistics_of
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
MODEL = ["signal_share", "signal_to_noise", "edge_effect", "edge_effect_q10", "weak_edges"]


def padded() -> anc.PaddedTask:
    """The tasks among two nodes that are none of theirs."""
    return anc.pad_collate(TASKS, n_nodes=7)


DATA: dict[str, Any] = {
    "a list of tasks": TASKS,
    "a stacked task": BATCH,
    "a pair of tensors": tuple(BATCH),
    "a list of two tensors, as loaders give": [BATCH.X.clone(), BATCH.adjacency.clone()],
    "a pair of arrays": (BATCH.X.numpy().astype(np.float64), BATCH.adjacency.numpy().astype(bool)),
    "a pair of lists": (BATCH.X.tolist(), BATCH.adjacency.int().tolist()),
    "Fortran's order": (np.asfortranarray(BATCH.X.numpy()), np.asfortranarray(BATCH.adjacency.numpy())),
    "float64 with gradients": (BATCH.X.double().requires_grad_(), BATCH.adjacency.to(torch.float16)),
    "a padded batch": padded(),
    "batches of a loader": list(DataLoader(FIXED, batch_size=7, collate_fn=anc.collate)),
    "padded batches": [anc.pad_collate(TASKS[:20]), anc.pad_collate(TASKS[20:], n_nodes=6)],
    "pairs": [(task.X.numpy(), task.adjacency.tolist()) for task in TASKS],
    "a subset": Subset(FIXED, range(N)),
    "a dataset of torch's": TensorDataset(BATCH.X, BATCH.adjacency),
}


@pytest.mark.parametrize("name", DATA)
def test_data_are_measured_as_the_engines_tasks(name: str) -> None:
    found, right = analysis.summary(DATA[name], **SETTINGS), analysis.summary(FAMILY, **SETTINGS)
    assert found.n_tasks == N
    assert found.statistics == {key: law for key, law in right.statistics.items() if key not in MODEL}
    assert found.in_degrees == right.in_degrees
    assert found.out_degrees == right.out_degrees
    assert len(found.notes) == 1
    assert all(key in found.notes[0] for key in MODEL)
    assert f"Note: {found.notes[0]}" in str(found)
    apart = analysis.distance(DATA[name], OTHER, **SETTINGS, permutations=19)
    expected = analysis.distance(FAMILY, OTHER, **SETTINGS, permutations=19)
    # The law of the tasks isn't known, so the value of edge_kl is the estimate's.
    assert {key: entry for key, entry in apart.items() if key != "edge_kl"} == {
        key: entry for key, entry in expected.items() if key != "edge_kl"
    }
    assert apart.edges is None
    assert expected.edges is not None


def test_a_fixed_set_knows_its_mechanisms() -> None:
    found = analysis.summary(FIXED, **SETTINGS)
    assert found == analysis.summary(FAMILY, **SETTINGS)
    assert set(MODEL) <= set(found.statistics)
    # It has no more rows than its own.
    assert analysis.summary(FIXED, N, n_samples=2 * ROWS).statistics == analysis.summary(FAMILY, **SETTINGS).statistics
    few = analysis.summary(FIXED, 10, n_samples=15)
    assert few.n_tasks == 10
    assert few.notes == ["10 of the data set's 30 tasks, evenly spread.", "The first 15 of 40 rows of each task."]
    same = analysis.summary(TASKS[::3], 10, n_samples=15)
    assert few.statistics["var_sortability"] == same.statistics["var_sortability"]


def test_a_set_of_a_mixture_has_its_components() -> None:
    mixture = anc.SCMFamily.from_config(
        {"mixture": [{"family": {"n_nodes": 3, "sparsity_param": 1}}, {"family": {"n_nodes": 6}}]}
    )
    tasks = anc.MetaFixedDataset(mixture, n_tasks=40, base_seed=3, n_samples=10)
    found = analysis.summary(tasks)
    assert sum(found.component_counts) == 40
    assert min(found.component_counts) > 5
    threes = sum(len(tasks[index].adjacency) == 3 for index in range(40))
    assert found.component_counts[0] == threes
    assert found.statistics["nodes"].mean == pytest.approx((3 * threes + 6 * (40 - threes)) / 40)


def test_fewer_rows_of_a_set_are_its_first_ones_whatever_they_were_scaled_by() -> None:
    family = anc.SCMFamily(4, sparsity_param=1.0, standardization="batch", calibration_rows=16)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Which tells of just this.
        tasks = anc.MetaFixedDataset(family, n_tasks=8, n_samples=50)
    found = analysis.summary(tasks, n_samples=20)
    assert (
        found.statistics["log_variance_mean"]
        == analysis.summary([tasks[k] for k in range(8)], n_samples=20).statistics["log_variance_mean"]
    )


def test_a_corpus_is_a_data_set(tmp_path: Path) -> None:
    corpus = anc.write_corpus(FAMILY, 24, tmp_path / "corpus", n_samples=12, tasks_per_shard=10)
    found = analysis.summary(corpus, n_samples=12)
    assert found.n_tasks == 24
    assert found.statistics == analysis.summary([corpus[index] for index in range(24)], n_samples=12).statistics
    assert analysis.adjacency_grid(corpus, n_graphs=4).shape == (2, 2)
    report = analysis.report({"train": FAMILY, "corpus": corpus}, tmp_path / "report.html", n_tasks=10, n_samples=12)
    assert "CorpusDataset of 24 tasks with 12 rows." in report.read_text()


def test_names_come_from_the_engine() -> None:
    assert list(analysis.distance(FAMILY, OTHER, **SETTINGS, permutations=9)) == list(metric_sources())
    mixed = {"n_nodes": 5, "sparsity_param": 1.0, "mechanism_proportions": {"linear": 1, "categorical": 1}}
    assert list(analysis.summary(mixed, **SETTINGS).statistics) == statistics_of()
    kinds = ["binary_nodes", "categorical_nodes", "count_nodes", "class_balance", "edge_information"]
    assert list(analysis.summary(FAMILY, **SETTINGS).statistics) == [name for name in statistics_of() if name not in kinds]
    assert statistics_of("model") == MODEL


BAD = TASKS[1].adjacency + TASKS[1].adjacency.T


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], "is a list of nothing: must be a list of tasks"),
        ([torch.zeros(3, 3)], "is a list of Tensor: must be a list of tasks"),
        (BATCH.X, "is a Tensor alone: must be a family, or a pair"),
        ((BATCH.X, BATCH.adjacency[0]), "has the shapes"),
        ((BATCH.X[:, :, :4], BATCH.adjacency), r"has the shapes \[30, 40, 4\] and \[30, 5, 5\]: must be a pair"),
        ((BATCH.X[:4], BATCH.adjacency), "has the shapes"),
        ((*BATCH, torch.ones(30, 4, dtype=torch.bool)), r"has the shapes \[30, 40, 5\] and \[30, 5, 5\] and \[30, 4\]"),
        ((BATCH.X[:0], BATCH.adjacency[:0]), "is an empty data set: must have at least one task"),
        ([TASKS[0], (TASKS[1].X, BAD + torch.eye(5))], r"In task 1 of family: adjacency"),
        ([TASKS[0], (TASKS[1].X, torch.ones(5, 5).triu(1) + torch.ones(5, 5).tril(-1))], "In task 1 of family: .*cycle"),
        ([TASKS[0], (TASKS[1].X, TASKS[1].adjacency * 0.5)], "In task 1 of family: .*must be 0 or 1"),
        ([TASKS[0], (TASKS[1].X * float("nan"), TASKS[1].adjacency)], "X of task 1 of family has a value that is not finite"),
        ([TASKS[0], (TASKS[1].X.double() * 1e300, TASKS[1].adjacency)], "not finite in float32"),
        ([TASKS[0], (TASKS[1].X[:7], TASKS[1].adjacency)], "Task 1 of family has 7 rows: must have 40"),
        (Subset([task.X for task in TASKS], range(4)), "without its graph"),
        (DataLoader(anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=3)), r"is a DataLoader.*list\(loader\) is one"),
        (anc.MetaIterableDataset(FAMILY, n_samples=3), "has no length: must be a family"),
        (3, "type int"),
    ],
)
def test_wrong_data_are_refused(given: Any, says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        analysis.summary(given, **SETTINGS)
    with pytest.raises(anc.ConfigError, match="odd"):
        analysis.spectra({"odd": given, "fine": FAMILY}, n_tasks=4)


def test_a_distance_needs_two_tasks() -> None:
    assert analysis.summary(TASKS[0], **SETTINGS).n_tasks == 1
    with pytest.raises(anc.ConfigError, match="tasks = 1: must be at least 2"):
        analysis.distance(TASKS[0], FAMILY, **SETTINGS)
    with pytest.raises(anc.ConfigError, match=r"metrics = 'edge_js': must be a list of names, such as \['edge_js'\]"):
        analysis.distance(FAMILY, OTHER, metrics="edge_js")


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("edges", [False, True])
def test_data_of_every_size_are_measured(n: int, edges: bool) -> None:
    x, adjacency = torch.randn(4, 6, n), torch.ones(4, n, n).triu(1) * edges
    for rows in (0, 1, 2, 6):
        found = analysis.summary((x[:, :rows], adjacency))
        assert all(np.isfinite([law.mean, law.sd, *law.quantiles]).all() for law in found.statistics.values())
        assert found.statistics["edges"].mean == (n * (n - 1) / 2 if edges else 0)
        report = analysis.distance((x[:, :rows], adjacency), FAMILY, n_tasks=4, permutations=9)
        assert report["edge_js"].value >= 0
    analysis.spectra((x, adjacency))
    analysis.degree_histogram((x, adjacency))
    analysis.sortability_ladder({"a": (x, adjacency)})
    assert len(analysis.adjacency_grid((x, adjacency), n_graphs=9).ravel()) == 9


STRONG = {"n_samples": 20, "interventions": {"n_samples": 20, "regimes": 2, "value_mean": 50.0}, "hidden": {"count": 2}}


def test_a_fixed_set_with_a_design_is_measured_as_the_design_shows_it() -> None:
    fixed = anc.MetaFixedDataset(FAMILY, n_tasks=10, design=STRONG)
    items = [fixed[index] for index in range(10)]
    found = analysis.summary(fixed, 10)
    assert found.statistics == analysis.summary([(item["X"], item["adjacency"]) for item in items], 10).statistics
    assert found.statistics == analysis.summary(Items(items), 10).statistics
    assert found.statistics["nodes"].mean == 3
    assert found.statistics["log_variance_mean"].mean > 3  # Half of the rows have a target held near 50.
    assert "Rows and graphs are those that the set's design shows." in found.notes
    assert analysis.adjacency_grid(fixed, n_graphs=1).item(0).images[0].get_array().shape == (3, 3)
    shifted = analysis.distance(FAMILY, fixed, n_tasks=10, metrics=["data_energy"], permutations=99)
    assert shifted["data_energy"].p == 0.01


@pytest.mark.parametrize("interventions", [None, {"n_samples": 6, "regimes": 2}])
def test_experiments_of_different_sizes_are_measured_by_what_they_share(interventions: Any) -> None:
    family = anc.FamilyConfig(n_nodes=4, n_nodes_max=6, sparsity_param=1.0)
    design = anc.Design(n_samples=10, n_samples_max=30, interventions=interventions, hidden={"count": 1, "count_max": 2})
    fixed = anc.MetaFixedDataset(family, n_tasks=12, design=design)
    found = analysis.summary(fixed, 12)
    counts = [int(item["n_nodes"]) for item in (fixed[index] for index in range(12))]
    assert found.statistics["nodes"].mean == pytest.approx(np.mean(counts))
    rows = 10 if interventions is None else 16
    notes = analysis.distance(fixed, FAMILY, n_tasks=12, permutations=9).notes
    assert notes[-1] == f"{rows} rows of each task, as many as the data set has."


class Items:
    """A data set of experiments, as torch's loaders see it."""

    def __init__(self, items: list[Any]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> Any:
        return self._items[index]
