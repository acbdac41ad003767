"""Do-PFN's and CausalFM's tensors: axes, columns and which rows they are."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral import formats

FAMILY = anc.SCMFamily(n_nodes=6, sparsity_param=1.5, standardization="internal")
DESIGN = anc.Design(n_samples=30, query=10, effects=anc.Effects(treatment_kind="logistic", assignment="coin"))
OBSERVED = anc.Design(n_samples=30, query=29, effects=anc.Effects(treatment_kind="logistic", covariates="all"))


def batch(design: anc.Design, size: int = 3) -> Any:
    return next(iter(anc.MetaIterableDataset(FAMILY, design=design, batch_size=size)))


def test_do_pfn_has_rows_first_and_the_treatment_in_column_0() -> None:
    tasks = batch(DESIGN)
    data = formats.to_do_pfn(tasks)
    assert set(data) == {"x", "y", "target_y", "x_int", "single_eval_pos"}
    assert (data["x"].shape, data["y"].shape, data["single_eval_pos"]) == ((30, 3, 5), (30, 3, 1), 20)
    for task in range(3):
        x, y = data["x"][:, task], data["y"][:, task, 0]
        assert x[:20, 0].equal(tasks["T"][task])
        assert x[:20, 1:].equal(tasks["X"][task])
        assert y[:20].equal(tasks["Y"][task])
        assert x[20:, 0].equal(tasks["T_query"][task])
        assert x[20:, 1:].equal(tasks["X_query"][task])
        # What is asked for is the outcome under the treatment in column 0.
        assert y[20:].equal(torch.where(x[20:, 0] == 1, tasks["y1"][task], tasks["y0"][task]))
    assert set(data["x"][..., 0].unique().tolist()) == {0.0, 1.0}
    assert data["target_y"].equal(data["y"])
    assert data["x_int"].equal(data["x"])
    assert data["x"].is_contiguous()


def test_causalfm_has_both_potential_outcomes_of_every_row() -> None:
    tasks = batch(OBSERVED)
    data = formats.to_causalfm(tasks)
    assert {name: tuple(array.shape) for name, array in data.items()} == {
        "X": (29, 3, 4),
        **dict.fromkeys(("a", "y", "y0", "y1", "ite"), (29, 3, 1)),
    }
    for task in range(3):
        assert data["X"][:, task].equal(tasks["X_query"][task])
        for name, ours in {"a": "T_query", "y": "Y_query", "y0": "y0", "y1": "y1"}.items():
            assert data[name][:, task, 0].equal(tasks[ours][task]), name
    assert data["ite"].equal(data["y1"] - data["y0"])
    assert data["y"].equal(torch.where(data["a"] == 1, data["y1"], data["y0"]))


def test_arrays_are_in_memory_of_their_own() -> None:
    task = anc.MetaFixedDataset(FAMILY, n_tasks=1, design=OBSERVED)[0]
    for source in (task, batch(OBSERVED, size=1), batch(OBSERVED, size=2)):
        before = {name: array.clone() for name, array in source.items()}
        for array in formats.to_causalfm(source).values():
            array.fill_(7.0)
        for name in ("x", "y"):
            formats.to_do_pfn(source)[name].fill_(7.0)
        assert all(array.equal(before[name]) for name, array in source.items())


def test_a_task_is_a_batch_of_one() -> None:
    task = anc.MetaFixedDataset(FAMILY, n_tasks=1, design=DESIGN)[0]
    assert formats.to_do_pfn(task)["x"].shape == (30, 1, 5)
    assert formats.to_causalfm(task)["X"][:, 0].equal(task["X_query"])


def test_the_presets_of_both_papers_fit() -> None:
    for name, family in (("do-pfn", FAMILY), ("causalfm-standard", anc.SCMFamily(n_nodes=6, graph_generator=anc.BackDoor()))):
        tasks = next(iter(anc.MetaIterableDataset(family, design=anc.Design.preset(name), batch_size=2)))
        assert torch.isfinite(formats.to_do_pfn(tasks)["x"]).all()
        assert torch.isfinite(formats.to_causalfm(tasks)["ite"]).all()


@pytest.mark.parametrize("convert", [formats.to_do_pfn, formats.to_causalfm])
@pytest.mark.parametrize(
    ("design", "told"),
    [
        (anc.Design(n_samples=9), "must be an item of a design with effects"),
        (anc.Design(n_samples=20, n_samples_max=40, query=10, effects=anc.Effects()), "row_mask is not True everywhere"),
    ],
)
def test_what_has_no_effects_or_ragged_rows_is_refused(convert: Any, design: anc.Design, told: str) -> None:
    with pytest.raises(anc.ConfigError) as caught:
        convert(batch(design, 20))
    assert told in str(caught.value)
    with pytest.raises(anc.ConfigError, match="source is of type Task"):
        convert(anc.MetaFixedDataset(FAMILY, n_tasks=1, n_samples=5)[0])


def test_continuous_treatments_are_do_pfns_alone() -> None:
    tasks = batch(anc.Design(n_samples=30, query=10, effects=anc.Effects(treatment_kind="continuous")))
    assert formats.to_do_pfn(tasks)["x"].shape == (30, 3, 5)
    with pytest.raises(anc.ConfigError, match=r"no array 'y0'.* of a treatment that is no grid"):
        formats.to_causalfm(tasks)


def test_the_files_have_the_columns_that_causalfm_reads(tmp_path: Path) -> None:
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=2, design=OBSERVED)
    path = formats.write_causalfm(tmp_path / "train", tasks, normalize="none")
    assert sorted(file.name for file in path.iterdir()) == ["dataset_1.csv", "dataset_2.csv"]
    with open(path / "dataset_2.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["x0", "x1", "x2", "x3", "treatment", "outcome", "y0", "y1", "ite"]
    assert len(rows) == 29
    found = {name: np.array([row[name] for row in rows], dtype=np.float32) for name in rows[0]}
    task = tasks[1]
    assert (np.column_stack([found[f"x{column}"] for column in range(4)]) == task["X_query"].numpy()).all()  # To the bit.
    for name, ours in {"treatment": "T_query", "outcome": "Y_query", "y0": "y0", "y1": "y1"}.items():
        assert (found[name] == task[ours].numpy()).all(), name


def test_normalised_files_are_on_the_scale_of_both_outcomes(tmp_path: Path) -> None:
    path = formats.write_causalfm(tmp_path / "train", batch(OBSERVED))
    assert sorted(file.name for file in path.iterdir()) == [f"normalized_dataset_{number}.csv" for number in (1, 2, 3)]
    rows = np.loadtxt(path / "normalized_dataset_1.csv", delimiter=",", skiprows=1)
    kept = rows[:, :4].std(axis=0) > 0
    np.testing.assert_allclose(rows[:, :4].mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(rows[:, :4].std(axis=0)[kept], 1, rtol=1e-6)
    both = rows[:, 6:8]
    assert abs(both.mean()) < 1e-6
    assert abs(both.std() - 1) < 1e-6
    np.testing.assert_allclose(rows[:, 8], rows[:, 7] - rows[:, 6], atol=1e-6)
    np.testing.assert_allclose(rows[:, 5], np.where(rows[:, 4] == 1, rows[:, 7], rows[:, 6]), atol=1e-6)
    with pytest.raises(anc.ConfigError, match="normalize = 'all'"):
        formats.write_causalfm(tmp_path / "other", batch(OBSERVED), normalize="all")
    with pytest.raises(anc.ConfigError, match="source is empty"):
        formats.write_causalfm(tmp_path / "other", [])
    assert [file.name for file in tmp_path.iterdir()] == ["train"]
