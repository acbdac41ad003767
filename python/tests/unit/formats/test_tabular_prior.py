"""Tables of tasks: what a batch holds, whose tasks they are, and that calls change nothing but the place."""

import json
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from omegaconf import OmegaConf
from torch import Tensor, nn

import ancestral as anc
from ancestral import formats

FAMILY = anc.SCMFamily(n_nodes=6, sparsity_param=1.5, standardization="internal")


def test_a_batch_is_what_tfm_playground_trains_on() -> None:
    batch = formats.TabularPrior(FAMILY)(4, 30, 3)
    assert {name: (tuple(array.shape), array.dtype) for name, array in batch.items() if isinstance(array, Tensor)} == {
        "x": ((4, 30, 3), torch.float32),
        "y": ((4, 30), torch.float32),
        "target_y": ((4, 30), torch.float32),
    }
    assert type(batch["train_test_split_index"]) is int
    assert batch["train_test_split_index"] == 15
    assert batch["target_y"].equal(batch["y"])
    assert batch["x"].is_contiguous()


def test_columns_are_nodes_of_the_streams_tasks() -> None:
    batch = formats.TabularPrior(FAMILY, base_seed=5).batch(3, 8, 20, 5)
    X = next(iter(anc.MetaIterableDataset(FAMILY, n_samples=20, base_seed=5, batch_size=11))).X[3:]
    for table, y, rows in zip(batch["x"], batch["y"], X, strict=True):
        found = torch.cat([y[:, None], table], dim=1)
        equal = (found[:, :, None] == rows[:, None]).all(dim=0)
        assert equal.sum(dim=0).tolist() == [1] * 6  # Each node once, whether as target or as feature.
        assert equal.sum(dim=1).tolist() == [1] * 6


def test_targets_and_features_are_any_node_equally_often() -> None:
    # Nodes are told apart by rows of a task that is the same 4000 times but for its seed: the sum of the row's ranks.
    stream = formats.TabularPrior(FAMILY, base_seed=1).batch(0, 4000, 3, 2)
    X = next(iter(anc.MetaIterableDataset(FAMILY, n_samples=3, base_seed=1, batch_size=4000))).X
    for column in (stream["y"], stream["x"][..., 0], stream["x"][..., 1]):
        counts = (column[:, :, None] == X).all(dim=1).sum(dim=0)
        # Five standard errors of a share of 1/6 of 4000.
        assert (counts - 4000 / 6).abs().max() < 5 * (4000 * 5 / 36) ** 0.5


def test_a_child_has_parents() -> None:
    prior = formats.TabularPrior(anc.SCMFamily(n_nodes=4, sparsity_param=0.25), base_seed=2, target="child")
    stream = anc.MetaIterableDataset(anc.SCMFamily(n_nodes=4, sparsity_param=0.25), n_samples=5, base_seed=2, batch_size=200)
    X, adjacency = next(iter(stream))
    target = (prior(200, 5, 1)["y"][:, :, None] == X).all(dim=1).long().argmax(dim=1)
    has_parents = adjacency.sum(dim=1)[torch.arange(200), target] > 0
    has_edges = adjacency.sum(dim=(1, 2)) > 0
    assert has_parents.equal(has_edges)
    assert 0 < int(has_edges.sum()) < 200


def test_tables_are_a_function_of_their_numbers() -> None:
    prior = formats.TabularPrior(FAMILY, base_seed=3, target="child")
    first, second = prior(3, 20, 4), prior(5, 20, 4)
    assert prior.position == 8
    again = prior.batch(0, 8, 20, 4)
    assert prior.position == 8
    for name in ("x", "y"):
        assert torch.cat([first[name], second[name]]).equal(again[name])
    assert not first["x"].equal(formats.TabularPrior(FAMILY, base_seed=4, target="child")(3, 20, 4)["x"])


