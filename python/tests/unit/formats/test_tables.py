"""Tables of pandas and CSV files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

import ancestral as anc
from ancestral import formats

FAMILY = anc.SCMFamily(n_nodes=4, sparsity_param=1.0)
DESIGN = anc.Design(n_samples=5, interventions=anc.Interventions(n_samples=4, regimes=2))


def test_tables_have_the_names_of_nodes() -> None:
    task = anc.MetaFixedDataset(FAMILY, n_tasks=1, n_samples=6)[0]
    data, adjacency = formats.to_pandas(task, names=["a", "b", "c", "d"])
    assert list(data.columns) == list(adjacency.columns) == list(adjacency.index) == ["a", "b", "c", "d"]
    assert (data.to_numpy() == task.X.numpy()).all()
    assert data.dtypes.unique().tolist() == [np.dtype("float32")]
    edges = {(i, j) for i in "abcd" for j in "abcd" if adjacency.loc[i, j] == 1}
    assert edges == {("abcd"[i], "abcd"[j]) for i, j in task.adjacency.nonzero().tolist()}
    assert list(formats.to_pandas(task).data.columns) == ["X0", "X1", "X2", "X3"]


def test_tables_come_back_in_any_order_of_the_graph() -> None:
    task = anc.MetaFixedDataset(FAMILY, n_tasks=1, design=DESIGN)[0]
    data, adjacency = formats.to_pandas(task)
    assert data["regime"].tolist() == task["regime"].tolist()
    mixed = adjacency.loc[["X2", "X0", "X3", "X1"], ["X1", "X3", "X0", "X2"]]
    found = formats.from_pandas(data, mixed)
    assert found.X.equal(task["X"])
    assert found.adjacency.equal(task["adjacency"])


def test_the_csv_files_come_back_by_way_of_pandas(tmp_path: Path) -> None:
    task = anc.MetaFixedDataset(FAMILY, n_tasks=1, n_samples=6)[0]
    path = formats.write_csv(tmp_path / "tables", task)
    data, adjacency = (pd.read_csv(path / f"{name}1.csv") for name in ("data", "adjacency"))
    found = formats.from_pandas(data[["X2", "X0", "X3", "X1"]], adjacency)
    order = [2, 0, 3, 1]
    assert found.X.equal(task.X[:, order])
    assert found.adjacency.equal(task.adjacency[order][:, order])


def test_rows_of_a_graph_that_are_called_otherwise_than_its_columns_are_named() -> None:
    data, adjacency = formats.to_pandas(anc.MetaFixedDataset(FAMILY, n_tasks=1, n_samples=6)[0])
    with pytest.raises(anc.ConfigError, match=r"has the rows \['X0', 'X1', 'X2', 'Y'\]: must be called as its columns"):
        formats.from_pandas(data, adjacency.rename(index={"X3": "Y"}))


def test_csv_comes_back_to_the_bit(tmp_path: Path) -> None:
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=40)
    path = formats.write_csv(tmp_path / "tables", tasks)
    assert {file.name for file in path.iterdir()} == {f"{name}{n}.csv" for name in ("data", "adjacency") for n in (1, 2, 3)}
    for index in range(3):
        found = formats.read_csv(path, index + 1)
        assert found.X.equal(tasks[index].X)
        assert found.adjacency.equal(tasks[index].adjacency)
    frame = pd.read_csv(path / "data2.csv")
    assert list(frame.columns) == ["X0", "X1", "X2", "X3"]
    assert (frame.to_numpy(dtype=np.float32) == tasks[1].X.numpy()).all()


def test_csv_tells_regimes(tmp_path: Path) -> None:
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=1, design=DESIGN)
    path = formats.write_csv(tmp_path / "tables", tasks, names=["a", "b", "c", "é"])
    assert (path / "data1.csv").read_text(encoding="utf-8").splitlines()[0] == "a,b,c,é,regime"
    assert pd.read_csv(path / "data1.csv")["regime"].tolist() == tasks[0]["regime"].tolist()
    assert formats.read_csv(path).X.equal(tasks[0]["X"])


def test_no_node_is_called_as_the_column_of_regimes(tmp_path: Path) -> None:
    names = ["a", "regime", "c", "d"]
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=1, design=DESIGN)
    for write in (lambda: formats.to_pandas(tasks[0], names), lambda: formats.write_csv(tmp_path / "tables", tasks, names)):
        with pytest.raises(anc.ConfigError, match="names has 'regime': must be another name"):
            write()
    task = anc.MetaFixedDataset(FAMILY, n_tasks=1, n_samples=3)[0]
    assert (formats.to_pandas(task, names).data["regime"].to_numpy() == task.X[:, 1].numpy()).all()


def test_csv_that_windows_wrote_is_read(tmp_path: Path) -> None:
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=1, n_samples=3)
    path = formats.write_csv(tmp_path / "tables", tasks)
    data = (path / "data1.csv").read_bytes()
    (path / "data1.csv").write_bytes(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    assert formats.read_csv(path).X.equal(tasks[0].X)


def test_a_wrong_table_is_named(tmp_path: Path) -> None:
    batch = next(iter(anc.MetaIterableDataset(FAMILY, n_samples=3, batch_size=2)))
    with pytest.raises(anc.ConfigError, match="task is no single task with its rows"):
        formats.to_pandas(batch)
    data, adjacency = formats.to_pandas(anc.Task(batch.X[0], batch.adjacency[0]))
    with pytest.raises(anc.ConfigError, match="adjacency has the nodes"):
        formats.from_pandas(data.drop(columns="X1"), adjacency)
    for name in ("b,c", 'b"', "b\nc", "b\rc", "b\ud800"):
        with pytest.raises(anc.ConfigError, match=r"names has 'b.*: must be without commas"):
            formats.write_csv(tmp_path / "tables", batch, names=["a", name, "d", "e"])
    with pytest.raises(anc.ConfigError, match=r"data has the columns .* must have each name once"):
        formats.from_pandas(pd.concat([data, data], axis=1), adjacency)
    for wrong in (data.assign(X1=pd.Timestamp("2026")), data.assign(X1=data.X1 + 1j)):
        with pytest.raises(anc.ConfigError, match=r"data has dtype (object|complex64): must hold real numbers"):
            formats.from_pandas(wrong, adjacency)
    with pytest.raises(anc.ConfigError, match="source is empty"):
        formats.write_csv(tmp_path / "tables", [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("data1.csv", lambda text: text.replace("X1", "X7", 1), "must have the nodes of adjacency1.csv"),
        ("data1.csv", lambda text: text + "1,2,3\n", "can't be read"),
        ("data1.csv", lambda text: text + "1,2,3,x\n", "can't be read"),
        ("data1.csv", lambda text: text + "1,2,3,inf\n", "must have a finite number"),
        ("data1.csv", lambda text: "\n".join(line + ",0" for line in text.splitlines()), "must have the nodes of"),
        ("adjacency1.csv", lambda text: "X0,X1,X2,X3\n" + "0,1,1,1\n" * 4, "cycle"),
        ("adjacency1.csv", lambda text: "X0,X1,X2,X3\n" + "0,0,0,0\n" * 3, "must be square"),
    ],
)
def test_csv_of_a_stranger_is_refused(tmp_path: Path, name: str, change: Callable[[str], str], told: str) -> None:
    path = formats.write_csv(tmp_path / "tables", anc.MetaFixedDataset(FAMILY, n_tasks=1, n_samples=3))
    (path / name).write_text(change((path / name).read_text()))
    with pytest.raises(anc.ConfigError) as caught:
        formats.read_csv(path)
    assert told in str(caught.value)
    with pytest.raises(anc.ConfigError, match="can't be read"):
        formats.read_csv(path, 2)


def test_corpora_are_written_too(tmp_path: Path) -> None:
    corpus = anc.write_corpus(FAMILY, 3, tmp_path / "corpus", n_samples=4)
    path = formats.write_csv(tmp_path / "tables", corpus)
    assert formats.read_csv(path, 3).X.equal(corpus[2].X)


def test_missing_packages_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", missing)
    task = anc.Task(torch.zeros(2, 2), torch.zeros(2, 2))
    for call, extra in (
        (lambda: formats.to_pandas(task), "formats"),
        (lambda: formats.BCNPDataset("x.hdf5"), "formats"),
        (lambda: formats.to_networkx(task.adjacency), "plot"),
    ):
        with pytest.raises(ImportError, match=rf"pip install 'ancestral\[{extra}\]'"):
            call()


def test_missing_cells_are_written_but_no_infinite_numbers(tmp_path: Path) -> None:
    task = anc.Task(torch.tensor([[1.0, torch.nan], [2.0, 3.0]]), torch.zeros(2, 2))
    found = formats.read_csv(formats.write_csv(tmp_path / "holes", [task]))
    assert found.X.nan_to_num(7).tolist() == [[1, 7], [2, 3]]
    for write in (formats.to_pandas, lambda task: formats.write_csv(tmp_path / "tables", [task])):
        with pytest.raises(anc.ConfigError, match="infinite numbers in X"):
            write(anc.Task(torch.full((2, 2), torch.inf), torch.zeros(2, 2)))
