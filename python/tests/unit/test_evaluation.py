"""Measures of predicted graphs, against the values that gadjid's and scikit-learn's authors give."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

import ancestral as anc
from ancestral import evaluation


def graph(n: int, *edges: tuple[int, int]) -> NDArray[np.float64]:
    found = np.zeros((n, n))
    for i, j in edges:
        found[i, j] = 1
    return found


TRUTH = graph(5, (0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4))
MORE = graph(5, (0, 1), (0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4), (2, 3))
REVERSED = graph(5, (1, 0), (0, 2), (0, 3), (0, 4), (1, 2), (1, 3), (1, 4))
CHAIN, BACK, NONE = graph(3, (0, 1), (1, 2)), graph(3, (2, 1), (1, 0)), graph(3)
COMPLETE = graph(3, (0, 1), (0, 2), (1, 2))


def test_shd_is_that_of_the_examples() -> None:
    assert [evaluation.shd(TRUTH, MORE), evaluation.shd(TRUTH, REVERSED)] == [1, 1]
    assert evaluation.shd(TRUTH, REVERSED, double_for_anticausal=True) == 2
    assert [evaluation.shd(CHAIN, BACK), evaluation.shd(CHAIN, NONE), evaluation.shd(CHAIN, CHAIN)] == [2, 2, 0]
    assert evaluation.cpdag_shd(CHAIN, BACK) == 0
    assert evaluation.cpdag_shd(graph(3, (0, 1), (2, 1)), CHAIN) == 2


def test_sid_and_aid_are_those_of_the_examples() -> None:
    assert evaluation.sid(TRUTH, MORE).mistakes == 0
    assert evaluation.sid(TRUTH, REVERSED) == (0.4, 8)
    assert [evaluation.sid(CHAIN, NONE).mistakes, evaluation.sid(NONE, CHAIN).mistakes] == [3, 0]
    assert [evaluation.sid(COMPLETE, CHAIN).mistakes, evaluation.sid(CHAIN, COMPLETE).mistakes] == [1, 0]
    for kind in ("ancestor", "oset", "parent"):
        assert evaluation.aid(TRUTH, REVERSED, kind).mistakes == 8  # pyright: ignore[reportArgumentType]
        assert evaluation.aid(CHAIN, BACK, kind) == (1.0, 6)  # pyright: ignore[reportArgumentType]
    with pytest.raises(anc.ConfigError, match="kind = 'child': must be one of ancestor"):
        evaluation.aid(CHAIN, BACK, "child")  # pyright: ignore[reportArgumentType]


def test_expected_shd_is_the_mean_over_graphs() -> None:
    rng = np.random.default_rng(0)
    p = rng.dirichlet((1, 1, 1), size=(4, 4))[:, :, 0]
    p = np.triu(p, 1) + np.triu(rng.uniform(0, 1 - p), 1).T
    truth = graph(4, (0, 1), (2, 0), (1, 3))
    # Each pair by itself: i -> j, j -> i or none.
    samples = np.zeros((20_000, 4, 4))
    for i in range(4):
        for j in range(i):
            u = rng.uniform(size=len(samples))
            samples[u < p[i, j], i, j] = 1
            samples[(u >= p[i, j]) & (u < p[i, j] + p[j, i]), j, i] = 1
    distances = [evaluation.shd(truth, sample) for sample in samples[:2000]]
    error = float(np.std(distances)) / len(distances) ** 0.5
    assert abs(evaluation.expected_shd(truth, p) - float(np.mean(distances))) < 5 * error
    assert evaluation.expected_shd(truth, samples[:2000]) == pytest.approx(np.mean(distances))
    assert evaluation.expected_shd(truth, truth) == 0
    with pytest.raises(anc.ConfigError, match="at most 1 together"):
        evaluation.expected_shd(truth, np.full((4, 4), 0.7))


def test_scores_are_ranked_as_scikit_learn_does() -> None:
    # y = (0, 0, 1, 1), s = (.1, .4, .35, .8), and two pairs that no score confuses.
    truth = graph(3, (1, 0), (1, 2))
    scores = np.array([[9.0, 0.1, 0.4], [0.35, 9.0, 0.8], [0.0, 0.0, 9.0]])
    assert evaluation.auroc(truth, scores) == pytest.approx(7 / 8)
    assert evaluation.average_precision(truth, scores) == pytest.approx((1 + 2 / 3) / 2)
    for measure in (evaluation.auroc, evaluation.average_precision):
        assert math.isnan(measure(NONE, scores))
    assert evaluation.f1(truth, scores[:3] > 0.3) == pytest.approx(2 * 2 / (2 + 3))
    assert evaluation.f1(NONE, NONE) == 1.0


@pytest.mark.parametrize(
    ("truth", "guess", "says"),
    [
        (np.zeros((2, 3)), NONE, r"truth has shape \[2, 3\]"),
        (NONE, np.zeros((2, 2)), r"The guess has shape \[2, 2\]: must be that of the truth, \[3, 3\]"),
        (NONE, np.full((3, 3), 0.5), "guess has other entries than 0 and 1"),
    ],
)
def test_wrong_graphs_are_refused(truth: Any, guess: Any, says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        evaluation.shd(truth, guess)


def test_a_cpdag_is_the_classs() -> None:
    chain = anc.cpdag(CHAIN)
    assert chain.equal(anc.cpdag(BACK))
    assert chain.equal(torch.tensor([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]]))
    collider = torch.tensor([[0.0, 1, 0], [0, 0, 0], [0, 1, 0]])
    assert anc.cpdag(collider).equal(collider)
    with pytest.raises(anc.ConfigError, match="cycle"):
        anc.cpdag([[0, 1], [1, 0]])
    family = anc.SCMFamily(9, sparsity_param=1.5)
    for seed in range(30):
        adjacency = family.sample_task(seed).adjacency_matrix
        found = anc.cpdag(adjacency)
        assert ((found + found.T) > 0).equal((adjacency + adjacency.T) > 0)
        assert bool((found >= adjacency).all())


# ------------------------------------------------------------------------------- every size, and whatever holds a graph

MEASURES: dict[str, Any] = {
    "shd": evaluation.shd,
    "cpdag_shd": evaluation.cpdag_shd,
    "expected_shd": evaluation.expected_shd,
    "f1": evaluation.f1,
    "auroc": evaluation.auroc,
    "average_precision": evaluation.average_precision,
    "sid": evaluation.sid,
    "aid": evaluation.aid,
    "aid oset": lambda a, b: evaluation.aid(a, b, "oset"),
    "aid parent": lambda a, b: evaluation.aid(a, b, "parent"),
}
NAN = float("nan")


def ones(n: int) -> NDArray[np.float64]:
    return np.triu(np.ones((n, n)), 1)


@pytest.mark.parametrize(
    ("truth", "guess", "expected"),
    [  # shd, cpdag_shd, expected_shd, f1, auroc, average_precision; sid and aid in numbers of mistakes.
        (ones(0), ones(0), (0, 0, 0.0, 1.0, NAN, NAN, 0)),
        (ones(1), ones(1), (0, 0, 0.0, 1.0, NAN, NAN, 0)),
        (np.zeros((2, 2)), np.zeros((2, 2)), (0, 0, 0.0, 1.0, NAN, NAN, 0)),
        (ones(2), ones(2), (0, 0, 0.0, 1.0, 1.0, 1.0, 0)),
        (ones(2), ones(2).T, (1, 0, 1.0, 0.0, 0.0, 0.5, 2)),
        (ones(2), np.zeros((2, 2)), (1, 1, 1.0, 0.0, 0.5, 0.5, 1)),
        (ones(4), ones(4), (0, 0, 0.0, 1.0, 1.0, 1.0, 0)),
    ],
)
def test_every_size_has_a_value(truth: NDArray[np.float64], guess: NDArray[np.float64], expected: tuple[Any, ...]) -> None:
    for name, right in zip(list(MEASURES)[:6], expected[:6], strict=True):
        found = MEASURES[name](truth, guess)
        assert type(found) is type(right), name
        assert found == pytest.approx(right, nan_ok=True), name
    pairs = len(truth) * (len(truth) - 1)
    assert evaluation.sid(truth, guess) == (expected[6] / max(pairs, 1), expected[6])
    for kind in ("ancestor", "oset", "parent"):
        found = evaluation.aid(truth, guess, kind)  # pyright: ignore[reportArgumentType]
        assert found.normalized == pytest.approx(found.mistakes / max(pairs, 1))
        assert (found.mistakes == 0) == (expected[6] == 0)


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
    with pytest.raises(anc.ConfigError, match="guess has the nodes c, b, d: must be those of the truth, a, b, c"):
        evaluation.shd(truth, nx.DiGraph([("c", "b"), ("b", "d")]))
    with pytest.raises(anc.ConfigError, match="truth has the nodes a, b, c: must be called 0 to 2"):
        evaluation.shd(truth, CHAIN)
    with pytest.raises(anc.ConfigError, match="adjacency has the nodes a, b, c: must be called"):
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


@pytest.mark.parametrize("measure", ["cpdag_shd", "sid", "aid"])
def test_a_cycle_is_answered_in_a_sentence(measure: str) -> None:
    for n in (1, 2, 3):
        with pytest.raises(anc.ConfigError, match="cycle"):
            MEASURES[measure](np.ones((n, n)), np.zeros((n, n)))


def test_a_panic_of_gadjid_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    import gadjid

    with pytest.raises(BaseException, match="at least 2 nodes") as caught:  # What we keep from happening.
        gadjid.sid(np.zeros((1, 1), np.int8), np.zeros((1, 1), np.int8), edge_direction="from row to column")
    panic = caught.value
    assert not isinstance(panic, Exception)

    def raising(error: BaseException) -> Any:
        def measure(*_: Any, **__: Any) -> Any:
            raise error

        return measure

    monkeypatch.setattr(gadjid, "sid", raising(panic))
    with pytest.raises(anc.ConfigError, match="gadjid's sid failed on graphs of 3 nodes"):
        evaluation.sid(CHAIN, CHAIN)
    monkeypatch.setattr(gadjid, "sid", raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        evaluation.sid(CHAIN, CHAIN)
