"""Measures of predicted graphs, against the values that gadjid's and scikit-learn's authors give."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

import ancestral as anc
from ancestral import evaluation
from graph_measures import MEASURES


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
    undirected = graph(3, (0, 1), (1, 0))
    for a, b, once, twice in ((TRUTH, REVERSED, 1, 2), (undirected, NONE, 1, 2), (undirected, graph(3, (0, 1)), 1, 1)):
        assert [evaluation.shd(a, b), evaluation.shd(a, b, double_for_anticausal=True)] == [once, twice]
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
    with pytest.raises(anc.ConfigError, match="kind = 'child': must be one of 'ancestor'"):
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
        (NONE, np.full((3, 3), 0.5), r"guess\[0, 0\] = 0.5: every entry must be 0 or 1"),
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


def test_a_guess_that_is_a_cpdag_is_compared_as_one() -> None:
    guess = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])  # 0 - 1 - 2, as PC gives it.
    assert evaluation.shd(anc.cpdag(CHAIN), guess) == evaluation.cpdag_shd(CHAIN, BACK) == 0
    collider = graph(3, (0, 1), (2, 1))
    assert evaluation.shd(anc.cpdag(collider), guess) == evaluation.cpdag_shd(collider, CHAIN) == 2
    with pytest.raises(anc.ConfigError, match=r"^guess = a graph with a cycle"):
        evaluation.cpdag_shd(CHAIN, guess)


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
