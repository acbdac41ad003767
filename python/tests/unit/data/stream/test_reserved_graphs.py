"""Streams that keep clear of reserved graphs."""

import itertools
from typing import Any

import pytest

import ancestral as anc

FAMILY = anc.SCMFamily(4, sparsity_param=1.0)


def stream(family: anc.SCMFamily = FAMILY, **settings: Any) -> anc.MetaIterableDataset:
    return anc.MetaIterableDataset(family, **{"n_samples": 4, **settings})


def take(dataset: anc.MetaIterableDataset, count: int) -> list[Any]:
    return list(itertools.islice(dataset, count))


@pytest.mark.parametrize("level", ["exact", "mec", "iso"])
def test_no_task_has_a_reserved_graph(level: str) -> None:
    fixed = anc.MetaFixedDataset(FAMILY, n_tasks=3, n_samples=4)
    reserved = anc.HashRegistry(fixed.graph_hashes(level), level=level)
    free = [anc.graph_hash(task.adjacency, level) in reserved for task in take(stream(), 300)]
    kept = [anc.graph_hash(task.adjacency, level) in reserved for task in take(stream(reserved=reserved), 300)]
    assert any(free)
    assert not any(kept)


@pytest.mark.parametrize("batch_size", [None, 100])
def test_a_rejected_graph_moves_no_other_task(batch_size: int | None) -> None:
    free = take(stream(), 100)
    reserved = anc.HashRegistry([anc.graph_hash(free[7].adjacency)])
    kept = take(stream(reserved=reserved, batch_size=batch_size), 100 if batch_size is None else 1)
    x = [task.X for task in kept] if batch_size is None else list(kept[0].X)
    for before, after in zip(free, x, strict=True):
        assert before.X.equal(after) == (anc.graph_hash(before.adjacency) not in reserved)


def test_a_registry_of_every_graph_ends_the_stream_after_so_many_attempts() -> None:  # Bug report 27.
    family = anc.SCMFamily(2, sparsity_param=0.5)
    held_out = anc.MetaFixedDataset(family, n_tasks=25, n_samples=4)
    dataset = stream(family, reserved=anc.HashRegistry(held_out.graph_hashes()))
    with pytest.raises(anc.DisjointnessError, match=r"10000 graphs in a row are among the 2 reserved"):
        next(iter(dataset))


def test_a_users_own_generator_is_kept_clear_too() -> None:
    family = anc.SCMFamily(4, lambda n_nodes, *, seed: anc.ErdosRenyi(1.0)(n_nodes, seed=seed))
    reserved = anc.HashRegistry(task for task in map(hash_of, take(stream(family), 3)))
    assert not any(hash_of(task) in reserved for task in take(stream(family, reserved=reserved), 60))


def hash_of(task: anc.Task) -> str:
    return anc.graph_hash(task.adjacency)
