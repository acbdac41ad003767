"""A fixed set in DataLoader workers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import ancestral as anc

Load = Callable[..., Any]


@pytest.mark.parametrize("cache", ["none", "memory", "file", "folder"])
@pytest.mark.parametrize("method", ["fork", "forkserver"])
def test_items_are_equal_in_workers(method: str, cache: str, family: anc.SCMFamily, load: Load, tmp_path: Path) -> None:
    plain = anc.MetaFixedDataset(family, n_tasks=11, n_samples=6)
    dataset = anc.MetaFixedDataset(
        family,
        n_tasks=11,
        n_samples=6,
        cache_instances=cache in ("memory", "folder"),
        cache_dir=tmp_path if cache == "file" else None,
        cache_bytes=0 if cache == "folder" else 1 << 30,
    )
    dataset[0]  # So that a file is open in the parent too.
    loader = load(dataset, 2, method, batch_size=4, persistent_workers=True)
    for _ in range(2):
        batches = list(loader)
        assert [batch.X.shape[0] for batch in batches] == [4, 4, 3]
        items = [pair for batch in batches for pair in zip(batch.X, batch.adjacency, strict=True)]
        assert all(x.equal(task.X) and a.equal(task.adjacency) for (x, a), task in zip(items, plain, strict=True))


@pytest.mark.parametrize("padded", [False, True])
def test_x_alone_comes_from_workers(padded: bool, family: anc.SCMFamily, load: Load) -> None:
    family = anc.SCMFamily(3, n_nodes_max=6, sparsity_param=1.0) if padded else family
    fixed = anc.MetaFixedDataset(family, n_tasks=4, n_samples=6, return_adjacency=False)
    stream = anc.MetaIterableDataset(family, n_samples=6, batch_size=4, return_adjacency=False)
    collate = anc.pad_collate if padded else anc.collate
    for loader in (load(fixed, 1, batch_size=4, collate_fn=collate), load(stream, 1, collate_fn=collate)):
        batch = next(iter(loader))
        assert type(batch) is (anc.PaddedX if padded else torch.Tensor)
    expected = anc.MetaIterableDataset(family, n_samples=6, batch_size=4)
    found = batch.X if padded else batch
    assert found.equal(next(iter(expected)).X[:, :, : found.shape[2]])


def test_a_large_cache_starts_under_forkserver(family: anc.SCMFamily, load: Load) -> None:
    dataset = anc.MetaFixedDataset(family, n_tasks=1500, n_samples=2, cache_instances=True)
    assert sum(len(batch.X) for batch in load(dataset, 1, "forkserver", batch_size=100)) == 1500
