"""Networks evaluated by family: numbers, intervals, and what a network is asked."""

import json
import math
import random
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import ancestral as anc
from ancestral import evaluation
from ancestral._evaluation.bootstrap import Resamples, estimate
from small_networks import MEASURES, SIZES, SMALL, Sampler, WithMask, by_hand, correlation, fixed, scores


@pytest.mark.parametrize("network", [scores, WithMask()], ids=["without a mask", "with a mask"])
@pytest.mark.parametrize("config", [SMALL, SIZES], ids=["one size", "sizes"])
@pytest.mark.parametrize("batch_size", [None, 7])
def test_a_table_has_the_means_of_the_measures_of_tasks(network: Any, config: anc.FamilyConfig, batch_size: Any) -> None:
    dataset = fixed(config)
    found = evaluation.evaluate(network, {"a": dataset}, batch_size=batch_size, resamples=10)["a"]
    right = by_hand(dataset)
    assert found.n_tasks == 20
    assert list(found) == [*MEASURES, "calibration_error"]
    for name in MEASURES:
        assert found.network.per_task[name] == pytest.approx(right[name], nan_ok=True, rel=1e-6), name
        assert found[name].mean == pytest.approx(np.nanmean(right[name]), rel=1e-6), name
    pairs = [anc.collate([dataset[index]], normalize="standardize") for index in range(20)]
    truths = np.concatenate([task.adjacency[0][~torch.eye(len(task.adjacency[0]), dtype=torch.bool)] for task in pairs])
    given = np.concatenate([scores(task.X)[0][~torch.eye(len(task.adjacency[0]), dtype=torch.bool)] for task in pairs])
    assert found.network.reliability.brier == pytest.approx(np.mean((truths - given) ** 2), rel=1e-6)
    assert found.network.reliability.counts.sum() == len(truths)
    assert found["calibration_error"].mean == pytest.approx(found.network.reliability.expected_calibration_error)


@pytest.mark.parametrize("wrap", [lambda module: torch.compile(module, backend="eager"), nn.DataParallel])
@pytest.mark.filterwarnings("ignore")  # Of torch's compiler about itself.
def test_a_wrapped_network_is_asked_as_the_network_itself(wrap: Any) -> None:
    dataset = fixed(SIZES)
    found = evaluation.evaluate(wrap(WithMask()), dataset, measures=["brier"], resamples=5)["family"]
    right = evaluation.evaluate(WithMask(), dataset, measures=["brier"], resamples=5)["family"]
    assert found.network.per_task["brier"].tolist() == right.network.per_task["brier"].tolist()


def test_adjustment_distances_are_of_the_acyclic_guess() -> None:
    dataset = fixed(SIZES)
    found = evaluation.evaluate(scores, dataset, measures=["sid", "aid"], threshold=0.2, resamples=5)["family"]
    for index in range(20):
        task = anc.collate([dataset[index]], normalize="standardize")
        guess = evaluation.acyclic_guess(scores(task.X)[0], threshold=0.2)
        assert found.network.per_task["sid"][index] == evaluation.sid(task.adjacency[0], guess).mistakes
        assert found.network.per_task["aid"][index] == evaluation.aid(task.adjacency[0], guess).mistakes
    assert found["sid"].mean > 0


def test_the_test_sets_of_a_data_module_are_read_as_its_loaders_give_them() -> None:
    data = anc.DataModule(
        SMALL, SMALL, {"id": SMALL, "sizes": SIZES}, n_samples=30, batch_size=8, n_test=20, normalize="standardize"
    )
    found = evaluation.evaluate(scores, data, resamples=50)
    assert list(found) == ["test/id", "test/sizes"]
    alone = evaluation.evaluate(scores, {name: data.fixed_sets[name] for name in reversed(list(found))}, resamples=50)
    assert json.dumps(found.to_dict()) == json.dumps(
        {**alone.to_dict(), "families": dict(reversed(alone.to_dict()["families"].items()))}
    )
    assert found.metrics()["test_sizes/shd"] == found["test/sizes"]["shd"].mean
    assert found.metrics("net")["net/test_id/auroc"] == found["test/id"]["auroc"].mean
    one = anc.DataModule(SMALL, None, SMALL, n_samples=30, batch_size=8, n_test=10)
    assert list(evaluation.evaluate(scores, one, resamples=10)) == ["test"]


