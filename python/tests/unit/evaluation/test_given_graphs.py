"""Graphs given to measures in any holder, with names or in batches, and what is no graph."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

import ancestral as anc
from ancestral import analysis, evaluation
from graph_measures import MEASURES


def graph(n: int, *edges: tuple[int, int]) -> NDArray[np.float64]:
    found = np.zeros((n, n))
    for i, j in edges:
        found[i, j] = 1
    return found


CHAIN, BACK, NONE = graph(3, (0, 1), (1, 2)), graph(3, (2, 1), (1, 0)), graph(3)
NAN = float("nan")


def holders() -> dict[str, Any]:
    """Ways to hold a matrix."""
    import networkx as nx
    from scipy import sparse

    def backwards(values: NDArray[np.float64]) -> Any:
        """Nodes and edges put in from the last to the first."""
        graph: Any = nx.DiGraph()
        graph.add_nodes_from(reversed(range(len(values))))
        graph.add_edges_from((int(i), int(j)) for i, j in reversed(np.argwhere(values)))
        return graph

    return {
        "lists": lambda v: v.astype(int).tolist(),
        "tuples": lambda v: tuple(map(tuple, v.tolist())),
        "lists of tensors": lambda v: [torch.tensor(row, requires_grad=True) for row in v],
        "bool": lambda v: v.astype(bool),
        "int8": lambda v: v.astype(np.int8),
        "object": lambda v: v.astype(object),
        "Fortran": np.asfortranarray,
        "strided": lambda v: np.repeat(np.repeat(v, 2, 0), 2, 1)[::2, ::2],
        "reversed": lambda v: np.ascontiguousarray(v[::-1, ::-1])[::-1, ::-1],
        "read only": lambda v: np.broadcast_to(v, (1, *v.shape))[0],
        "matrix": np.matrix,
        "masked": np.ma.masked_array,
        **{f"torch {dtype}": (lambda v, dtype=dtype: torch.tensor(v).to(dtype)) for dtype in DTYPES},
        "requires grad": lambda v: torch.tensor(v, requires_grad=True) * 1,
        "transposed tensor": lambda v: torch.tensor(v.T.copy()).T,
        "sparse tensor": lambda v: torch.tensor(v).to_sparse(),
        "csr tensor": csr_tensor,
        "csr": sparse.csr_matrix,
        "coo array": sparse.coo_array,
        "networkx": backwards,
    }


DTYPES = (torch.bool, torch.int64, torch.uint8, torch.float16, torch.bfloat16, torch.float32)


def csr_tensor(values: NDArray[np.float64]) -> torch.Tensor:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Torch's, once a process, that these are new.
        return torch.tensor(values).to_sparse_csr()


@pytest.mark.parametrize("name", list(holders()))
@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_whatever_holds_a_graph_is_taken(name: str) -> None:
    hold = holders()[name]
    truth, guess = graph(4, (3, 0), (0, 1), (3, 2)), graph(4, (3, 0), (1, 0), (2, 1))
    for measure, function in MEASURES.items():
        assert function(hold(truth), hold(guess)) == function(truth, guess), measure
        assert function(hold(truth), guess) == function(truth, guess), measure
    assert anc.graph_hash(hold(truth)) == anc.graph_hash(truth)
    assert anc.cpdag(hold(truth)).equal(anc.cpdag(truth))
    x = np.random.default_rng(0).normal(size=(50, 4)).cumsum(axis=1)
    assert anc.analysis.sortability(hold(x) if name != "networkx" and "int" not in name else x, hold(truth)) is not None


def test_graphs_with_names_are_put_in_one_order() -> None:
    import networkx as nx

    truth, guess = nx.DiGraph([("a", "b"), ("b", "c")]), nx.DiGraph([("c", "b"), ("a", "b")])
    assert list(guess.nodes) != list(truth.nodes)
    assert evaluation.shd(truth, guess) == 1
    assert evaluation.sid(truth, truth).mistakes == 0
    assert evaluation.shd(nx.Graph([(0, 1)]), [[0, 1], [1, 0]]) == 0  # Undirected is both ways.
    assert evaluation.expected_shd([[0, 1], [0, 0]], nx.DiGraph([(0, 1, {"weight": 0.25})])) == 0.75
    with pytest.raises(anc.ConfigError, match="guess has the nodes 'c', 'b', 'd': must be those of the truth, 'a', 'b', 'c'"):
        evaluation.shd(truth, nx.DiGraph([("c", "b"), ("b", "d")]))
    with pytest.raises(anc.ConfigError, match="truth has the nodes 'a', 'b', 'c': must be called 0 to 2"):
        evaluation.shd(truth, CHAIN)
    with pytest.raises(anc.ConfigError, match="adjacency has the nodes 'a', 'b', 'c': must be called"):
        anc.graph_hash(truth)


class Table:
    """What pandas' DataFrame has of what we read."""

    def __init__(self, values: NDArray[np.float64], index: list[Any], columns: list[Any]) -> None:
        self._values, self.index, self.columns = values, index, columns

    def to_numpy(self) -> NDArray[np.float64]:
        return self._values

    def __array__(self, *_: Any, **__: Any) -> NDArray[np.float64]:
        return self._values