def test_a_state_goes_on_to_the_bit() -> None:
    prior = formats.TabularPrior(FAMILY, split=(5, 15))
    prior(7, 20, 4)
    state = json.loads(json.dumps(prior.state_dict()))
    expected = prior(3, 20, 4)
    other = formats.TabularPrior(FAMILY, split=(5, 15))
    other.load_state_dict(state)
    found = other(3, 20, 4)
    assert found["x"].equal(expected["x"])
    assert found["train_test_split_index"] == expected["train_test_split_index"]
    for changed in (
        formats.TabularPrior(FAMILY, split=(5, 15), base_seed=1),
        formats.TabularPrior(FAMILY, split=(5, 14)),
        formats.TabularPrior(anc.SCMFamily(n_nodes=6), split=(5, 15)),
        formats.TabularPrior(anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=20), split=(5, 15)),
    ):
        with pytest.raises(anc.ConfigError, match="must be"):
            changed.load_state_dict(state)


def test_a_pickled_prior_goes_on_too() -> None:
    reserved = anc.HashRegistry([FAMILY.sample_task(1).graph_hash()])
    prior = formats.TabularPrior(FAMILY, reserved=reserved, target="child")
    prior(3, 20, 4)
    other = pickle.loads(pickle.dumps(prior))
    assert other(3, 20, 4)["x"].equal(prior(3, 20, 4)["x"])


def test_splits_take_each_number_of_their_range_equally_often() -> None:
    prior = formats.TabularPrior(FAMILY, split=(4, 7))
    counts = [0] * 10
    for first in range(2000):
        counts[prior.batch(first, 1, 10, 1)["train_test_split_index"]] += 1
    assert sum(counts[4:8]) == 2000
    assert max(abs(count - 500) for count in counts[4:8]) < 5 * (2000 * 3 / 16) ** 0.5
    assert formats.TabularPrior(FAMILY, split=0.01)(1, 10, 1)["train_test_split_index"] == 2
    assert formats.TabularPrior(FAMILY, split=0.99)(1, 10, 1)["train_test_split_index"] == 9


def test_classes_are_quantiles_of_the_training_rows() -> None:
    kinds: dict[str, Any] = {"problem_type": "classification", "split": 12}
    plain = formats.TabularPrior(FAMILY, split=12).batch(0, 300, 40, 2)
    named = formats.TabularPrior(FAMILY, n_classes=3, **kinds).batch(0, 300, 40, 2)
    assert named["x"].equal(plain["x"])
    assert named["y"].dtype == torch.float32
    firsts = []
    for y, label in zip(plain["y"], named["y"], strict=True):
        assert sorted(label[:12].tolist()) == [0.0] * 4 + [1.0] * 4 + [2.0] * 4
        ranges = sorted((float(y[:12][label[:12] == name].min()), float(y[:12][label[:12] == name].max())) for name in range(3))
        assert ranges[0][1] < ranges[1][0]
        assert ranges[1][1] < ranges[2][0]
        firsts.append(float(label[y.argmin()]))
        # Rows past the split are named by the same edges.
        assert label[y.argmin()] == label[:12][y[:12].argmin()]
    # The lowest class has each name equally often.
    assert all(abs(firsts.count(name) - 100) < 5 * (300 * 2 / 9) ** 0.5 for name in range(3))


def test_a_pair_draws_a_number_of_classes_for_each_task() -> None:
    prior = formats.TabularPrior(FAMILY, problem_type="classification", n_classes=(2, 4), split=20)
    assert prior.max_num_classes == 4
    counts = [len(label.unique()) for label in prior(300, 40, 2)["y"]]
    assert all(abs(counts.count(number) - 100) < 5 * (300 * 2 / 9) ** 0.5 for number in (2, 3, 4))


def test_a_fixed_set_comes_again() -> None:
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=5, base_seed=4, n_samples=30)
    prior = formats.TabularPrior(tasks)
    first, again = prior(5, 20, 5), prior(5, 20, 5)
    assert first["x"].equal(again["x"])
    assert all((first["y"][index][:, None] == tasks[index].X[:20]).all(dim=0).any() for index in range(5))