def test_the_same_seed_gives_the_same_intervals_and_another_others() -> None:
    sets = {"a": fixed(SMALL), "b": fixed(SMALL, base_seed=2)}
    first, again, other = (evaluation.evaluate(scores, sets, resamples=100, seed=seed) for seed in (0, 0, 1))
    assert str(first) == str(again)
    assert first["a"]["shd"].mean == other["a"]["shd"].mean
    assert first["a"]["shd"].low != other["a"]["shd"].low or first["a"]["shd"].high != other["a"]["shd"].high
    alone = evaluation.evaluate(scores, {"b": sets["b"]}, resamples=100)
    assert alone["b"]["brier"] == first["b"]["brier"]


def test_intervals_cover_the_mean_as_often_as_they_say() -> None:
    rng = np.random.default_rng(0)
    covered = 0
    for repeat in range(300):
        values = rng.exponential(size=80)
        _, low, high = estimate(float(values.mean()), Resamples(80, 400, repeat, "x").means(values))
        covered += low <= 1 <= high
    # Of a skewed law at 80 tasks, about 0.935; five standard errors about 0.94.
    assert abs(covered / 300 - 0.94) < 5 * math.sqrt(0.94 * 0.06 / 300)


def test_tasks_that_say_nothing_are_left_out_and_infinite_ones_are_not() -> None:
    draws = Resamples(4, 200, 0, "x").means(np.array([1.0, 3.0, np.nan, np.nan]))
    assert np.nanmin(draws) == 1
    assert np.nanmax(draws) == 3
    lost = Resamples(2, 200, 0, "x").means(np.array([0.0, -np.inf]))
    assert set(lost.tolist()) == {0.0, -np.inf}
    assert estimate(-np.inf, lost) == (-np.inf, -np.inf, 0.0)


def test_differences_are_paired() -> None:
    sets = {"a": fixed(SMALL, 60)}
    found = evaluation.evaluate(scores, sets, baseline=lambda X: 0.9 * scores(X), resamples=200)["a"]
    assert found.baseline is not None
    for name in ("brier", "expected_shd", "calibration_error"):
        difference, alone = found.differences[name], found[name]
        assert difference.mean == pytest.approx(found[name].mean - found.baseline[name].mean)
        assert difference.high - difference.low < 0.5 * (alone.high - alone.low)
    assert found.differences["auroc"] == (0, 0, 0)
    same = evaluation.evaluate(lambda X: torch.stack([correlation(x) for x in X]), sets, resamples=20)
    assert max(map(abs, same["a"].differences["auroc"])) < 1e-9
    assert list(same["a"].differences) == ["auroc", "average_precision"]
    assert evaluation.evaluate(scores, sets, baseline=None, resamples=20)["a"].baseline is None


def test_sampled_graphs_are_measured_one_by_one() -> None:
    sets = {"a": fixed(SIZES)}
    measures = ["expected_shd", "share_acyclic", "expected_sid", "expected_aid", "log_probability", "auroc"]
    found, again = (evaluation.evaluate(Sampler(), sets, measures=measures, n_graphs=30, resamples=20)["a"] for _ in range(2))
    assert found.to_dict() == again.to_dict()
    assert found.to_dict() != evaluation.evaluate(Sampler(), sets, measures=measures, n_graphs=30, seed=5)["a"].to_dict()
    assert 0 < found["share_acyclic"].mean < 1
    exact = by_hand(sets["a"])
    error = 3 / math.sqrt(30 * 20)  # An SHD of a few pairs has a deviation below 3.
    assert abs(found["expected_shd"].mean - float(exact["expected_shd"].mean())) < 5 * error
    assert set(evaluation.evaluate(Sampler(), sets, n_graphs=3, resamples=2)["a"]) == {
        *MEASURES,
        "calibration_error",
        "share_acyclic",
    }

    class Both(Sampler):
        def edge_probabilities(self, X: Tensor) -> Tensor:
            return scores(X)

        def log_probability(self, X: Tensor, adjacency: Tensor) -> Tensor:
            return -adjacency.sum(dim=(1, 2))

    both = evaluation.evaluate(Both(), sets, n_graphs=30, resamples=20)["a"]
    assert both["auroc"].mean == pytest.approx(np.nanmean(exact["auroc"]))
    assert both["expected_shd"] == found["expected_shd"]
    assert both["log_probability"].mean == -np.mean([task.adjacency.sum() for task in (sets["a"][k] for k in range(20))])


