"""DCDI's folders, read by the calls of its reader, and folders of a stranger."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral import formats

FAMILY = anc.SCMFamily(n_nodes=5, sparsity_param=1.0)
DESIGN = anc.Design(n_samples=12, interventions=anc.Interventions(n_samples=8, regimes=4, targets=1, targets_max=3))


def folder(path: Path) -> Path:
    return formats.write_dcdi(path / "data", anc.MetaFixedDataset(FAMILY, n_tasks=3, design=DESIGN))


def test_files_are_numbered_from_1(tmp_path: Path) -> None:
    names = ("DAG{}.npy", "data{}.npy", "data_interv{}.npy", "intervention{}.csv", "regime{}.csv")
    assert {file.name for file in folder(tmp_path).iterdir()} == {name.format(number) for name in names for number in (1, 2, 3)}


def test_the_calls_of_its_reader_find_the_task(tmp_path: Path) -> None:
    path = folder(tmp_path)
    for number in (1, 2, 3):
        task = anc.MetaFixedDataset(FAMILY, n_tasks=3, design=DESIGN)[number - 1]
        assert (torch.as_tensor(np.load(path / f"DAG{number}.npy")).type(torch.Tensor) == task["adjacency"]).all()
        assert (np.load(path / f"data{number}.npy") == task["X"].numpy()[:12]).all()
        data = np.load(path / f"data_interv{number}.npy")
        assert (data == task["X"].numpy()).all()
        regimes = np.genfromtxt(path / f"regime{number}.csv", delimiter=",").astype(int)
        assert (regimes == task["regime"].numpy()).all()
        with open(path / f"intervention{number}.csv") as file:
            masks = [[int(x) for x in row] for row in csv.reader(file)]
        assert len(masks) == len(data)
        mask = torch.ones(data.shape)
        for row, targets in enumerate(masks):
            for target in targets:
                mask[row, target] = 0
        assert (mask == 0).equal(task["intervened"])  # 0 for a target, which is True here.
        assert masks[:12] == [[]] * 12


def test_the_calls_of_seas_reader_find_the_observational_regime_first(tmp_path: Path) -> None:
    with open(folder(tmp_path) / "intervention1.csv") as file:
        lines = [line.strip() for line in file.readlines()]
    regimes = [tuple(sorted(int(x) for x in line.split(","))) if len(line) > 0 else () for line in lines]
    assert len(regimes) == 20
    assert sorted(set(regimes))[0] == ()


def test_it_comes_back(tmp_path: Path) -> None:
    path = folder(tmp_path)
    task = anc.MetaFixedDataset(FAMILY, n_tasks=3, design=DESIGN)[1]
    found = formats.read_dcdi(path, 2)
    assert set(found) == {"X", "adjacency", "intervened", "regime"}
    for name, array in found.items():
        assert array.equal(task[name]), name
    plain = formats.read_dcdi(path, 2, interventions=False)
    assert set(plain) == {"X", "adjacency"}
    assert plain["X"].equal(task["X"][:12])
    again = formats.write_dcdi(tmp_path / "again", [found])
    assert (again / "intervention1.csv").read_bytes() == (path / "intervention2.csv").read_bytes()


def test_tasks_without_interventions_have_two_files(tmp_path: Path) -> None:
    batch = next(iter(anc.MetaIterableDataset(FAMILY, n_samples=6, batch_size=2)))
    path = formats.write_dcdi(tmp_path / "plain", batch)
    assert {file.name for file in path.iterdir()} == {"DAG1.npy", "data1.npy", "DAG2.npy", "data2.npy"}
    assert formats.read_dcdi(path, 2)["X"].equal(batch.X[1])


def test_unknown_targets_are_in_the_files(tmp_path: Path) -> None:
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=1, design="dcdi-unknown")
    path = formats.write_dcdi(tmp_path / "unknown", tasks)
    assert formats.read_dcdi(path)["intervened"].equal(tasks[0]["truth_intervened"])


def test_older_folders_have_regimes_by_their_targets(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "regime1.csv").unlink()
    found = formats.read_dcdi(path)
    assert found["regime"][:12].eq(0).all()
    for regime in range(1, int(found["regime"].max()) + 1):
        assert (found["intervened"][found["regime"] == regime].unique(dim=0)).shape[0] == 1


def test_edges_go_from_row_to_column(tmp_path: Path) -> None:
    path = formats.write_dcdi(tmp_path / "chain", anc.Task(torch.ones(3, 2), torch.tensor([[0.0, 1.0], [0.0, 0.0]])))
    assert np.load(path / "DAG1.npy").tolist() == [[0.0, 1.0], [0.0, 0.0]]


@pytest.mark.parametrize(
    ("regime", "told"),
    [([1, 1, 2], "no observational rows"), ([0, 2, 2], "regimes without rows"), ([0], "or one row")],
)
def test_what_readers_would_not_take_is_refused_and_leaves_no_folder(tmp_path: Path, regime: list[int], told: str) -> None:
    task = {"X": torch.zeros(len(regime), 2), "adjacency": torch.zeros(2, 2), "regime": torch.tensor(regime)}
    with pytest.raises(anc.ConfigError) as caught:
        formats.write_dcdi(tmp_path / "data", [anc.MetaFixedDataset(FAMILY, n_tasks=1, design=DESIGN)[0], task])
    assert told in str(caught.value)
    assert "task 2" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    folder(tmp_path)  # Empty, so it is filled.
    with pytest.raises(anc.ConfigError, match="must be a new or an empty folder"):
        folder(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(anc.ConfigError, match=r"folder = .*: must be a folder that can be written"):
        formats.write_dcdi(tmp_path / "file" / "data", anc.MetaFixedDataset(FAMILY, n_tasks=1, n_samples=3))
    assert {file.name for file in tmp_path.iterdir()} == {"data", "file"}


def _array(name: str, array: Any) -> Callable[[Path], None]:
    return lambda path: np.save(path / name, array, allow_pickle=True)


def _text(name: str, text: str) -> Callable[[Path], Any]:
    return lambda path: (path / name).write_text(text)


def _cut(path: Path) -> None:
    whole = (path / "data_interv1.npy").read_bytes()
    (path / "data_interv1.npy").write_bytes(whole[:-8])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_array("data_interv1.npy", np.array([[object()]])), "not of pickled objects"),
        (_array("DAG1.npy", np.array([["a"]])), "must be a matrix of numbers"),
        (_array("data_interv1.npy", np.zeros(5)), "must be a matrix of numbers"),
        (_array("data_interv1.npy", np.full((20, 5), np.nan)), "not finite"),
        (_array("data_interv1.npy", np.zeros((20, 4))), "DAG1.npy has 5 nodes: must have 4"),
        (_array("data_interv1.npy", np.zeros((19, 5))), "more than 19 lines"),
        (_array("data_interv1.npy", np.zeros((21, 5))), "has 20 lines: must have 21"),
        (_array("DAG1.npy", np.eye(5)), "cycle"),
        (_array("DAG1.npy", np.triu(np.full((5, 5), 2.0), 1)), "must be 0 or 1"),
        (_text("DAG1.npy", "no"), "must be a .npy file of numbers"),
        (_text("intervention1.csv", "\n" * 19 + "5\n"), "line 20 of"),
        (_text("intervention1.csv", "\n" * 19 + "-1\n"), "must have whole numbers from 0 to 4"),
        (_text("intervention1.csv", "\n" * 19 + "1.0\n"), "has '1.0'"),
        (_text("intervention1.csv", "\n" * 19 + "é\n"), "can't be read"),
        (_text("regime1.csv", "\n" * 20), "must have a regime in each"),
        (lambda path: (path / "DAG1.npy").unlink(), "is not there"),
        (lambda path: (path / "intervention1.csv").unlink(), "can't be read"),
        (_cut, "can't be read"),
    ],
)
def test_what_a_stranger_wrote_is_refused(tmp_path: Path, change: Callable[[Path], Any], told: str) -> None:
    path = folder(tmp_path)
    change(path)
    with pytest.raises(anc.ConfigError) as caught:
        formats.read_dcdi(path)
    assert told in str(caught.value)


def test_a_number_is_from_1_on(tmp_path: Path) -> None:
    with pytest.raises(anc.ConfigError, match="number = 0"):
        formats.read_dcdi(folder(tmp_path), 0)
    with pytest.raises(anc.ConfigError, match=r"DAG4.npy|data4.npy"):
        formats.read_dcdi(tmp_path / "data", 4)
