"""The measures that the examples of graphs publish, against graphs whose measures are known."""

import itertools

import numpy as np
import pytest
import torch
from ood_curve import PairNetwork
from reproduce.run import measures, report
from structure_learner.intervals import Interval
from structure_learner.metrics import best_threshold, correlation, predicted, quality
from torch import Tensor, nn


def test_the_baseline_is_the_absolute_correlation() -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 50, 4)
    x[..., 1] -= 2 * x[..., 0]
    x = (x - x.mean(1, keepdim=True)) / x.std(1, correction=0, keepdim=True)
    for rows, found in zip(x, correlation(x), strict=True):
        assert found.numpy() == pytest.approx(np.abs(np.corrcoef(rows.numpy().T)), abs=1e-5)


def test_the_likelier_direction_of_a_pair_is_predicted_where_it_passes_the_threshold() -> None:
    scores = torch.tensor([[[0.9, 0.8, 0.4, 0.2], [0.7, 0.9, 0.6, 0.9], [0.5, 0.7, 0.9, 0.3], [0.25, 0.9, 0.3, 0.9]]])
    # 0.8 is above 0.7 and 0.7 above 0.6, 0.5 does not pass, and of two equal directions the first one stands.
    assert predicted(scores, 0.5)[0].nonzero().tolist() == [[0, 1], [1, 3], [2, 1]]
    assert predicted(scores, 0.1)[0].nonzero().tolist() == [[0, 1], [1, 3], [2, 0], [2, 1], [2, 3], [3, 0]]
    assert not predicted(scores, 0.9).any()


def some_scores() -> tuple[Tensor, Tensor]:
    """Scores that tell of their graphs, with errors."""
    torch.manual_seed(0)
    graphs = (torch.rand(5, 6, 6) < 0.3).float().triu(1)
    return (graphs * 0.4 + torch.rand(5, 6, 6) * 0.7).clamp(max=1), graphs


def plain_distance(scores: Tensor, truth: Tensor, threshold: float) -> int:
    """The pairs of one task whose edge, its direction or its absence is told wrongly."""
    wrong = 0
    for i, j in itertools.combinations(range(len(scores)), 2):
        a, b = float(scores[i, j]), float(scores[j, i])
        told = (0, 0) if max(a, b) <= threshold else (1, 0) if a >= b else (0, 1)
        wrong += told != (int(truth[i, j]), int(truth[j, i]))
    return wrong


def test_the_threshold_has_the_least_distance_of_the_upper_half_of_scores() -> None:
    scores, graphs = some_scores()

    def mean(threshold: float) -> float:
        return float(np.mean([plain_distance(s, g, threshold) for s, g in zip(scores, graphs, strict=True)]))

    chosen = best_threshold(scores, graphs)
    upper = scores.flatten().sort().values[scores.numel() // 2 :]
    # A hundred thresholds lie between 90 scores.
    assert mean(chosen) == min(mean(float(one)) for one in (upper[:-1] + upper[1:]) / 2)
    assert mean(chosen) < min(mean(float(upper[0])), mean(1.0))
    shd = quality(scores, graphs, chosen).shd
    assert shd.tolist() == [plain_distance(s, g, chosen) for s, g in zip(scores, graphs, strict=True)]


def test_qualities_are_in_their_places() -> None:
    truth = torch.tensor([[[0.0, 1, 0], [0, 0, 0], [0, 0, 0]]])
    scores = torch.tensor([[[0.0, 0.6, 0.1], [0.2, 0.0, 0.9], [0.3, 0.0, 0.0]]])
    found = quality(scores, truth, 0.5)
    # One of the five other pairs of nodes is above the edge, whose precision is one half; and one edge is too many.
    assert (found.auroc.item(), found.average_precision.item(), found.shd.item()) == (pytest.approx(0.8), 0.5, 1)


class Sampler(nn.Module):
    """A posterior of two graphs, whatever the rows."""

    def __init__(self, graphs: Tensor) -> None:
        super().__init__()
        self.graphs = nn.Parameter(graphs)

    def sample_graphs(self, x: Tensor, samples: int) -> Tensor:
        assert not self.training
        return self.graphs[None, torch.arange(samples) % 2].repeat(len(x), 1, 1, 1)

    def edge_probabilities(self, x: Tensor) -> Tensor:
        return self.graphs.mean(0).expand(len(x), -1, -1)


def test_a_posterior_is_measured_by_means_over_its_graphs() -> None:
    chain = torch.tensor([[0.0, 1, 0], [0, 0, 1], [0, 0, 0]])
    cycle = torch.tensor([[0.0, 1, 0], [0, 0, 1], [1, 0, 0]])
    backward = torch.tensor([[0.0, 1, 0], [0, 0, 0], [0, 1, 0]])
    truth = torch.cat([chain.expand(16, -1, -1), backward[None]])
    network = Sampler(torch.stack([chain, cycle]))
    found = measures(network, torch.zeros(17, 5, 3), truth, 4)
    assert network.training
    # The chain is right, the cycle has one edge too many: F1 is 1 and 4/5. Beside 2 <- 1 is 2 -> 1 a change of two edges.
    assert found["E-SHD"].tolist() == [0.5] * 16 + [2.5]
    assert found["E-F1"] == pytest.approx(np.array([0.9] * 16 + [(1 / 2 + 2 / 5) / 2]))
    assert found["acyclic"].tolist() == [0.5] * 17
    # Of the pairs without an edge one has the probability 1/2 or, in the last task, 1 and 1/2 beside 1 and 0.
    assert found["AUC"] == pytest.approx(np.array([1.0] * 16 + [(3.5 / 4 + 1 / 4) / 2]))


def test_a_published_value_stands_beside_the_measure_of_its_name() -> None:
    lines = report({"AUC": Interval(0.5, 0.25, 0.75), "acyclic": Interval(1.0, 1.0, 1.0)}, {"AUC": 0.625}).splitlines()
    assert lines[1].split() == ["AUC", "0.500", "[0.250,", "0.750]", "0.625"]
    assert lines[2].split() == ["acyclic", "1.000", "[1.000,", "1.000]", "-"]


class Feature(nn.Module):
    """One of the features of each pair, instead of what is learned of them."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def forward(self, features: Tensor) -> Tensor:
        return features[..., self.place, None]


def test_the_small_network_reads_moments_of_pairs() -> None:
    torch.manual_seed(0)
    x = torch.randn(1, 80, 3) @ torch.tensor([[1.0, 0.8, 0.0], [0.0, 0.6, 0.5], [0.0, 0.0, 1.0]])
    x = (x - x.mean(1)) / x.std(1, correction=0)
    network, found = PairNetwork(), torch.empty(3, 3, 12)
    for place in range(12):
        network.score = Feature(place)  # type: ignore[assignment]
        found[..., place] = network(x)[0]
    a = x[0].double().numpy()
    precision = np.linalg.inv(a.T @ a / 80 + 0.01 * np.eye(3))
    for i, j in itertools.product(range(3), repeat=2):
        ways = [np.square, lambda v: v**3]
        expected = [(a[:, i] * a[:, j]).mean(), precision[i, j], (a[:, i] ** 4).mean(), (a[:, j] ** 4).mean()]
        expected += [(way(a[:, p]) * a[:, q]).mean() for way in ways for p, q in ((i, j), (j, i))]
        expected += [(np.abs(a[:, i]) * np.abs(a[:, j])).mean()] * 2
        expected += [(np.tanh(a[:, p]) * a[:, q]).mean() for p, q in ((i, j), (j, i))]
        assert found[i, j].numpy() == pytest.approx(expected, abs=1e-3)
