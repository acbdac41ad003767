"""Measured tables with a published graph, from the user's files."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral import evaluation, formats

# The columns and the edges of the Causal Discovery Toolbox, which has a cycle.
TOOLBOX = ("praf", "pmek", "plcg", "PIP2", "PIP3", "p44/42", "pakts473", "PKA", "PKC", "P38", "pjnk")
TOOLBOX_EDGES = (
    *(("PIP2", "PKC"), ("plcg", "PIP2"), ("PIP3", "plcg"), ("PIP2", "PIP3"), ("plcg", "PKC"), ("PKC", "pjnk")),
    *(("PKC", "P38"), ("PKA", "P38"), ("PKC", "praf"), ("PKA", "praf"), ("praf", "pmek"), ("pmek", "p44/42")),
    *(("PKC", "pmek"), ("PKA", "pakts473"), ("PIP3", "pakts473"), ("PKA", "pmek"), ("PKA", "p44/42"), ("PKA", "pjnk")),
)


def table(path: Path, names: Any, rows: np.ndarray[Any, Any], separator: str = ",") -> Path:
    lines = [separator.join(names), *(separator.join(f"{value:.9g}" for value in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows(count: int, width: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(3).gamma(2.0, 30.0, (count, width)).astype(np.float32)


def test_a_table_with_a_list_of_edges_is_a_task(tmp_path: Path) -> None:
    x = rows(40, 4)
    data = table(tmp_path / "data.csv", ["a", "b/c", "d", "e"], x)
    (tmp_path / "edges.csv").write_text('"Cause","Effect"\n"d","a"\n"a","b/c"\n', encoding="utf-8")
    task = formats.read_observed(data, tmp_path / "edges.csv")
    assert isinstance(task, anc.Task)
    assert task.X.equal(torch.from_numpy(x))
    expected = torch.zeros(4, 4)
    expected[2, 0] = expected[0, 1] = 1
    assert task.adjacency.equal(expected)
    # It is evaluated like any other test set.
    found = evaluation.evaluate(lambda X: torch.full((len(X), 4, 4), 0.5), {"measured": [task]}, resamples=10)
    assert "measured" in str(found)


def test_matrices_and_npy_files_are_read(tmp_path: Path) -> None:
    x, graph = rows(30, 3), np.array([[0, 1, 0], [0, 0, 0], [1, 0, 0]])
    np.save(tmp_path / "data.npy", x)
    np.save(tmp_path / "graph.npy", graph)
    plain = formats.read_observed(tmp_path / "data.npy", tmp_path / "graph.npy")
    assert plain.X.equal(torch.from_numpy(x))
    assert plain.adjacency.equal(torch.from_numpy(graph).float())
    # The matrix of a text has an order of its own.
    order = [2, 0, 1]
    named = table(tmp_path / "graph.csv", ["c", "a", "b"], graph[np.ix_(order, order)].astype(np.float32))
    for separator in (",", ";", "\t", " "):
        data = table(tmp_path / "data.txt", ["a", "b", "c"], x, separator)
        task = formats.read_observed(data, named)
        assert task.X.equal(plain.X)
        assert task.adjacency.equal(plain.adjacency)
    with_names = formats.read_observed(tmp_path / "data.npy", named, names=["a", "b", "c"])
    assert with_names.adjacency.equal(plain.adjacency)


def test_names_choose_columns(tmp_path: Path) -> None:
    x = rows(10, 3)
    data = table(tmp_path / "data.csv", ["a", "b", "experiment"], x)
    (tmp_path / "edges.csv").write_text("cause,effect\nb,a\n", encoding="utf-8")
    task = formats.read_observed(data, tmp_path / "edges.csv", names=["b", "a"])
    assert task.X.equal(torch.from_numpy(x[:, [1, 0]]))
    assert task.adjacency.tolist() == [[0, 1], [0, 0]]


def test_the_cyclic_graph_of_the_toolbox_is_refused_by_its_cycle(tmp_path: Path) -> None:
    data = table(tmp_path / "cyto_full_data.csv", TOOLBOX, rows(20, 11))
    lines = ['"Cause","Effect"', *(f'"{cause}","{effect}"' for cause, effect in TOOLBOX_EDGES)]
    (tmp_path / "cyto_full_target.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(anc.ConfigError) as caught:
        formats.read_observed(data, tmp_path / "cyto_full_target.csv")
    assert str(caught.value).endswith("must be acyclic; plcg -> PIP2 -> PIP3 -> plcg is a cycle.")
    # Without the edge that closes it, it is a DAG.
    kept = [line for line in lines if line != '"PIP3","plcg"']
    (tmp_path / "dag.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    assert int(formats.read_observed(data, tmp_path / "dag.csv").adjacency.sum()) == 17


def test_sachs_has_the_consensus_graph(tmp_path: Path) -> None:
    x = rows(25, 12)
    data = table(tmp_path / "sachs.csv", [*TOOLBOX, "experiment"], x)
    task = formats.read_sachs(data)
    assert task.X.equal(torch.from_numpy(x[:, :11]))
    assert int(task.adjacency.sum()) == len(formats.SACHS_EDGES) == 17
    at = {name: index for index, name in enumerate(TOOLBOX)}
    assert task.adjacency[at["praf"], at["pmek"]] == 1
    assert task.adjacency[at["PIP3"], at["PIP2"]] == 1
    assert task.adjacency[at["PKC"], at["PKA"]] == 1
    assert task.adjacency[at["plcg"], at["PKC"]] == 0
    # Under bnlearn's names in another order it is the same task with its columns moved.
    bnlearn = ["Raf", "Mek", "Plcg", "PIP2", "PIP3", "Erk", "Akt", "PKA", "PKC", "P38", "Jnk"]
    moved = [10, *range(10)]
    other = formats.read_sachs(table(tmp_path / "b.txt", [bnlearn[i] for i in moved], x[:, moved], "\t"))
    assert other.X.equal(task.X[:, moved])
    assert other.adjacency.equal(task.adjacency[moved][:, moved])
    with pytest.raises(anc.ConfigError, match=r"must have each of Raf, Mek, .* once"):
        formats.read_sachs(table(tmp_path / "few.csv", TOOLBOX[1:], x[:, :10]))


@pytest.mark.parametrize(
    ("data", "graph", "sentence"),
    [
        ("a,b\n1,2\n", "cause,effect\na,x\n", r"has the node 'x': must be a column of the data"),
        ("a,b\n1,x\n", "cause,effect\na,b\n", r"has something else than numbers"),
        ("a,b\n1,nan\n", "cause,effect\na,b\n", r"numbers that are not finite"),
        ("a,b\n1\n", "cause,effect\na,b\n", r"row 2: has 1 words, must have 2"),
        ("a,a\n1,2\n", "cause,effect\na,b\n", r"must have each name once"),
        ("a,b\n", "cause,effect\na,b\n", r"has 1 lines"),
        ("a,b\n1,2\n", "a,b\n0,2\n0,0\n", r"graph\[0, 1\] = 2.0: every entry must be 0 or 1"),
        ("a,b\n1,2\n", "a,b\n0,1\n1,0\n", r"must be acyclic; a -> b -> a is a cycle\."),
        ("a,b,c\n1,2,3\n", "a,b,c\n0,1,0\n0,0,0\n", r"must be square, below a line of names"),
        # What a reader would have to leave out: an edge written otherwise, a weight, a name that comes twice.
        ("a,b,c\n1,2,3\n", "cause,effect\na,b\nb c\n", r"row 3: has the words 'b c', must have two, a cause and an effect"),
        ("a,b,c\n1,2,3\n", "cause,effect\na->b\n", r"row 2: has the words 'a->b', must have two"),
        ("a,b,c\n1,2,3\n", "cause,effect\na,b,0\n", r"row 2: has the words 'a', 'b', '0', must have two"),
        ("a,b,c\n1,2,3\n", "cause effect\na b\nc\n", r"row 3: has the words 'c', must have two"),
        # An edge list the other way round (CellOracle #218), and numbers that Python alone takes for such.
        ("a,b,c\n1,2,3\n", "effect,cause\na,b\n", r"begins with effect, cause: must have causes in its first column"),
        ("a,b,c\n1,2,3\n", "Target Source\na b\n", r"begins with Target, Source: must have causes in its first column"),
        ("a,b\n1,2\n3,1_0\n", "cause,effect\na,b\n", r"row 3: has something else than numbers, '1_0'"),
        ("a,b\n1,\u0663\n", "cause,effect\na,b\n", r"row 2: has something else than numbers, '\u0663'"),
        ("a,b,c\n1,2,3\n", "a,b,c\n0,0_1,0\n0,0,0\n0,0,0\n", r"graph\.csv, row 2: has something else than numbers, '0_1'"),
        ("a,b,c\n1,2,3\n", "a,a\n0,1\n0,0\n", r"has the nodes \['a', 'a'\]: must have each name once"),
    ],
)
def test_what_files_have_wrong_is_said(tmp_path: Path, data: str, graph: str, sentence: str) -> None:
    (tmp_path / "data.csv").write_text(data, encoding="utf-8")
    (tmp_path / "graph.csv").write_text(graph, encoding="utf-8")
    with pytest.raises(anc.ConfigError, match=sentence):
        formats.read_observed(tmp_path / "data.csv", tmp_path / "graph.csv")


def test_files_that_are_missing_are_refused(tmp_path: Path) -> None:
    data = table(tmp_path / "data.csv", ["a", "b"], rows(3, 2))
    with pytest.raises(anc.ConfigError, match=r"missing\.csv can't be read"):
        formats.read_observed(data, tmp_path / "missing.csv")
    with pytest.raises(anc.ConfigError, match=r"missing\.npy is not there"):
        formats.read_observed(tmp_path / "missing.npy", data)


@pytest.mark.parametrize(
    "shape", ["(", "(9999999999999999999999, 2)", "(True, 2)", "(-3, 2)"], ids=["cut", "too large", "no number", "negative"]
)
def test_npy_files_with_a_broken_header_are_refused(tmp_path: Path, shape: str) -> None:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}{'}' if len(shape) > 1 else ''}".ljust(117).encode()
    (tmp_path / "data.npy").write_bytes(b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + header + b"\n" + bytes(160))
    (tmp_path / "archive.npy").write_bytes(b"PK\x03\x04, and no archive behind it")
    for name in ("data", "archive"):
        with pytest.raises(anc.ConfigError, match=rf"{name}\.npy can't be read: must be a \.npy file of numbers"):
            formats.read_observed(tmp_path / f"{name}.npy", tmp_path / "graph.csv")


def test_a_list_of_edges_without_its_first_line_loses_no_edge_in_silence(tmp_path: Path) -> None:
    data = table(tmp_path / "data.csv", ["a", "b", "c"], rows(5, 3))
    (tmp_path / "edges.csv").write_text("a,b\nb,c\n", encoding="utf-8")
    with pytest.raises(anc.ConfigError, match="begins with a, b, which are columns of the data"):
        formats.read_observed(data, tmp_path / "edges.csv")
    # One of the two may be called as a column is.
    (tmp_path / "edges.csv").write_text("a,effect\nb,c\n", encoding="utf-8")
    assert formats.read_observed(data, tmp_path / "edges.csv").adjacency.nonzero().tolist() == [[1, 2]]


def test_columns_may_be_called_as_python_writes_numbers(tmp_path: Path) -> None:
    data = table(tmp_path / "data.csv", ["1_0", "2_0", "3_0"], rows(5, 3))
    (tmp_path / "edges.csv").write_text("parent,child\n1_0,2_0\n3_0,2_0\n", encoding="utf-8")
    assert formats.read_observed(data, tmp_path / "edges.csv").adjacency.nonzero().tolist() == [[0, 1], [2, 1]]


def test_an_index_of_pandas_is_no_variable(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(",a,b\n0,1.5,2\n1,3,4\n", encoding="utf-8")
    (tmp_path / "edges.csv").write_text("cause,effect\na,b\n", encoding="utf-8")
    with pytest.raises(anc.ConfigError, match="must have a name for each; pandas leaves out its index"):
        formats.read_observed(tmp_path / "data.csv", tmp_path / "edges.csv")
    # pandas calls it so where it has read such a file.
    (tmp_path / "again.csv").write_text("Unnamed: 0,a,b\n0,1.5,2\n1,3,4\n", encoding="utf-8")
    with pytest.raises(anc.ConfigError, match="must have a name for each; pandas leaves out its index"):
        formats.read_observed(tmp_path / "again.csv", tmp_path / "edges.csv")
    # Where columns are chosen, it is one of those that are left out.
    chosen = formats.read_observed(tmp_path / "data.csv", tmp_path / "edges.csv", names=["a", "b"])
    assert chosen.X.tolist() == [[1.5, 2.0], [3.0, 4.0]]
    proteins = [*dict.fromkeys(name for edge in formats.SACHS_EDGES for name in edge)]
    assert formats.read_sachs(table(tmp_path / "sachs.csv", ["", *proteins], rows(3, 12))).X.shape == (3, 11)


@pytest.mark.parametrize("ending", ["csv", "npy"])
def test_a_number_beyond_float32_is_refused(tmp_path: Path, ending: str) -> None:
    data = tmp_path / f"data.{ending}"
    if ending == "csv":
        data.write_text("X0,X1\n1,2\n3,-1e60\n", encoding="utf-8")
    else:
        np.save(data, np.array([[1.0, 2.0], [3.0, -1e60]]))
    (tmp_path / "edges.csv").write_text("cause,effect\nX0,X1\n", encoding="utf-8")
    with pytest.raises(anc.ConfigError, match=r"has the number -1e\+60: must be at most 3.403e\+38 in size"):
        formats.read_observed(data, tmp_path / "edges.csv")


def test_other_readers_refuse_a_number_beyond_float32(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([[1.0, 1e39]], columns=["a", "b"])
    graph = pandas.DataFrame([[0, 1], [0, 0]], columns=["a", "b"], index=["a", "b"])
    with pytest.raises(anc.ConfigError, match=r"data has the number 1e\+39"):
        formats.from_pandas(frame, graph)
    frame.to_csv(tmp_path / "data1.csv", index=False)
    graph.to_csv(tmp_path / "adjacency1.csv", index=False)
    with pytest.raises(anc.ConfigError, match=r"data1.csv of .* has the number 1e\+39"):
        formats.read_csv(tmp_path)
    np.save(tmp_path / "data1.npy", np.array([[1.0, 1e39]]))
    np.save(tmp_path / "DAG1.npy", np.array([[0, 1], [0, 0]]))
    with pytest.raises(anc.ConfigError, match=r"data1.npy has the number 1e\+39"):
        formats.read_dcdi(tmp_path)
    assert bool(formats.from_pandas(frame.replace(1e39, np.nan), graph).X[0, 1].isnan())


def test_names_and_graphs_that_do_not_fit_the_table_are_named(tmp_path: Path) -> None:
    data = table(tmp_path / "data.csv", ["a", "b", "c"], rows(9, 3))
    np.save(tmp_path / "graph.npy", np.zeros((2, 2)))
    (tmp_path / "edges.csv").write_text("a,b\nb,c\n", encoding="utf-8")
    with pytest.raises(anc.ConfigError, match=r"names has 'd': must be columns of .*data\.csv"):
        formats.read_observed(data, tmp_path / "edges.csv", names=["a", "d"])
    with pytest.raises(anc.ConfigError, match=r"graph\.npy has shape \(2, 2\): must be square, with the 3 columns"):
        formats.read_observed(data, tmp_path / "graph.npy")
