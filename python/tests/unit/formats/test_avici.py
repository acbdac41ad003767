"""AVICI's dict: its names, dtypes and axes, and what becomes of interventions."""

from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral import formats

FAMILY = anc.SCMFamily(n_nodes=5, sparsity_param=1.0)
DESIGN = anc.Design(n_samples=12, interventions=anc.Interventions(n_samples=8, regimes=4, order="shuffled"))


def test_a_task_has_the_arrays_of_its_buffer() -> None:
    task = anc.MetaFixedDataset(FAMILY, n_tasks=1, design=DESIGN)[0]
    data = formats.to_avici(task)
    assert {name: (array.shape, array.dtype.name) for name, array in data.items()} == {
        "g": ((5, 5), "int32"),
        "n_vars": ((), "int32"),
        "x_obs": ((12, 5, 2), "float32"),
        "x_int": ((8, 5, 2), "float32"),
        "n_observations_obs": ((), "int32"),
        "n_observations_int": ((), "int32"),
        "is_count_data": ((), "bool"),
    }
    assert (data["n_vars"], data["n_observations_obs"], data["n_observations_int"], data["is_count_data"]) == (5, 12, 8, False)
    observed = (task["regime"] == 0).numpy()
    assert observed[:12].sum() < 12  # The rows are shuffled.
    for name, rows in (("x_obs", observed), ("x_int", ~observed)):
        assert (data[name][..., 0] == task["X"].numpy()[rows]).all()
        assert (data[name][..., 1] == task["intervened"].numpy()[rows]).all()
    assert not data["x_obs"][..., 1].any()
    assert (data["x_int"][..., 1].sum(axis=1) == 1).all()


def test_edges_go_from_row_to_column() -> None:
    chain = anc.SCMInstance.from_mechanisms([[0, 1], [0, 0]], [lambda parents, noise: noise, lambda p, noise: p[:, 0] + noise])
    assert formats.to_avici((chain.sample(9), chain.adjacency_matrix))["g"].tolist() == [[0, 1], [0, 0]]


def test_batches_and_sets_have_an_axis_in_front() -> None:
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=3, design=DESIGN)
    whole, batch = formats.to_avici(tasks), formats.to_avici(anc.collate([tasks[index] for index in range(3)]))
    listed = formats.to_avici([tasks[index] for index in range(3)])
    one = formats.to_avici(tasks[1])
    for name in one:
        assert (whole[name][1] == one[name]).all()
        assert (whole[name] == batch[name]).all()
        assert (whole[name] == listed[name]).all()
    assert whole["is_count_data"][..., None, None, None].shape == (3, 1, 1, 1)  # What its jax code asks for.


def test_without_interventions_there_are_no_rows_of_them() -> None:
    batch = next(iter(anc.MetaIterableDataset(FAMILY, n_samples=7, batch_size=2)))
    data = formats.to_avici(batch)
    assert (data["x_obs"].shape, data["x_int"].shape) == ((2, 7, 5, 2), (2, 0, 5, 2))
    assert (data["g"] == batch.adjacency.numpy()).all()


def test_padding_is_left_out() -> None:
    tasks = anc.MetaFixedDataset(anc.SCMFamily(n_nodes=3, n_nodes_max=6, sparsity_param=1.0), n_tasks=20, design=DESIGN)
    for index in range(20):
        n = int(tasks[index]["n_nodes"])
        data = formats.to_avici(tasks[index])
        assert (data["x_int"].shape, data["g"].shape, data["n_vars"]) == ((8, n, 2), (n, n), n)
    with pytest.raises(anc.ConfigError, match="must be the same for all tasks of a batch"):
        formats.to_avici(tasks)


def test_rows_that_a_task_lacks_are_left_out() -> None:
    ragged = anc.Design(n_samples=5, n_samples_max=30, interventions=anc.Interventions(n_samples=4, regimes=2))
    tasks = anc.MetaFixedDataset(FAMILY, n_tasks=9, design=ragged)
    counts = [len(formats.to_avici(task)["x_obs"]) for task in tasks]
    assert counts == [int(task["row_mask"].sum()) - 4 for task in tasks]
    assert len(set(counts)) > 1