def test_tasks_of_different_sizes_give_nodes_alone() -> None:
    family = anc.SCMFamily(n_nodes=3, n_nodes_max=8, sparsity_param=1.0)
    batch = formats.TabularPrior(family)(100, 20, 2)
    assert batch["x"].abs().sum(dim=1).min() > 0
    assert batch["y"].abs().sum(dim=1).min() > 0
    with pytest.raises(anc.ConfigError, match=r"n_features .* = 3: must be a whole number from 1 to 2"):
        formats.TabularPrior(family)(1, 20, 3)


def test_reserved_graphs_are_left_out() -> None:
    family = anc.SCMFamily(n_nodes=3, sparsity_param=0.5)
    reserved = anc.HashRegistry()
    reserved.add(anc.graph_hash([[0, 0, 0], [0, 0, 0], [0, 0, 0]]))
    free, kept = (formats.TabularPrior(family, target="child", reserved=some).batch(0, 50, 9, 1) for some in (None, reserved))
    stream = anc.MetaIterableDataset(family, n_samples=9, batch_size=50)
    empty = next(iter(stream)).adjacency.sum(dim=(1, 2)) == 0
    assert 0 < int(empty.sum()) < 50
    assert (free["y"] != kept["y"]).any(dim=1).equal(empty)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"problem_type": "ranking"}, "problem_type = 'ranking'"),
        ({"problem_type": "classification"}, "n_classes = None: must be given"),
        ({"problem_type": "classification", "n_classes": 1}, "n_classes = 1"),
        ({"problem_type": "classification", "n_classes": (4, 3)}, "n_classes = 3: must be a whole number from 4"),
        ({"n_classes": 3}, "n_classes = 3: must be left out"),
        ({"target": 2}, "target = 2"),
        ({"split": 1}, "split = 1"),
        ({"split": 1.0}, "split = 1.0"),
        ({"split": (0.2, 0.3, 0.4)}, "must be one number"),
        ({"split": (0.5, 0.2)}, "must begin with the smaller"),
        ({"split": True}, "split = True"),
        ({"split": float("nan")}, "split = nan"),
        ({"base_seed": -1}, "base_seed = -1"),
        ({"reserved": ["0" * 64]}, "reserved is of type list: must be of type HashRegistry"),
        ({"device": "nowhere"}, "device = 'nowhere'"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, Any], told: str) -> None:
    with pytest.raises(anc.ConfigError) as caught:
        formats.TabularPrior(FAMILY, **given)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda prior: prior(0, 20, 3), "batch_size = 0"),
        (lambda prior: prior(2, 2, 3), "n_rows = 2"),
        (
            lambda prior: prior(2, 20, 6),
            "n_features (of a family whose tasks have 6 nodes) = 6: must be a whole number from 1 to 5",
        ),
        (lambda prior: prior(2, 12, 3), "split = 15: must be 2 to 11 training rows of 12"),
        (lambda prior: prior.batch(-1, 2, 20, 3), "first = -1"),
        (lambda prior: prior.load_state_dict({"format": 7}), "state['format'] = 7"),
    ],
)
def test_a_wrong_call_is_named_and_takes_no_tasks(call: Callable[[Any], Any], told: str) -> None:
    prior = formats.TabularPrior(FAMILY, split=15)
    with pytest.raises(anc.ConfigError) as caught:
        call(prior)
    assert told in str(caught.value)
    assert prior.position == 0


