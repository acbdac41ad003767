"""Measures of posteriors over graphs, against all graphs of three nodes, and against draws."""

import itertools
import json
import math
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

import ancestral as anc
from ancestral import evaluation

Array = NDArray[np.float64]
PAIRS = [(0, 1), (0, 2), (1, 2)]
TRUTHS = {
    "chain": [(0, 1), (1, 2)],
    "backwards": [(2, 0)],
    "empty": [],
    "complete": PAIRS,
    "both ways": [(0, 1), (1, 0), (1, 2)],
}
LAWS = ["pair", "edge"]


def graph(n: int, *edges: tuple[int, int]) -> Array:
    found = np.zeros((n, n))
    for i, j in edges:
        found[i, j] = 1
    return found


def every_graph(p: Array, law: str) -> list[tuple[Array, float]]:
    """All graphs over three nodes, those with edges both ways among them, each with its probability."""
    found: list[tuple[Array, float]] = []
    for states in itertools.product(range(4), repeat=3):  # Of a pair: nothing, i -> j, j -> i, both.
        one, chance = np.zeros((3, 3)), 1.0
        for (i, j), state in zip(PAIRS, states, strict=True):
            one[i, j], one[j, i] = state & 1, state >> 1
            if law == "pair":
                chance *= (1 - p[i, j] - p[j, i], p[i, j], p[j, i], 0.0)[state]
            else:
                chance *= (p[i, j] if state & 1 else 1 - p[i, j]) * (p[j, i] if state >> 1 else 1 - p[j, i])
        found.append((one, chance))
    assert sum(chance for _, chance in found) == pytest.approx(1)
    return found


def some_probabilities(law: str, seed: int) -> Array:
    rng = np.random.default_rng(seed)
    p = rng.uniform(size=(3, 3)) * (0.5 if law == "pair" else 1.0)
    p[0, 1] = (0.0, 0.2, 1.0 if law == "edge" else 0.5)[seed % 3]  # A sure one among them.
    return p


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("name", TRUTHS)
@pytest.mark.parametrize("seed", range(3))
def test_expectations_are_sums_over_all_graphs(law: Any, name: str, seed: int) -> None:
    truth, p = graph(3, *TRUTHS[name]), some_probabilities(law, seed)
    graphs = every_graph(p, law)
    for measure, expected in ((evaluation.f1, evaluation.expected_f1), (evaluation.shd, evaluation.expected_shd)):
        right = sum(chance * measure(truth, one) for one, chance in graphs)
        assert expected(truth, p, law=law) == pytest.approx(right, abs=1e-12)
    right = sum(chance for one, chance in graphs if np.array_equal(one, truth))
    found = evaluation.log_probability(truth, p, law=law)
    assert found == (pytest.approx(math.log(right)) if right else -math.inf)


@pytest.mark.parametrize("law", LAWS)
def test_expected_f1_of_large_graphs_is_the_mean_over_draws(law: Any) -> None:
    rng = np.random.default_rng(1)
    n, draws = 40, 2000
    truth = np.triu(rng.uniform(size=(n, n)) < 0.1, 1).astype(float)
    p = 0.5 * rng.uniform(size=(n, n)) * (0.3 + 0.7 * truth) ** 2
    u = rng.uniform(size=(draws, n, n))
    if law == "edge":
        samples = (u < p).astype(float)
    else:
        u = np.triu(u, 1)
        u = u + np.swapaxes(u, 1, 2)
        lower = np.tril(np.ones((n, n)), -1).astype(bool)  # j -> i comes after i -> j in the unit interval.
        start = np.where(lower, p.T, 0.0)
        samples = ((u >= start) & (u < start + p)).astype(float)
    samples[:, range(n), range(n)] = 0
    each = np.array([evaluation.f1(truth, one) for one in samples])
    error = float(each.std()) / draws**0.5
    assert abs(evaluation.expected_f1(truth, p, law=law) - float(each.mean())) < 5 * error
    assert evaluation.expected_f1(truth, samples) == pytest.approx(each.mean(), abs=1e-12)


