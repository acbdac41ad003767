"""What networks of each form are asked, and that nothing of their answers is lost."""

import math
import warnings
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from ancestral import evaluation
from ancestral._evaluation.given_batches import GivenBatch
from small_networks import SIZES, SMALL, Sampler, WithMask, fixed, scores


def test_graphs_that_a_network_with_a_mask_draws_are_measured_without_padding() -> None:
    class Masked:
        """Every edge of a task's own first node, in three of four graphs, and edges of the padding in all."""

        def sample_graphs(self, X: Tensor, n_graphs: int, node_mask: Tensor) -> Tensor:
            found = (~node_mask[:, :, None] | ~node_mask[:, None]).float()
            found[:, 0] = 1
            found = found[:, None].repeat(1, n_graphs, 1, 1)
            found[:, ::4, 0] = 0
            return found

    dataset = fixed(SIZES)
    names = ["share_acyclic", "expected_shd"]
    found = evaluation.evaluate(Masked(), dataset, measures=names, n_graphs=8, resamples=5, batch_size=9)["family"]
    assert found.network.per_task["share_acyclic"].tolist() == [1.0] * 20
    for index, value in enumerate(found.network.per_task["expected_shd"]):
        graph = dataset[index].adjacency
        star = torch.zeros_like(graph)
        star[0, 1:] = 1
        right = (3 * evaluation.shd(graph, star) + evaluation.shd(graph, torch.zeros_like(graph))) / 4
        assert value == pytest.approx(right)


def test_a_network_whose_part_takes_a_mask_is_asked_as_it_asks_to_be() -> None:
    class Around(nn.Module):
        """Fills the mask in for its part."""

        def __init__(self) -> None:
            super().__init__()
            self.module = WithMask()

        def forward(self, X: Tensor) -> Tensor:
            return self.module(X, torch.ones(len(X), X.shape[2], dtype=torch.bool))

    found = evaluation.evaluate(Around(), fixed(SIZES), measures=["brier"], resamples=5)["family"]
    right = evaluation.evaluate(scores, fixed(SIZES), measures=["brier"], resamples=5)["family"]
    assert found.network.per_task["brier"].tolist() == right.network.per_task["brier"].tolist()


def test_experiments_in_a_list_are_given_whole() -> None:
    data = anc.MetaFixedDataset(
        SMALL, n_tasks=5, design=anc.Design(n_samples=20, interventions={"n_samples": 10, "regimes": 2})
    )

    def network(batch: Any) -> Tensor:
        return batch["intervened"].float().mean(dim=1)[:, :, None].expand(-1, -1, 5)

    found = evaluation.evaluate(network, {"a": [data[index] for index in range(5)]}, measures=["brier"], resamples=5)["a"]
    right = evaluation.evaluate(network, {"a": data}, measures=["brier"], resamples=5)["a"]
    assert found.network.per_task["brier"].tolist() == right.network.per_task["brier"].tolist()


def test_the_form_of_json_has_the_calibration() -> None:
    tasks = [(torch.randn(9, 3), torch.ones(3, 3).triu(1))] * 2
    found = evaluation.evaluate(lambda X: torch.full((len(X), 3, 3), 0.25), {"a": tasks}, bins=2, resamples=5)["a"].to_dict()
    # Twelve pairs in the lower half, six of them edges.
    assert found["reliability"] == {
        "edges": [0.0, 0.5, 1.0],
        "counts": [12, 0],
        "probabilities": [0.25, None],
        "frequencies": [0.5, None],
        "brier": 0.3125,
        "expected_calibration_error": 0.25,
    }
    answer = evaluation.evaluate(Sampler(), fixed(SMALL), measures=["auroc"], n_graphs=2, resamples=5)["family"].to_dict()
    assert answer["network"].keys() == {"auroc"}


def halves(X: Tensor) -> Tensor:
    """Probabilities that float16 holds."""
    return scores(X).half().double()


