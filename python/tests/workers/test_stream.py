"""The training stream in DataLoader workers: the same batches for every number of workers, and no task twice."""

import functools
import itertools
from collections.abc import Callable
from typing import Any

import pytest
import torch

import ancestral as anc

Load = Callable[..., Any]


def tasks(loader: Any, count: int) -> list[bytes]:
    """The bytes of each task's X in the first `count` items; breaks off with workers still drawing ahead."""
    taken = list(itertools.islice(loader, count))
    return [x.numpy().tobytes() for item in taken for x in (item.X if item.X.ndim == 3 else item.X[None])]


def stream(family: anc.SCMFamily, **settings: Any) -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(family, **{"n_samples": 8, "batch_size": 4, **settings})


@pytest.fixture
def expected(family: anc.SCMFamily) -> list[list[bytes]]:
    """Three passes of five batches, without a DataLoader."""
    dataset = stream(family)
    return [tasks(dataset, 5) for _ in range(3)]


@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize(
    ("method", "workers"),
    [("fork", 0), ("fork", 1), ("fork", 2), ("fork", 3), ("fork", 4), ("forkserver", 2), ("forkserver", 4)],
)
def test_passes_broken_off_are_equal_for_every_number_of_workers(
    method: str, workers: int, persistent: bool, family: anc.SCMFamily, load: Load, expected: list[list[bytes]]
) -> None:
    loader = load(stream(family), workers, method, persistent_workers=persistent and workers > 0)
    assert [tasks(loader, 5) for _ in range(3)] == expected


@pytest.mark.parametrize(
    ("method", "workers"),
    [("fork", 0), *((method, workers) for method in ("fork", "forkserver", "spawn") for workers in (1, 2, 4))],
)
def test_two_epochs_hold_each_task_once_in_one_order_for_every_start_method(
    method: str, workers: int, family: anc.SCMFamily, load: Load
) -> None:
    # Persistent, so that the spawned ones import torch once, and set_epoch has to reach them.
    dataset, plain = stream(family), stream(family)
    loader = load(dataset, workers, method, persistent_workers=workers > 0)
    seen: list[bytes] = []
    for epoch in range(2):
        dataset.set_epoch(epoch)
        plain.set_epoch(epoch)
        arrived, expected = (list(itertools.islice(source, 7)) for source in (loader, plain))
        assert all(
            one.X.equal(two.X) and one.adjacency.equal(two.adjacency) for one, two in zip(arrived, expected, strict=True)
        )
        seen += [x.numpy().tobytes() for batch in arrived for x in batch.X]
    assert len(set(seen)) == len(seen) == 2 * 7 * 4


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_batches_of_a_rank_are_equal_for_every_number_of_workers(workers: int, family: anc.SCMFamily, load: Load) -> None:
    for rank in range(3):
        dataset, alone = (stream(family, rank=rank, world_size=3) for _ in range(2))
        assert tasks(load(dataset, workers), 5) == tasks(alone, 5)
        assert dataset.state_after(5) == alone.state_after(5)


def test_spawned_workers_see_the_same_stream(family: anc.SCMFamily, load: Load, expected: list[list[bytes]]) -> None:
    dataset = stream(family)
    assert [tasks(load(dataset, 2, "spawn"), 5) for _ in range(2)] == expected[:2]


def test_no_task_comes_twice_whatever_loaders_take_turns(family: anc.SCMFamily, load: Load) -> None:  # Bug report 2.
    dataset = stream(family)
    seen: list[bytes] = []
    for count, (workers, method) in enumerate([(2, "fork"), (4, "forkserver"), (0, "fork"), (3, "fork"), (1, "fork")]):
        seen += tasks(load(dataset, workers, method, prefetch_factor=3 if workers else None), 3 + count)
    assert len(set(seen)) == len(seen)


def test_no_task_comes_twice_from_loaders_side_by_side(family: anc.SCMFamily, load: Load) -> None:
    dataset = stream(family)
    loaders = [iter(load(dataset, workers)) for workers in (2, 2, 3)]
    seen = [task for _ in range(6) for loader in loaders for task in tasks(loader, 1)]
    assert len(set(seen)) == len(seen)


def test_no_task_comes_twice_when_torch_is_seeded_before_each_pass(family: anc.SCMFamily, load: Load) -> None:
    dataset = stream(family)
    seen: list[bytes] = []
    for _ in range(3):
        torch.manual_seed(0)
        seen += tasks(load(dataset, 2), 4)
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("order", ["elastic", "stream"])
def test_400_single_tasks_of_4_workers_are_distinct(order: str, family: anc.SCMFamily, load: Load) -> None:  # Bug report 1.
    seen = tasks(load(stream(family, order=order, batch_size=None), 4), 400)
    assert len(set(seen)) == 400