@pytest.mark.parametrize("hidden", [None, {"count": 1, "count_max": 2}])
def test_a_network_reads_the_experiments_of_a_design(hidden: Any) -> None:
    design = anc.Design(n_samples=20, n_samples_max=30, interventions={"n_samples": 10, "regimes": 2}, hidden=hidden)
    data = anc.MetaFixedDataset(SIZES, n_tasks=12, design=design)

    def network(batch: Any) -> Tensor:
        assert {"X", "intervened", "node_mask", "row_mask"} <= set(batch)
        return batch["intervened"].float().mean(dim=1)[:, :, None].expand(-1, -1, batch["X"].shape[2])

    found = evaluation.evaluate(network, {"a": data}, resamples=10)["a"]
    items = [data[index] for index in range(12)]
    for index, item in enumerate(items):
        n, rows = int(item["n_nodes"]), item["row_mask"]
        truth, x = item["adjacency"][:n, :n], item["X"][rows][:, :n]
        p = item["intervened"][:, :n].float().sum(dim=0) / max(int(one["row_mask"].sum()) for one in items)
        right = evaluation.brier(truth, p[:, None].expand(n, n))
        assert found.network.per_task["brier"][index] == pytest.approx(right)
        assert found.baseline is not None
        assert found.baseline.per_task["auroc"][index] == pytest.approx(evaluation.auroc(truth, correlation(x)), nan_ok=True)


def test_experiments_stay_what_they_are_on_a_device() -> None:
    data = anc.MetaFixedDataset(anc.SCMFamily(5), n_tasks=4, design=anc.Design(n_samples=20))
    seen: list[Any] = []

    def network(batch: Any) -> Tensor:
        seen.append((type(batch), [array.name for array in getattr(batch, "layout", ())]))
        return torch.full_like(batch["adjacency"], 0.5)

    for device in (None, "cpu"):
        evaluation.evaluate(network, {"a": data}, resamples=2, device=device)
    assert seen[0] == seen[1]
    assert seen[1][0] is anc.ExperimentData
    assert "X" in seen[1][1]


def test_a_module_is_left_as_it_was() -> None:
    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner, self.frozen = nn.Dropout(0.9), nn.BatchNorm1d(1)
            self.weight = nn.Parameter(torch.ones(()))
            self.seen: list[bool] = []

        def forward(self, X: Tensor) -> Tensor:
            self.seen += [self.training, self.inner.training, torch.is_grad_enabled()]
            return self.weight * scores(X) * torch.rand(())

    network = Network()
    network.frozen.eval()
    torch.manual_seed(3)
    before, python = torch.get_rng_state(), random.getstate()
    evaluation.evaluate(network, {"a": fixed(SMALL)}, resamples=2)
    assert network.seen == [False, False, False]
    assert (network.training, network.inner.training, network.frozen.training) == (True, True, False)
    assert torch.get_rng_state().equal(before)
    assert random.getstate() == python
    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        evaluation.evaluate(nn.Sequential(network, nn.Linear(1, 1)), {"a": fixed(SMALL)}, resamples=2)
    assert network.training


def test_torchs_modes_around_it_change_nothing_but_what_the_network_makes() -> None:
    data = anc.DataModule(SMALL, None, {"sizes": SIZES}, n_samples=30, batch_size=8, n_test=12, normalize="standardize")
    right = evaluation.evaluate(scores, data, resamples=10).to_dict()
    seen: list[str] = []

    def network(X: Tensor) -> Tensor:
        seen.append(torch.empty(0).device.type)
        return scores(X)

    with torch.device("meta"):
        assert evaluation.evaluate(network, data, resamples=10).to_dict() == right
    assert set(seen) == {"meta"}  # The caller's own default, where its constants and masks have to be.
    with torch.inference_mode():
        assert evaluation.evaluate(scores, data, resamples=10).to_dict() == right


