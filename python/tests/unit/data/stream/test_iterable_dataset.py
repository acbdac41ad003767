"""MetaIterableDataset in one process: which tasks it holds, and in which shape."""

import concurrent.futures
import copy
import itertools
import os
import pickle
import random
import signal
import threading
import time
from typing import Any

import numpy as np
import pytest
import torch

import ancestral as anc
from ancestral._engine import _ffi
from ancestral._engine.checks import seeds_from_tensor

FAMILY = anc.SCMFamily(6, mechanism_proportions={"linear": 1, "mlp": 1})
RAGGED = anc.SCMFamily(5, n_nodes_max=20, sparsity_param=1.0)
PASS = 1 << 40


def stream(**settings: Any) -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(FAMILY, **{"n_samples": 8, **settings})


def take(dataset: Any, count: int) -> list[Any]:
    return list(itertools.islice(dataset, count))


def tasks(items: list[Any]) -> list[bytes]:
    """The bytes of each task's X, whether it came alone or in a batch."""
    matrices = [item if isinstance(item, torch.Tensor) else item.X for item in items]
    return [x.numpy().tobytes() for item in matrices for x in (item if item.ndim == 3 else item[None])]


def drawn(first: int, count: int, *, base_seed: int = 0, offset: int = -1, epoch: int = -1) -> list[bytes]:
    """Tasks by the specification's seeds, drawn one by one."""
    seeds = seeds_from_tensor(_ffi.stream_seeds(base_seed, offset, epoch, first, count))
    return [FAMILY.sample_task(seed).sample(8, draw=0).numpy().tobytes() for seed in seeds]


def test_yields_single_tasks_in_float32() -> None:
    task = next(iter(stream()))
    assert type(task) is anc.Task
    assert (task.X.shape, task.X.dtype, task.adjacency.shape, task.adjacency.dtype) == (
        (8, 6),
        torch.float32,
        (6, 6),
        torch.float32,
    )


def test_a_task_is_that_of_its_seed() -> None:
    seed = seeds_from_tensor(_ffi.stream_seeds(3, -1, -1, 0, 1))[0]
    task, instance = next(iter(stream(base_seed=3))), FAMILY.sample_task(seed)
    assert task.X.equal(instance.sample(8, draw=0))
    assert task.adjacency.equal(instance.adjacency_matrix)


def test_single_tasks_come_in_the_order_of_their_numbers() -> None:
    assert tasks(take(stream(base_seed=5), 40)) == drawn(0, 40, base_seed=5)


def test_batches_are_the_single_tasks_stacked() -> None:
    batches = take(stream(batch_size=7), 3)
    assert all(type(batch) is anc.Task for batch in batches)
    assert batches[0].X.shape == (7, 8, 6)
    assert batches[0].adjacency.shape == (7, 6, 6)
    assert tasks(batches) == tasks(take(stream(), 21))


def test_without_adjacency_yields_x_alone() -> None:
    assert tasks(take(stream(return_adjacency=False), 20)) == tasks(take(stream(), 20))
    assert isinstance(next(iter(stream(return_adjacency=False))), torch.Tensor)
    assert next(iter(stream(return_adjacency=False, batch_size=3))).shape == (3, 8, 6)


def test_items_own_their_memory() -> None:
    for dataset in (stream(), stream(batch_size=4)):
        items = take(dataset, 20)
        storages = {tensor.untyped_storage().data_ptr() for item in items for tensor in item}
        assert len(storages) == 40
        assert all(tensor.untyped_storage().nbytes() == 4 * tensor.numel() for item in items for tensor in item)


def test_each_pass_has_task_numbers_of_its_own() -> None:
    dataset = stream(batch_size=2)
    assert [tasks(take(dataset, 3)) for _ in range(3)] == [drawn(p * PASS, 6) for p in range(3)]


def test_two_iterators_at_once_share_no_task() -> None:
    dataset = stream()
    one, two = iter(dataset), iter(dataset)
    pairs = [(next(one), next(two)) for _ in range(20)]
    assert len(set(tasks([task for pair in pairs for task in pair]))) == 40


@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("order", ["elastic", "stream"])
def test_ranks_share_no_task(order: str, batch_size: int | None) -> None:
    seen = [tasks(take(stream(order=order, batch_size=batch_size, rank=rank, world_size=3), 12)) for rank in range(3)]
    assert len({task for rank in seen for task in rank}) == sum(map(len, seen))


def test_elastic_ranks_together_hold_the_numbers_from_0() -> None:
    ranks = [tasks(take(stream(batch_size=2, rank=rank, world_size=3), 4)) for rank in range(3)]
    assert sorted(task for rank in ranks for task in rank) == sorted(drawn(0, 24))
    assert ranks[1][:2] == drawn(2, 2)