@pytest.mark.parametrize("workers", [0, 1, 2, 3])
def test_single_tasks_are_equal_for_every_number_of_workers(workers: int, family: anc.SCMFamily, load: Load) -> None:
    dataset = stream(family, batch_size=None)
    expected = tasks(stream(family, batch_size=None), 50)
    assert tasks(load(dataset, workers), 50) == expected


@pytest.mark.parametrize("workers", [0, 1, 2, 3, 7])
def test_100_batches_are_full_and_distinct(workers: int, family: anc.SCMFamily, load: Load) -> None:  # Bug report 6.
    dataset = stream(family, batch_size=None)
    batches = list(itertools.islice(load(dataset, workers, batch_size=3, drop_last=True), 100))
    assert {batch.X.shape for batch in batches} == {(3, 8, 5)}
    assert {type(batch) for batch in batches} == {anc.Task}
    assert len({x.numpy().tobytes() for batch in batches for x in batch.X}) == 300


def test_the_stream_order_follows_rank_and_worker(family: anc.SCMFamily, load: Load) -> None:
    ranked = [tasks(stream(family, order="stream", rank=offset, world_size=6), 3) for offset in range(6)]
    dataset = stream(family, order="stream", rank=1, world_size=3)
    two = tasks(load(dataset, 2), 6)
    batches = [two[4 * b : 4 * b + 4] for b in range(6)]
    for worker in range(2):
        assert [task for batch in batches[worker::2] for task in batch] == ranked[2 + worker]


@pytest.mark.parametrize("method", ["fork", "forkserver"])
def test_set_epoch_and_seek_reach_persistent_workers(  # Bug report 3.
    method: str, family: anc.SCMFamily, load: Load
) -> None:
    dataset, fresh = stream(family), stream(family)
    loader = load(dataset, 2, method, persistent_workers=True)
    tasks(loader, 3)
    dataset.set_epoch(5)
    fresh.set_epoch(5)
    assert tasks(loader, 3) == tasks(load(fresh, 1), 3)
    dataset.seek(1234)
    fresh.seek(1234)
    assert tasks(loader, 3) == tasks(fresh, 3)


def test_a_state_goes_on_with_another_number_of_workers(family: anc.SCMFamily, load: Load) -> None:
    dataset, whole = stream(family), stream(family)
    tasks(whole, 1)
    tasks(load(dataset, 2), 2)
    expected = tasks(whole, 9)
    assert tasks(load(dataset, 2), 4) == expected[: 4 * 4]
    state = dataset.state_after(4)
    for workers in (0, 1, 3):
        resumed = stream(family)
        resumed.resume(state)
        assert tasks(load(resumed, workers), 5) == expected[4 * 4 :]


def test_a_workers_batch_is_in_shared_memory_and_aliases_nothing(family: anc.SCMFamily, load: Load) -> None:
    batches = list(itertools.islice(load(stream(family), 2), 12))
    assert all(tensor.is_shared() for batch in batches for tensor in batch)
    # One storage a batch, since each takes a descriptor, and no byte that two tensors have.
    assert len({tensor.untyped_storage().data_ptr() for batch in batches for tensor in batch}) == 12
    places = sorted((tensor.data_ptr(), tensor.data_ptr() + tensor.nbytes) for batch in batches for tensor in batch)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(places))


def test_padded_and_normalised_batches_keep_their_type(load: Load) -> None:  # Bug report 14.
    ragged = anc.SCMFamily(5, n_nodes_max=9, sparsity_param=1.0)
    collate = functools.partial(anc.collate, normalize="standardize")
    for workers in (0, 2):
        loader = load(stream(ragged), workers, "forkserver", collate_fn=collate)
        batch = next(iter(loader))
        assert type(batch) is anc.PaddedTask
        assert batch.X.equal(collate(next(iter(stream(ragged)))).X)
        loader = load(
            stream(ragged, batch_size=None), workers, "forkserver", batch_size=4, collate_fn=functools.partial(anc.pad_collate)
        )
        assert type(next(iter(loader))) is anc.PaddedTask


@pytest.mark.slow
def test_many_forks_after_the_engine_ran_on_threads_end(family: anc.SCMFamily, load: Load) -> None:
    next(iter(stream(family, batch_size=64, n_samples=500)))
    dataset = stream(family)
    assert len({task for _ in range(20) for task in tasks(load(dataset, 2), 1)}) == 20 * 4