def test_tables_are_read_by_their_names() -> None:
    values, names = graph(3, (0, 1), (1, 2)), ["a", "b", "c"]
    truth = Table(values, names, names)
    other = [2, 0, 1]
    turned = Table(values[np.ix_(other, other)], [names[k] for k in other], [names[k] for k in other])
    columns = Table(values[:, other], names, [names[k] for k in other])
    for guess in (turned, columns, values, Table(values, [0, 1, 2], names)):
        assert evaluation.shd(truth, guess) == 0
    assert anc.cpdag(columns).equal(anc.cpdag(values))


def test_batches_give_a_value_for_each() -> None:
    family = anc.SCMFamily(6, sparsity_param=1.5)
    truths, guesses = (
        torch.stack([family.sample_task(first + seed).adjacency_matrix for seed in range(5)]) for first in (0, 100)
    )
    for name, measure in MEASURES.items():
        found, each = measure(truths, guesses.bool()), [measure(a, b) for a, b in zip(truths, guesses, strict=True)]
        if isinstance(found, tuple):
            assert found.mistakes.tolist() == [one.mistakes for one in each], name
            assert found.normalized.tolist() == [one.normalized for one in each], name
        else:
            assert found.shape == (5,), name
            assert found.tolist() == each, name
    assert evaluation.expected_shd(truths[0], guesses) == np.mean([evaluation.shd(truths[0], one) for one in guesses])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_probabilities_may_be_rounded_as_their_dtype_is(dtype: torch.dtype) -> None:
    truth = torch.triu(torch.ones(6, 6), 1)
    p = torch.softmax(torch.randn(6, 6, 3, generator=torch.Generator().manual_seed(0)), -1).double()
    p = torch.triu(p[..., 0] / (p[..., 0] + p[..., 1]), 1)
    p = p + torch.triu(1 - p, 1).T  # Both directions together are 1.
    exact = evaluation.expected_shd(truth, p)
    assert evaluation.expected_shd(truth, p.to(dtype)) == pytest.approx(exact, abs=15 * torch.finfo(dtype).eps)


@pytest.mark.parametrize("measure", list(MEASURES))
@pytest.mark.parametrize(
    "wrong",
    [
        *(None, "graph", 3, {}, [[0, 1], [0]], [[0, None], [0, 0]], [[0, NAN], [0, 0]], [["a", "b"], ["c", "d"]]),
        *(np.zeros((2, 2), dtype=complex), np.ma.masked_array(np.zeros((2, 2)), mask=True)),
        *(torch.zeros(2, 2, device="meta"), torch.zeros(2, 2, 2, 2)),
    ],
)
def test_what_is_no_graph_is_answered_in_a_sentence(measure: str, wrong: Any) -> None:
    for pair in ((wrong, np.zeros((2, 2))), (np.zeros((2, 2)), wrong)):
        with pytest.raises(anc.ConfigError, match=r"truth|guess|scores|probabilities"):
            MEASURES[measure](*pair)


def test_a_table_whose_columns_alone_have_names_has_them_for_its_rows() -> None:
    import pandas

    truth = pandas.DataFrame([[0, 1, 0], [0, 0, 1], [0, 0, 0]], columns=["a", "b", "c"])
    guess = pandas.DataFrame([[0, 0, 0], [1, 0, 0], [0, 1, 0]], columns=["c", "b", "a"], index=["c", "b", "a"])
    assert evaluation.shd(truth, guess) == 0


class Columns:
    """A table as of polars, which has names for its columns and none for its rows."""

    def __init__(self, values: Any, columns: list[str]) -> None:
        self.values, self.columns = np.array(values), columns

    def to_numpy(self) -> Any:
        return self.values


def test_a_table_whose_rows_can_have_no_names_has_those_of_its_columns() -> None:
    truth = Columns([[0, 1, 0], [0, 0, 1], [0, 0, 0]], ["a", "b", "c"])
    assert evaluation.shd(truth, Columns([[0, 0, 0], [1, 0, 0], [0, 1, 0]], ["c", "b", "a"])) == 0
    assert evaluation.shd(truth.values, truth) == 0
    assert anc.graph_hash(truth) == anc.graph_hash(truth.values)
    data = Columns(np.random.default_rng(0).normal(size=(20, 3)), ["c", "a", "b"])
    assert analysis.sortability(data, truth) == analysis.sortability(data.values[:, [1, 2, 0]], truth.values)


@pytest.mark.parametrize("rows", [[0, 1, 2], [1, 2, 0]])
@pytest.mark.parametrize("columns", [[0, 1, 2], [1, 0, 2], [2, 0, 1]])
def test_a_tables_nodes_that_are_called_by_whole_numbers_stand_in_their_order(rows: list[int], columns: list[int]) -> None:
    import pandas

    graph = np.array([[0, 1, 1], [0, 0, 1], [0, 0, 0]])
    table = pandas.DataFrame(graph).loc[rows, columns]
    assert evaluation.shd(graph, table) == evaluation.shd(table, graph) == evaluation.shd(pandas.DataFrame(graph), table) == 0
    assert evaluation.acyclic_guess(table).tolist() == graph.tolist()
    assert anc.graph_hash(table) == anc.graph_hash(graph)


def test_weights_that_are_no_numbers_are_named_with_their_edge() -> None:
    import networkx

    graph = networkx.DiGraph()
    graph.add_edge("a", "b", weight="heavy")
    with pytest.raises(anc.ConfigError, match="has the edge 'a' -> 'b' with weight = 'heavy': must be a number"):
        evaluation.auroc([[0, 1], [0, 0]], graph)