def test_the_stream_order_counts_each_offset_by_itself() -> None:
    assert tasks(take(stream(order="stream", rank=2, world_size=3, batch_size=4), 2)) == drawn(0, 8, offset=2)
    assert tasks(take(stream(order="stream", rank=2, world_size=3), 20)) == drawn(0, 20, offset=2)


def test_stream_seed_is_the_documents_number() -> None:
    dataset = stream(base_seed=10)
    assert [dataset.stream_seed(rank, 4, worker) for rank in range(2) for worker in range(4)] == list(range(10, 18))
    assert dataset.stream_seed(1, 0, 0) == dataset.stream_seed(1, 1, 0) == 11


def test_neighbouring_base_seeds_share_no_task() -> None:  # Bug report 5.
    seen = [
        tasks(take(stream(base_seed=base, order=order, rank=offset, world_size=8), 25))
        for order in ("elastic", "stream")
        for base in (0, 1)
        for offset in range(8)
    ]
    assert len({task for part in seen for task in part}) == 2 * 2 * 8 * 25


def test_zero_is_a_base_seed_like_any_other() -> None:  # Bug report 21.
    assert tasks(take(stream(base_seed=0), 5)) == tasks(take(stream(base_seed=0), 5)) == drawn(0, 5, base_seed=0)
    assert not set(tasks(take(stream(base_seed=0), 5))) & set(tasks(take(stream(base_seed=1), 5)))


def test_leaves_global_random_states_alone() -> None:  # Bug report 22.
    def states() -> list[bytes]:
        return [pickle.dumps(state) for state in (torch.get_rng_state().numpy(), np.random.get_state(), random.getstate())]

    before = states()
    take(stream(), 3)
    take(stream(batch_size=3, order="stream"), 3)
    list(anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=4, cache_instances=True))
    assert states() == before


def test_global_seeds_change_nothing() -> None:
    torch.manual_seed(1)
    one = tasks(take(stream(), 3))
    torch.manual_seed(2)
    assert tasks(take(stream(), 3)) == one


def test_epoch_0_is_the_stream_itself_and_others_are_folded_in() -> None:
    dataset = stream()
    dataset.set_epoch(0)
    assert tasks(take(dataset, 3)) == drawn(0, 3)
    dataset.set_epoch(5)
    assert tasks(take(dataset, 3)) == drawn(0, 3, epoch=5)
    assert tasks(take(dataset, 3)) == drawn(PASS, 3, epoch=5)


def test_the_epoch_that_is_going_on_goes_on() -> None:
    dataset = stream()
    seen: list[bytes] = []
    for epoch in (0, 0, 1, 1):
        dataset.set_epoch(epoch)
        seen += tasks(take(dataset, 3))
    assert seen == drawn(0, 3) + drawn(PASS, 3) + drawn(0, 3, epoch=1) + drawn(PASS, 3, epoch=1)


def test_seek_says_where_the_next_pass_starts() -> None:
    dataset = stream(batch_size=2)
    dataset.seek(17)
    assert tasks(take(dataset, 2)) == drawn(17, 4)
    assert tasks(take(dataset, 2)) == drawn(PASS, 4)
    dataset.seek(3 * PASS + 5)
    assert tasks(take(dataset, 2)) == drawn(3 * PASS + 5, 4)
    assert tasks(take(dataset, 2)) == drawn(4 * PASS, 4)


def test_has_no_length() -> None:
    with pytest.raises(TypeError):
        len(stream())  # pyright: ignore[reportArgumentType]


def test_a_familys_range_of_sizes_trims_single_tasks() -> None:
    items = take(anc.MetaIterableDataset(RAGGED, n_samples=4), 30)
    assert {task.X.shape[1] for task in items} >= {5, 20}
    for task in items:
        n_nodes = task.X.shape[1]
        assert task.adjacency.shape == (n_nodes, n_nodes)
        assert task.X.is_contiguous()
        assert (task.X != 0).all()


def test_a_familys_range_of_sizes_pads_batches() -> None:
    batch = next(iter(anc.MetaIterableDataset(RAGGED, n_samples=4, batch_size=30)))
    singles = take(anc.MetaIterableDataset(RAGGED, n_samples=4), 30)
    assert type(batch) is anc.PaddedTask
    assert (batch.X.shape, batch.adjacency.shape, batch.node_mask.dtype) == ((30, 4, 20), (30, 20, 20), torch.bool)
    for index, task in enumerate(singles):
        n_nodes = task.X.shape[1]
        assert batch.node_mask[index].tolist() == [True] * n_nodes + [False] * (20 - n_nodes)
        assert batch.X[index, :, :n_nodes].equal(task.X)
        assert batch.adjacency[index, :n_nodes, :n_nodes].equal(task.adjacency)
        assert not batch.X[index, :, n_nodes:].any()
        assert not batch.adjacency[index, n_nodes:].any()
        assert not batch.adjacency[index, :, n_nodes:].any()