def test_what_is_written_into_its_arrays_leaves_the_task_alone() -> None:
    task = anc.MetaFixedDataset(FAMILY, n_tasks=1, n_samples=7)[0]
    before = task.X.clone()
    formats.to_avici(task)["x_obs"][..., 0] = 9  # As onp_standardize_data does.
    assert task.X.equal(before)


def test_it_comes_back() -> None:
    task = anc.MetaFixedDataset(FAMILY, n_tasks=1, design=anc.Design.preset("avici-interventional"))[0]
    found = formats.from_avici(formats.to_avici(task))
    assert {name: array.dtype for name, array in found.items()} == {
        "X": torch.float32,
        "intervened": torch.bool,
        "adjacency": torch.float32,
    }
    for name, array in found.items():
        assert array.equal(task[name])  # By regime, as the preset has it, so in the same order.


@pytest.mark.parametrize(
    ("design", "told"),
    [
        (
            anc.Design(n_samples=9, interventions=anc.Interventions(n_samples=4, regimes=2, known_targets=False)),
            "known_targets",
        ),
        (anc.Design(n_samples=9, hidden=anc.Hidden(count=1)), "hidden variables"),
        (anc.Design(n_samples=9, query=3, effects=anc.Effects()), "to_do_pfn"),
        (
            anc.Design(
                n_samples=9,
                interventions=anc.Interventions(n_samples=4, regimes=2),
                counterfactuals=anc.Counterfactuals(),
            ),
            "counterfactuals",
        ),
    ],
)
def test_designs_without_a_place_are_refused(design: anc.Design, told: str) -> None:
    with pytest.raises(anc.ConfigError) as caught:
        formats.to_avici(anc.MetaFixedDataset(anc.SCMFamily(n_nodes=5, sparsity_param=2.0), n_tasks=1, design=design))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (torch.zeros(3, 2), "source is a tensor of shape (3, 2)"),
        ([torch.zeros(3, 2)], "without a graph"),
        (anc.PaddedX(torch.zeros(2, 3, 2), torch.ones(2, 2).bool()), "without a graph"),
        ([anc.PaddedX(torch.zeros(2, 3, 2), torch.ones(2, 2).bool())], "without a graph"),
        ([3], "an item of type int"),
        (3, "of type int: must be a task"),
        ([], "source is empty"),
        ({"X": torch.zeros(3, 2)}, "no array 'adjacency'"),
        (anc.Task(torch.zeros(3), torch.zeros(2, 2)), "X has shape (3,)"),
        (anc.Task(torch.zeros(3, 2), torch.ones(2, 2)), "cycle"),
        (anc.Task(torch.zeros(3, 2), torch.zeros(3, 3)), "adjacency has shape (3, 3): must be [2, 2]"),
        (anc.Task(torch.full((3, 2), torch.nan), torch.zeros(2, 2)), "missing cells, NaN in X: must have none"),
        (anc.Task(torch.full((3, 2), torch.inf), torch.zeros(2, 2)), "infinite numbers in X: must have none"),
        (anc.MetaIterableDataset(FAMILY, n_samples=3), "MetaIterableDataset: must have an end"),
    ],
)
def test_what_is_no_task_is_refused(source: Any, told: str) -> None:
    with pytest.raises(anc.ConfigError) as caught:
        formats.to_avici(source)
    assert told in str(caught.value)


def test_counts_are_checked_and_arrays_too() -> None:
    task = anc.Task(torch.tensor([[0.0, 3.0]]), torch.zeros(2, 2))
    assert formats.to_avici(task, is_count_data=True)["is_count_data"]
    with pytest.raises(anc.ConfigError, match="is_count_data = True: must be False"):
        formats.to_avici(anc.Task(task.X + 0.5, task.adjacency), is_count_data=True)
    with pytest.raises(anc.ConfigError, match="x_int has shape"):
        formats.from_avici({**formats.to_avici(task), "x_int": np.zeros((3, 2))})
    with pytest.raises(anc.ConfigError, match="x_int has shape"):
        formats.from_avici({**formats.to_avici(task), "x_int": np.zeros((3, 3, 2))})
    with pytest.raises(anc.ConfigError, match=r"x_obs has the number 1e\+300: must be at most"):
        formats.from_avici({**formats.to_avici(task), "x_obs": np.full((3, 2, 2), 1e300)})
    with pytest.raises(anc.ConfigError, match="no array 'x_obs'"):
        formats.from_avici({"g": np.zeros((2, 2))})
