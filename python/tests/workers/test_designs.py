"""Streams and fixed sets with a design in DataLoader workers and in a TaskLoader: the same bits, resumed or not."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader

import ancestral as anc

Load = Callable[..., Any]
DESIGN = anc.Design(n_samples=20, interventions={"n_samples": 10, "regimes": 3}, hidden={"count": 1}, outputs=["order"])
PER_BATCH = anc.Design(n_samples=10, n_samples_max=60, n_samples_per="per_batch", query=0.2)


def stream(family: anc.SCMFamily, design: anc.Design = DESIGN, **settings: Any) -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(family, design=design, **{"batch_size": 4, **settings})


def fixed(family: anc.SCMFamily, **settings: Any) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(family, design=DESIGN, n_tasks=10, **settings)


def contents(items: Any, count: int | None = None) -> list[dict[str, bytes]]:
    """The bytes of each array of each item, which has its layout."""
    taken = list(items if count is None else itertools.islice(items, count))
    assert all(type(item) is anc.ExperimentData and [array.name for array in item.layout] == list(item) for item in taken)
    return [{name: array.numpy().tobytes() for name, array in item.items()} for item in taken]


@pytest.mark.parametrize("design", [DESIGN, PER_BATCH])
@pytest.mark.parametrize(("method", "workers"), [*(("fork", workers) for workers in range(5)), ("spawn", 2)])
def test_batches_are_equal_for_every_number_of_workers(
    method: str, workers: int, design: anc.Design, family: anc.SCMFamily, load: Load
) -> None:
    assert contents(load(stream(family, design), workers, method), 9) == contents(stream(family, design), 9)


@pytest.mark.parametrize("order", ["elastic", "stream"])
def test_each_rank_has_its_own(order: str, family: anc.SCMFamily, load: Load) -> None:
    seen = [
        item["X"]
        for rank in range(2)
        for batch in contents(load(stream(family, order=order, rank=rank, world_size=2), 2), 6)
        for item in [batch]
    ]
    assert len(set(seen)) == 12


@pytest.mark.parametrize("workers", [0, 2])
def test_single_tasks_become_the_batches_of_the_stream(workers: int, family: anc.SCMFamily) -> None:
    context = "fork" if workers else None
    loader = DataLoader(stream(family, batch_size=None), batch_size=4, num_workers=workers, multiprocessing_context=context)
    singles = list(itertools.islice(stream(family, batch_size=None), 24))
    # Each worker's stream of single tasks takes every other one.
    step = max(1, workers)
    turns = [[turn % step + step * (4 * (turn // step) + place) for place in range(4)] for turn in range(6)]
    stacked = [{name: torch.stack([singles[k][name] for k in turn]) for name in singles[0]} for turn in turns]
    assert contents(loader, 6) == contents(anc.ExperimentData(batch, singles[0].layout) for batch in stacked)


@pytest.mark.parametrize("workers", [0, 1, 4])
@pytest.mark.parametrize("settings", [{}, {"cache_instances": True}, {"cache_instances": True, "cache_bytes": 0}])
def test_a_fixed_set_is_the_same_in_workers(workers: int, settings: dict[str, Any], family: anc.SCMFamily, load: Load) -> None:
    tasks = fixed(family, **settings)
    expected = contents(load(fixed(family), 0, batch_size=4))
    assert contents(load(tasks, workers, batch_size=4)) == expected
    assert [len(batch["n_nodes"]) for batch in expected] == [16, 16, 8]  # Bytes of four, four and two numbers.


@pytest.mark.parametrize("threads", [1, 2])
def test_a_task_loader_gives_the_same_batches(threads: int, family: anc.SCMFamily) -> None:
    for design in (DESIGN, PER_BATCH):
        with anc.TaskLoader(stream(family, design, batch_size=None), batch_size=4, threads=threads) as loader:
            assert contents(loader, 6) == contents(stream(family, design), 6)
    with anc.TaskLoader(fixed(family), batch_size=4, threads=threads, device="cpu") as loader:
        assert contents(loader) == contents(DataLoader(fixed(family), batch_size=4))


def test_a_task_loader_moves_experiments_to_a_device(family: anc.SCMFamily) -> None:
    with anc.TaskLoader(stream(family), batch_size=4, device="meta") as loader:
        batch = next(iter(loader))
    assert type(batch) is anc.ExperimentData
    assert {array.device.type for array in batch.values()} == {"meta"}
    assert [array.name for array in batch.layout] == list(batch)


def test_own_graphs_are_drawn_in_a_task_loader(family: anc.SCMFamily) -> None:
    own = anc.SCMFamily(5, graph_generator=lower)
    with anc.TaskLoader(stream(own), batch_size=4) as loader:
        assert contents(loader, 3) == contents(stream(own), 3)


def lower(n_nodes: int, *, seed: int) -> torch.Tensor:
    """A dense graph."""
    return torch.tril(torch.ones(n_nodes, n_nodes), -1)


@pytest.mark.parametrize("kind", ["stream", "fixed"])
def test_a_task_loader_goes_on_where_it_stood(kind: str, family: anc.SCMFamily) -> None:
    make: Any = stream if kind == "stream" else fixed
    with anc.TaskLoader(make(family), batch_size=4) as loader:
        batches = iter(loader)
        contents(batches, 1)
        state = loader.state_dict()
        right = contents(batches, 2)
    with anc.TaskLoader(make(family), batch_size=4) as again:
        again.load_state_dict(state)
        assert contents(again, 2) == right
    plain = {"n_samples": 20}
    other = anc.MetaIterableDataset(family, **plain) if kind == "stream" else anc.MetaFixedDataset(family, n_tasks=10, **plain)
    with anc.TaskLoader(other, batch_size=4) as wrong, pytest.raises(anc.ConfigError, match=r"state\['design'\] = '\{"):
        wrong.load_state_dict(state)


@pytest.mark.parametrize("workers", [0, 2])
def test_the_state_of_workers_is_that_of_the_stream(workers: int, family: anc.SCMFamily, load: Load) -> None:
    dataset = stream(family)
    right = contents(dataset, 8)
    fresh = stream(family)
    contents(load(fresh, workers), 3)
    state = fresh.state_after(3)
    resumed = stream(family)
    resumed.resume(state)
    assert contents(load(resumed, workers), 5) == right[3:]


def test_what_is_drawn_is_written_down(family: anc.SCMFamily, load: Load) -> None:
    dataset = stream(family)
    contents(load(dataset, 2), 4)
    assert dataset.rejections.tasks >= 16
    for found in dataset.drawn[:5]:
        assert found.hash == family.sample_task(found.seed).graph_hash()