@pytest.mark.parametrize("pickled", [lambda dataset: pickle.loads(pickle.dumps(dataset)), copy.deepcopy])
def test_a_copy_goes_on_by_itself(pickled: Any) -> None:
    dataset = stream(reserved=anc.HashRegistry([bytes(32)]))
    dataset.set_epoch(2)
    take(dataset, 3)
    other = pickled(dataset)
    assert tasks(take(other, 3)) == tasks(take(dataset, 3)) == drawn(PASS, 3, epoch=2)
    other.set_epoch(7)
    assert tasks(take(dataset, 3)) == drawn(2 * PASS, 3, epoch=2)
    assert tasks(take(other, 3)) == drawn(0, 3, epoch=7)


def test_a_users_own_strategies_stream_too() -> None:
    def chain(n_nodes: int, *, seed: int) -> torch.Tensor:
        return torch.diag(torch.ones(n_nodes - 1), 1)

    dataset = anc.MetaIterableDataset(anc.SCMFamily(4, chain), n_samples=5, batch_size=3)
    batch = next(iter(dataset))
    assert batch.adjacency.equal(chain(4, seed=0).expand(3, 4, 4))


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"n_samples": -1}, "n_samples = -1"),
        ({"n_samples": 2.5}, "n_samples = 2.5"),
        ({"base_seed": -1}, "base_seed = -1"),
        ({"base_seed": "7"}, "base_seed = '7'"),
        ({"batch_size": 0}, "batch_size = 0"),
        ({"batch_size": 2.0}, "batch_size = 2.0"),
        ({"order": "random"}, "order = 'random'"),
        ({"rank": 1}, "rank = 1, world_size = None"),
        ({"rank": 2, "world_size": 2}, "rank = 2"),
        ({"rank": 0, "world_size": 0}, "world_size = 0"),
        ({"reserved": {"00"}}, "reserved is of type set"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(anc.ConfigError, match=f"^{says}.*must be"):
        stream(**settings)


def test_a_wrong_family_epoch_or_position_is_named() -> None:
    with pytest.raises(anc.ConfigError, match=r"^In family: n_node = 5: is not a field"):
        anc.MetaIterableDataset({"n_node": 5}, n_samples=8)
    with pytest.raises(anc.ConfigError, match=r"^epoch = -1: must be"):
        stream().set_epoch(-1)
    with pytest.raises(anc.ConfigError, match=r"^position = -3: must be"):
        stream().seek(-3)


def test_batch_standardisation_gives_each_data_set_means_of_0_and_variances_of_1() -> None:
    family = anc.SCMFamily(6, standardization="batch", calibration_rows=200, linear_bias=3.0)
    X, _ = next(iter(anc.MetaIterableDataset(family, n_samples=200, batch_size=5)))
    assert float(X.mean(dim=1).abs().max()) < 1e-5
    assert float((X.var(dim=1, unbiased=False) - 1).abs().max()) < 1e-4
    for dataset in (anc.MetaIterableDataset, anc.MetaFixedDataset):
        arguments: dict[str, Any] = {"n_tasks": 2} if dataset is anc.MetaFixedDataset else {}
        with pytest.warns(UserWarning, match="give the family calibration_rows=100 for means of 0"):
            dataset(family, n_samples=100, **arguments)


@pytest.mark.parametrize("batch_size", [None, 2])
def test_threads_that_share_an_iterator_share_no_task(batch_size: int | None) -> None:
    whole = tasks(take(stream(batch_size=batch_size), 200))
    iterator = iter(stream(batch_size=batch_size))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: next(iterator), range(200)))
    assert sorted(tasks(found)) == sorted(whole)
    assert tasks([next(copy.deepcopy(iterator))]) == tasks([next(iterator)])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_fork_goes_on_with_an_iterator_that_a_thread_is_drawing_from() -> None:
    iterator = iter(anc.MetaIterableDataset(anc.SCMFamily(20), n_samples=1000, batch_size=500))
    next(iterator)
    drawing = threading.Thread(target=lambda: [next(iterator) for _ in range(6)])
    drawing.start()
    children: list[int] = []
    while drawing.is_alive() and len(children) < 5:
        time.sleep(0.01)
        pid = os.fork()
        if pid == 0:
            signal.alarm(60)
            try:
                next(iterator)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(pid)
    drawing.join()
    assert children
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children] == [0] * len(children)