def test_a_quadrature_of_few_nodes_is_exact() -> None:
    """Against the law of the counts themselves, where there are more than 500 edges and far more pairs."""
    n = 60
    truth = np.triu(np.ones((n, n)), 1)
    p = np.where(truth > 0, 0.7, 0.0) + np.where(truth.T > 0, 0.02, 0.0)
    m = n * (n - 1) // 2

    def binomial(q: float) -> Array:
        ks = np.arange(m + 1)
        logs = np.array([math.lgamma(m + 1) - math.lgamma(k + 1) - math.lgamma(m - k + 1) for k in ks])
        return np.exp(logs + ks * math.log(q) + (m - ks) * math.log1p(-q))

    found, wrong = np.arange(m + 1)[:, None], np.arange(m + 1)[None]
    right = float((binomial(0.7)[:, None] * binomial(0.02)[None] * 2 * found / (m + found + wrong)).sum())
    assert evaluation.expected_f1(truth, p, law="edge") == pytest.approx(right, rel=1e-10)


@pytest.mark.parametrize("law", LAWS)
def test_sure_edges_have_their_f1_however_many_they_are(law: Any) -> None:
    truth, other = (np.triu(np.ones((300, 300)), k) for k in (1, 40))
    for a, p in ((truth, truth), (truth, other), (other, truth)):
        assert evaluation.expected_f1(a, p, law=law) == pytest.approx(evaluation.f1(a, p), rel=1e-11)


def test_samples_are_measured_one_by_one_and_batches_too() -> None:
    family = anc.SCMFamily(5, sparsity_param=1.0)
    truths = torch.stack([family.sample_task(seed).adjacency_matrix for seed in range(3)])
    samples = torch.stack([family.sample_task(100 + seed).adjacency_matrix for seed in range(12)]).reshape(3, 4, 5, 5)
    samples[0, 2] = truths[0]
    for measure, one in (
        (evaluation.expected_shd, evaluation.shd),
        (evaluation.expected_f1, evaluation.f1),
        (evaluation.expected_sid, lambda a, b: evaluation.sid(a, b).mistakes),
        (evaluation.expected_aid, lambda a, b: evaluation.aid(a, b).mistakes),
        (lambda a, b: evaluation.expected_aid(a, b, "oset"), lambda a, b: evaluation.aid(a, b, "oset").mistakes),
    ):
        right = [np.mean([one(a, graph) for graph in graphs]) for a, graphs in zip(truths, samples, strict=True)]
        found, single = measure(truths, samples), measure(truths[0], samples[0])
        found, single = (found.mistakes, single.mistakes) if isinstance(found, tuple) else (found, single)
        assert found.tolist() == pytest.approx(right)
        assert single == found[0]
    assert evaluation.log_probability(truths, samples).tolist() == [math.log(0.25), -math.inf, -math.inf]
    assert evaluation.expected_sid(truths[0], samples[0]).normalized == pytest.approx(
        evaluation.expected_sid(truths[0], samples[0]).mistakes / 20
    )


def test_samples_with_a_cycle_are_counted_and_left_out_of_adjustments() -> None:
    chain, cycle, pair = graph(3, (0, 1), (1, 2)), graph(3, (0, 1), (1, 2), (2, 0)), graph(3, (0, 1), (1, 0))
    loop, nothing = graph(3, (1, 1)), np.zeros((3, 3))
    samples = np.stack([chain, cycle, pair, loop, nothing])
    assert evaluation.share_acyclic(samples) == 0.4
    assert evaluation.share_acyclic(np.stack([samples, samples[[0, 0, 0, 0, 4]]])).tolist() == [0.4, 1.0]
    kept = samples[[0, 4]]
    assert evaluation.expected_sid(chain, samples[[0, 1, 2, 4]]) == evaluation.expected_sid(chain, kept) == (0.25, 1.5)
    assert all(math.isnan(value) for value in evaluation.expected_sid(chain, samples[[1, 2]]))
    looped = np.maximum(samples, np.eye(samples.shape[-1]))  # Edges from a node to itself are dropped here, and cycles there.
    assert evaluation.expected_sid(chain, looped) == evaluation.expected_sid(chain, samples)
    assert evaluation.share_acyclic(looped) == 0


@pytest.mark.parametrize("n", [1, 2, 7, 30])
def test_acyclicity_is_that_of_a_permuted_triangle(n: int) -> None:
    rng = np.random.default_rng(n)
    graphs = np.triu(rng.uniform(size=(20, n, n)) < 0.5, 1).astype(float)
    graphs = np.stack([one[order][:, order] for one in graphs if len(order := rng.permutation(n))])
    assert evaluation.share_acyclic(graphs) == 1
    for one in graphs:
        children = np.argwhere(np.linalg.matrix_power(one + np.eye(n), n) > 0)
        i, j = children[-1]
        one[j, i] = 1  # Closes a circle, or a loop.
    assert evaluation.share_acyclic(graphs) == 0