def test_what_a_table_cannot_be_made_of_is_refused() -> None:
    with pytest.raises(anc.ConfigError, match="n_nodes = 1: must be 2 or more"):
        formats.TabularPrior(anc.SCMFamily(n_nodes=1, sparsity_param=0.0))
    for tasks in (
        anc.MetaFixedDataset(FAMILY, n_tasks=2, n_samples=5, return_adjacency=False),
        anc.MetaFixedDataset(FAMILY, n_tasks=2, design=anc.Design(n_samples=5, interventions={})),
    ):
        with pytest.raises(anc.ConfigError, match="must be of plain tasks with graphs"):
            formats.TabularPrior(tasks)
    with pytest.raises(anc.ConfigError, match="must be left out beside a fixed set"):
        formats.TabularPrior(anc.MetaFixedDataset(FAMILY, n_tasks=2, n_samples=5), base_seed=1)
    with pytest.raises(anc.ConfigError, match="split = 3: must leave a training row for each class, 4 or more, not 3"):
        formats.TabularPrior(FAMILY, problem_type="classification", n_classes=4, split=3)(1, 9, 1)


class Reader(nn.Module):
    """Ridge regression of each table's training rows, whose penalty and whose trust in them are learned."""

    def __init__(self) -> None:
        super().__init__()
        self.penalty = nn.Parameter(torch.tensor(3.0))
        self.trust = nn.Parameter(torch.tensor(0.0))

    def forward(self, src: tuple[Tensor, Tensor], train_test_split_index: int) -> Tensor:
        x, y = src
        train = x[:, :train_test_split_index]
        x = (x - train.mean(dim=1, keepdim=True)) / train.std(dim=1, keepdim=True)
        train = x[:, :train_test_split_index]
        gram = train.mT @ train + self.penalty.exp() * torch.eye(x.shape[-1])
        weights = torch.linalg.solve(gram, train.mT @ y[..., None])
        return self.trust * (x[:, train_test_split_index:] @ weights)[..., 0]


def test_the_loop_of_tfm_playground_learns_to_beat_the_mean() -> None:
    """The calls of its `PriorDataLoader` and `train`, in their order; predicting the training rows' mean has `floor`."""
    torch.manual_seed(0)
    get_batch = formats.TabularPrior(FAMILY, target="child", base_seed=1)
    network = Reader()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.1)

    def loss_of(full_data: dict[str, Any]) -> tuple[Tensor, Tensor]:
        split = full_data["train_test_split_index"]
        x, y = full_data["x"], full_data["y"][:, :split]
        mean, deviation = y.mean(dim=1, keepdim=True), y.std(dim=1, keepdim=True) + 1e-8
        targets = (full_data["target_y"][:, split:] - mean) / deviation
        output = network((x, (y - mean) / deviation), train_test_split_index=split)
        return (output - targets).square().mean(), targets.square().mean()

    held_out = formats.TabularPrior(FAMILY, target="child", base_seed=2)(200, 40, 5)
    begin, floor = loss_of(held_out)
    assert begin >= floor  # It trusts nothing yet.
    for full_data in iter(get_batch(32, 40, 5) for _ in range(25)):
        loss = loss_of(full_data)[0]
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    end, _ = loss_of(held_out)
    assert end < 0.8 * floor


def test_settings_come_in_hydras_lists_and_numpys_numbers() -> None:
    batch = formats.TabularPrior(FAMILY, split=(5, 7))(3, 20, 2)
    for split in (OmegaConf.create([5, 7]), [np.int64(5), 7]):
        prior = formats.TabularPrior(FAMILY, split=split)
        assert prior(3, 20, 2)["x"].equal(batch["x"])
        prior.load_state_dict(formats.TabularPrior(FAMILY, split=(5, 7)).state_dict())
    prior = formats.TabularPrior(FAMILY, split=np.float32(0.25))
    assert prior(3, 20, 2)["train_test_split_index"] == 5
    prior.load_state_dict(formats.TabularPrior(FAMILY, split=0.25).state_dict())
    classes = formats.TabularPrior(FAMILY, problem_type="classification", n_classes=OmegaConf.create([2, 3]))
    assert classes(3, 20, 2)["y"].max() <= 2
