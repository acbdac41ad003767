"""Datasets of families whose nodes have classes and counts."""

from pathlib import Path

import pytest
import torch
from torch.utils.data import DataLoader

import ancestral as anc

FAMILY = {
    "n_nodes": 6,
    "n_nodes_max": 8,
    "sparsity_param": 1.5,
    "mechanism_proportions": {"linear": 2, "categorical": 1, "binary": 1, "count": 1},
    "categorical_score": "linear",
}


def family(**options: object) -> anc.SCMFamily:
    return anc.SCMFamily.from_config({**FAMILY, **options})


def check(item: dict[str, torch.Tensor], task: anc.SCMInstance) -> None:
    """That an item is one of a task."""
    n = task.n_nodes
    assert int(item["n_nodes"]) == n
    assert torch.equal(item["X"][:, :n], task.sample(len(item["X"]), draw=0))
    assert torch.equal(item["kind"][:n], task.kind)
    assert torch.equal(item["n_classes"][:n], task.n_classes)
    assert not item["kind"][n:].any()
    assert not item["n_classes"][n:].any()


def test_items_tell_what_values_are() -> None:
    source = family()
    stream = anc.MetaIterableDataset(source, n_samples=30, base_seed=5)
    assert stream.n_samples == 30
    items = [item for item, _ in zip(stream, range(3), strict=False)]
    for item in items:
        assert isinstance(item, dict)
        assert item["kind"].dtype == torch.int8
        assert item["n_classes"].dtype == torch.int16
        assert item["X"].shape == (30, 8)
    batch = next(iter(anc.MetaIterableDataset(source, n_samples=30, base_seed=5, batch_size=3)))
    for name, array in batch.items():
        assert torch.equal(array, torch.stack([item[name] for item in items]))


def test_fixed_sets_are_those_of_their_tasks(tmp_path: Path) -> None:
    source = family()
    plain = anc.MetaFixedDataset(source, [3, 4, 5], n_samples=20)
    filed = anc.MetaFixedDataset(source, [3, 4, 5], n_samples=20, cache_dir=tmp_path)
    again = anc.MetaFixedDataset(source, [3, 4, 5], n_samples=20, cache_dir=tmp_path)
    for index, seed in enumerate([3, 4, 5]):
        check(plain[index], source.sample_task(seed))
        for other in (filed, again):
            assert all(torch.equal(array, other[index][name]) for name, array in plain[index].items())


def test_items_run_alone_are_those_of_a_stream() -> None:
    source = family(n_nodes_max=None)
    design = anc.Design(n_samples=40, interventions={"n_samples": 60, "regimes": 3})
    dataset = anc.MetaFixedDataset(source, [1, 2], design=design)
    for index, seed in enumerate([1, 2]):
        alone = source.sample_task(seed).run(design, draw=0)
        assert all(torch.equal(array, alone[name]) for name, array in dataset[index].items())


@pytest.mark.parametrize("how", ["standardize", "robust"])
def test_normalisation_leaves_classes_alone(how: str) -> None:
    batch = next(iter(anc.MetaIterableDataset(family(), n_samples=200, batch_size=6)))
    moved = anc.collate(batch, normalize=how)
    has_classes = (batch["n_classes"] > 0)[:, None, :].expand_as(batch["X"])
    assert torch.equal(moved["X"][has_classes], batch["X"][has_classes])
    others = ~has_classes & (torch.arange(8) < batch["n_nodes"][:, None])[:, None, :]
    assert not torch.equal(moved["X"][others], batch["X"][others])


def test_workers_give_the_same() -> None:
    stream = anc.MetaIterableDataset(family(), n_samples=10, batch_size=2)
    first = next(iter(DataLoader(stream, batch_size=None)))
    other = next(
        iter(DataLoader(anc.MetaIterableDataset(family(), n_samples=10, batch_size=2), batch_size=None, num_workers=1))
    )
    assert first.keys() == other.keys()
    assert all(torch.equal(array, other[name]) for name, array in first.items())