def test_an_acyclic_guess_takes_the_likeliest_edges_that_close_no_cycle() -> None:
    p = np.zeros((3, 3))
    p[0, 1], p[1, 2], p[2, 0], p[1, 0], p[0, 2], p[1, 1] = 0.9, 0.8, 0.7, 0.95, 0.4, 1.0
    # 1 -> 0 first, so 0 -> 1 would close a cycle; 1 -> 2 and 2 -> 0 close none; 0 -> 2 is below, a loop is none.
    assert evaluation.acyclic_guess(p).tolist() == graph(3, (1, 0), (1, 2), (2, 0)).tolist()
    assert evaluation.acyclic_guess(p, threshold=0.3).tolist() == graph(3, (1, 0), (1, 2), (2, 0)).tolist()
    assert evaluation.acyclic_guess(p, threshold=0.8).tolist() == graph(3, (1, 0)).tolist()  # Of 0.8 none is above.
    rng = np.random.default_rng(0)
    many = rng.uniform(size=(20, 9, 9))
    guesses = evaluation.acyclic_guess(many)
    assert evaluation.share_acyclic(guesses) == 1
    for one, guess in zip(many, guesses, strict=True):
        left_out = np.argwhere((one > 0.5) & (guess == 0) & ~np.eye(9, dtype=bool))
        for i, j in left_out:  # With what is likelier, each would have closed a cycle.
            kept = guess * (one >= one[i, j])
            kept[i, j] = 1
            assert evaluation.share_acyclic(kept[None]) == 0
    dag = np.triu(many[0], 1)
    assert evaluation.acyclic_guess(dag).tolist() == (dag > 0.5).astype(float).tolist()


def test_the_reliability_of_draws_lies_at_their_probabilities() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(size=(300, 10, 10)) ** 2
    truth = (rng.uniform(size=p.shape) < p).astype(float)
    found = evaluation.reliability(truth, p, bins=20)
    assert found.counts.sum() == 300 * 90
    error = np.sqrt(found.probabilities * (1 - found.probabilities) / found.counts)
    assert np.all(np.abs(found.frequencies - found.probabilities) < 5 * error)
    assert found.expected_calibration_error < 5 * float(np.sum(error * found.counts) / found.counts.sum())
    pairs = ~np.eye(10, dtype=bool)
    assert found.brier == pytest.approx(np.mean((p - truth)[:, pairs] ** 2))
    assert found.brier == pytest.approx(evaluation.brier(truth, p).mean())
    spread = float(np.sqrt(np.mean(p[:, pairs] * (1 - p[:, pairs]) * (1 - 2 * p[:, pairs]) ** 2) / found.counts.sum()))
    assert abs(found.brier - float(np.mean((p * (1 - p))[:, pairs]))) < 5 * spread


def test_a_reliability_by_hand() -> None:
    truth = graph(3, (0, 1), (1, 2))
    p = np.array([[0.9, 0.5, 0.1], [0.0, 0.9, 1.0], [0.15, 0.6, 0.9]])
    found = evaluation.reliability(truth, p, bins=2)
    assert found.counts.tolist() == [3, 3]  # 0.5 belongs to the upper one.
    assert found.probabilities.tolist() == pytest.approx([0.25 / 3, 0.7])
    assert found.frequencies.tolist() == pytest.approx([0, 2 / 3])
    assert found.expected_calibration_error == pytest.approx((0.25 / 3 + 0.7 - 2 / 3) / 2)
    assert [evaluation.brier(truth, p), found.brier] == pytest.approx([(0.25 + 0.01 + 0.0225 + 0.36) / 6] * 2)
    assert json.loads(json.dumps(evaluation.reliability(truth, p, bins=4).to_dict()))["frequencies"][3] == 1
    assert math.isnan(evaluation.reliability(np.zeros((1, 1)), np.zeros((1, 1))).expected_calibration_error)


def test_an_edge_of_bins_belongs_to_the_bin_above() -> None:
    for bins in (1, 7, 10, 100):
        edges = [index / bins for index in range(bins + 1)]  # As shares of sampled graphs are.
        p = np.zeros((bins + 2, bins + 2))
        p[0, 1:] = edges  # Others are 0.
        counts = evaluation.reliability(np.zeros_like(p), p, bins=bins).counts
        assert counts[1:-1].tolist() == [1] * (bins - 2)
        assert counts[-1] == (2 if bins > 1 else counts.sum())