def test_what_is_printed_is_a_table_for_each_measure() -> None:
    found = evaluation.evaluate(scores, {"a": fixed(SMALL), "second": fixed(SIZES)}, measures=["shd", "auroc"], resamples=20)
    lines = str(found).splitlines()
    assert lines[0] == "AUROC (higher is better)"
    assert lines[1].split() == ["tasks", "network", "|correlation|", "difference"]
    assert lines[2].split()[:3] == ["a", "20", f"{found['a']['auroc'].mean:.3f}"]
    assert [line.split()[0] for line in lines[2:4]] == ["a", "second"]
    assert lines[5] == "SHD (lower is better)"
    assert lines[6].split() == ["tasks", "network"]
    assert repr(found) == f"Evaluation(auroc of a: {found['a']['auroc'].mean:.4g}, second: {found['second']['auroc'].mean:.4g})"
    assert (
        json.loads(json.dumps(found.to_dict(), allow_nan=False))["families"]["a"]["network"]["shd"]["mean"]
        == found["a"]["shd"].mean
    )


def test_columns_keep_their_places_beside_long_numbers() -> None:
    tasks = fixed(anc.FamilyConfig(n_nodes=30, sparsity_param=4.0))

    def sure(X: Tensor) -> Tensor:
        return torch.zeros(len(X), 30, 30)

    found = evaluation.evaluate(sure, tasks, baseline=sure, measures=["log_probability"], resamples=20)
    _, heads, row = str(found).splitlines()
    assert len(row.split("  ")[-1]) < 27 < len(row[heads.index("network") : heads.index("baseline")].strip())
    for head, one in (("network", found["family"].network), ("baseline", found["family"].baseline)):
        assert one is not None
        assert row[heads.index(head) :].startswith(f"{one['log_probability'].mean:.3f} (")
    assert row[heads.index("difference") :] == "0.000 (0.000 to 0.000)"


def test_data_of_any_form_are_read() -> None:
    dataset = fixed(SMALL)
    right = evaluation.evaluate(scores, dataset, resamples=10)
    assert list(right) == ["family"]
    tasks = [dataset[index] for index in range(20)]
    for form in ([(task.X.numpy(), task.adjacency.int().tolist()) for task in tasks], tuple(anc.collate(tasks))):
        found = evaluation.evaluate(scores, {"family": form}, resamples=10)
        assert found.to_dict() == right.to_dict()
    without = evaluation.evaluate(scores, dataset, normalize="none", measures=["brier"], resamples=10)
    assert without["family"]["brier"] != right["family"]["brier"]


def test_graphs_without_an_edge_have_no_ranking() -> None:
    empty = [(torch.randn(9, 3), torch.zeros(3, 3))] * 4
    found = evaluation.evaluate(scores, {"a": empty}, resamples=5)
    assert math.isnan(found["a"]["auroc"].mean)
    assert found["a"].to_dict()["network"]["auroc"] == {"mean": None, "low": None, "high": None}
    assert len(found["a"].network.precision_recall.recall) == 0


def test_graphs_of_one_node_tell_nothing_of_calibration() -> None:
    x, graphs = torch.randn(4, 9, 1), torch.zeros(4, 1, 1)
    found = evaluation.evaluate(lambda X: torch.full((len(X), 1, 1), 0.5), (x, graphs), resamples=5)["family"]
    assert all(math.isnan(value) for value in found["calibration_error"])
    assert found.network.reliability is not None
    assert math.isnan(found.network.reliability.expected_calibration_error)
    assert found.network.reliability.to_dict()["brier"] is None
    json.dumps(found.to_dict(), allow_nan=False)  # Which JSON has no NaN for.


def test_a_constant_column_has_no_correlation() -> None:
    x = torch.randn(3, 1000, 4, generator=torch.Generator().manual_seed(0))
    x[:, :, 1], x[:, :, 3] = 0.1, 0.3  # A thousandth of these, a thousand times, is another number.
    graphs = torch.zeros(3, 4, 4)
    graphs[:, 1, 3] = graphs[:, 0, 2] = 1
    found = evaluation.evaluate(lambda X: torch.zeros(len(X), 4, 4), (x, graphs), normalize="none", resamples=5)["family"]
    assert found.baseline is not None
    # Of ten pairs without an edge 2 -> 0 ties with 0 -> 2, and nine tie at 0 with 1 -> 3: (9 + 1/2 + 9/2) / 20.
    assert found.baseline.per_task["auroc"].tolist() == pytest.approx([0.7] * 3)