@pytest.mark.parametrize("form", ["shut", "reversed", "big-endian", "float16"])
def test_a_network_may_answer_with_arrays_as_numpy_has_them(form: str) -> None:
    def answer(X: Tensor) -> Any:
        given = halves(X).numpy()
        if form == "shut":  # As numpy shows the arrays of JAX.
            given.setflags(write=False)
            return given
        return {"reversed": given[::-1].copy()[::-1], "big-endian": given.astype(">f8"), "float16": given.astype("f2")}[form]

    data, names = fixed(SMALL), ["brier"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = evaluation.evaluate(answer, data, measures=names, resamples=5)["family"]
    right = evaluation.evaluate(halves, data, measures=names, resamples=5)["family"]
    assert found.network.per_task["brier"].tolist() == right.network.per_task["brier"].tolist()


class Chains:
    """Draws a -> b in each graph, and b -> a too in those of every other task where it is `cyclic`."""

    def __init__(self, *, cyclic: bool) -> None:
        self.cyclic = cyclic

    def sample_graphs(self, X: Tensor, n_graphs: int) -> Tensor:
        graphs = torch.zeros(len(X), n_graphs, 5, 5)
        graphs[..., 0, 1] = 1
        if self.cyclic:
            graphs[::2, :, 1, 0] = 1
        return graphs


def test_a_difference_is_over_the_tasks_of_which_both_say_something() -> None:
    found = evaluation.evaluate(
        Chains(cyclic=False), fixed(SMALL), baseline=Chains(cyclic=True), measures=["expected_sid"], n_graphs=2, resamples=50
    )["family"]
    assert found.baseline is not None
    assert found.baseline["expected_sid"].mean != found["expected_sid"].mean
    assert found.differences["expected_sid"] == (0, 0, 0)


def test_a_graph_that_is_impossible_to_both_tells_of_no_difference() -> None:
    class Sure:
        def __init__(self, last: float) -> None:
            self.last = last

        def edge_probabilities(self, X: Tensor) -> Tensor:
            return torch.zeros(len(X), 5, 5)

        def log_probability(self, X: Tensor, adjacency: Tensor) -> Tensor:
            return torch.tensor([-math.inf, *[-1.0] * (len(X) - 2), self.last])

    def difference(first: float, second: float) -> Any:
        both = {"baseline": Sure(second), "measures": ["log_probability"], "resamples": 200}
        return evaluation.evaluate(Sure(first), fixed(SMALL), **both)["family"].differences["log_probability"]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert difference(-1.0, -1.0) == (0, 0, 0)
        assert difference(-1.0, -math.inf) == (math.inf, 0, math.inf)  # A third of the resamples are without that task.
        assert difference(-math.inf, -1.0) == (-math.inf, -math.inf, 0)


def test_each_network_gets_data_where_its_own_parameters_are(monkeypatch: pytest.MonkeyPatch) -> None:
    class Placed(nn.Module):
        def __init__(self, device: str) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.zeros(1, device=device))

        def forward(self, X: Tensor) -> Tensor:
            return torch.zeros(len(X), 5, 5)

    moves: list[str] = []

    def to(batch: GivenBatch, device: torch.device | None) -> GivenBatch:
        moves.append(str(device))
        return batch  # As nothing comes back from "meta".

    monkeypatch.setattr(GivenBatch, "to", to)
    there, here = Placed("meta"), Placed("cpu")
    for network, baseline in ((here, there), (scores, there), (there, here)):
        evaluation.evaluate(network, fixed(SMALL), baseline=baseline, measures=["brier"], resamples=2)
    evaluation.evaluate(here, fixed(SMALL), baseline=there, measures=["brier"], resamples=2, device="cpu")
    assert moves == ["cpu", "meta", "None", "meta", "meta", "cpu", "cpu", "cpu"]


def test_a_baseline_that_draws_no_graphs_has_the_measures_that_need_none() -> None:
    found = evaluation.evaluate(Sampler(), fixed(SMALL), baseline=scores, n_graphs=3, resamples=5)["family"]
    assert found.baseline is not None
    assert set(found) - set(found.baseline) == set(found) - set(found.differences) == {"share_acyclic"}
    alone = evaluation.evaluate(scores, fixed(SMALL), resamples=5)["family"]
    assert dict(found.baseline) == dict(alone)