def test_no_node_and_one_have_values() -> None:
    for n in (0, 1):
        none = np.zeros((n, n))
        for law in LAWS:
            assert evaluation.expected_f1(none, none, law=law) == 1  # pyright: ignore[reportArgumentType]
            assert evaluation.expected_shd(none, none, law=law) == 0  # pyright: ignore[reportArgumentType]
            assert evaluation.log_probability(none, none, law=law) == 0  # pyright: ignore[reportArgumentType]
        assert evaluation.brier(none, none) == 0
        assert evaluation.share_acyclic(np.zeros((2, n, n))) == 1


def test_clipping_keeps_one_sure_mistake_from_deciding() -> None:
    truth, p = graph(2, (0, 1)), graph(2, (1, 0))
    assert evaluation.log_probability(truth, p, law="edge") == -math.inf
    assert evaluation.log_probability(truth, p, law="edge", clip=1e-3) == pytest.approx(2 * math.log(1e-3))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: evaluation.expected_f1(np.eye(2), np.full((2, 2), 0.7)), 'at most 1 together; with law="edge"'),
        (lambda: evaluation.expected_f1(np.eye(2), np.full((2, 2), 1.7), law="edge"), "must be from 0 to 1"),
        (
            lambda: evaluation.expected_f1(np.eye(2), np.zeros((2, 2)), law="node"),
            "law = 'node': must be one of 'pair', 'edge'",
        ),
        (lambda: evaluation.expected_shd(np.eye(2), np.zeros((0, 2, 2))), "no sample"),
        (
            lambda: evaluation.expected_shd(np.eye(2), np.full((3, 2, 2), 0.5)),
            r"probabilities\[0, 0, 1\] = 0.5: every entry must be 0 or 1",
        ),
        (lambda: evaluation.expected_sid(np.eye(2), np.zeros((2, 2))), "must have an axis of samples"),
        (lambda: evaluation.expected_aid(np.eye(2), np.zeros((1, 2, 2)), "child"), "kind = 'child'"),
        (lambda: evaluation.expected_aid(1 - np.eye(2), (1 - np.eye(2))[None]), "truth = .* 0 -> 1 -> 0 is a cycle"),
        (lambda: evaluation.expected_sid(np.eye(2), np.zeros((1, 2, 2))), "truth = .* 0 -> 0 is a cycle"),
        (lambda: evaluation.log_probability(np.eye(2), np.zeros((2, 2)), clip=0.5), "clip = 0.5: must be at least 0"),
        (lambda: evaluation.acyclic_guess(np.zeros((2, 3))), "must be \\[n, n\\]"),
        (lambda: evaluation.acyclic_guess(np.full((2, 2), np.nan)), r"probabilities\[0, 1\] = nan: must be finite"),
        (lambda: evaluation.share_acyclic(np.zeros((2, 2))), "must be \\[s, n, n\\]"),
        (lambda: evaluation.reliability(np.eye(2), np.full((2, 2), -3.0)), "as a sigmoid of logits is"),
        (lambda: evaluation.reliability(np.eye(2), np.zeros((2, 2)), bins=0), "bins = 0"),
    ],
)
def test_what_is_no_posterior_is_answered_in_a_sentence(call: Any, says: str) -> None:
    with pytest.raises(anc.ConfigError, match=says):
        call()


@pytest.mark.parametrize("mark", [-math.inf, math.nan])
def test_diagonals_mean_nothing(mark: float) -> None:
    truth = torch.tensor([[0.0, 1, 1], [0, 0, 0], [0, 1, 0]])
    given = torch.tensor([[0.0, 0.7, 0.2], [0.1, 0.0, 0.3], [0.2, 0.6, 0.0]])
    marked = given.masked_fill(torch.eye(3, dtype=torch.bool), mark)  # As a network masks them.
    for measure in (
        evaluation.auroc,
        evaluation.average_precision,
        evaluation.expected_shd,
        evaluation.expected_f1,
        evaluation.log_probability,
        evaluation.brier,
    ):
        assert measure(truth, marked) == measure(truth, given), measure
        assert measure(truth[None], marked[None]) == [measure(truth, given)], measure
    assert (evaluation.acyclic_guess(marked) == evaluation.acyclic_guess(given)).all()
    with pytest.raises(anc.ConfigError, match=r"scores\[0, 1\] = inf: must be finite numbers"):
        evaluation.auroc(truth, torch.tensor([[0, math.inf, 0]] * 3))
