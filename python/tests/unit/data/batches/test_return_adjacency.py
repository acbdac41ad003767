"""`return_adjacency=False`: X alone, the same X, from every dataset and in every form of batch."""

import itertools
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader

import ancestral as anc

PLAIN = anc.SCMFamily(5, sparsity_param=1.0)
RAGGED = anc.SCMFamily(3, n_nodes_max=6, sparsity_param=1.0)


def fixed(family: anc.SCMFamily, **settings: Any) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(family, n_tasks=9, n_samples=4, **settings)


@pytest.mark.parametrize("cache", ["none", "memory", "folder", "file", "file, both"])
@pytest.mark.parametrize("family", [PLAIN, RAGGED])
def test_a_fixed_set_gives_x_alone_from_every_cache(family: anc.SCMFamily, cache: str, tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "none": {},
        "memory": {"cache_instances": True},
        "folder": {"cache_instances": True, "cache_bytes": 0},
        "file": {"cache_dir": tmp_path},
        "file, both": {"cache_dir": tmp_path, "cache_instances": True},
    }[cache]
    whole, alone = fixed(family, **settings), fixed(family, **settings, return_adjacency=False)
    assert all(type(x) is torch.Tensor and x.equal(task.X) for x, task in zip(alone, whole, strict=True))
    assert alone.graph_hashes() == whole.graph_hashes()
    again = pickle.loads(pickle.dumps(alone))
    assert type(again[3]) is torch.Tensor
    assert len(list(tmp_path.iterdir())) == cache.startswith("file")  # One file for both: it holds the graphs in any case.


@pytest.mark.parametrize("threads", [1, 3])
def test_a_task_loader_gives_what_is_alone_and_padded_what_its_nodes_are(threads: int) -> None:
    for dataset in (fixed, lambda family, **settings: anc.MetaIterableDataset(family, n_samples=4, **settings)):
        (x,) = itertools.islice(anc.TaskLoader(dataset(PLAIN, return_adjacency=False), batch_size=3, threads=threads), 1)
        (task,) = itertools.islice(anc.TaskLoader(dataset(PLAIN), batch_size=3, threads=threads), 1)
        assert type(x) is torch.Tensor
        assert x.equal(task.X)
        (alone,) = itertools.islice(anc.TaskLoader(dataset(RAGGED, return_adjacency=False), batch_size=3, threads=threads), 1)
        (task,) = itertools.islice(anc.TaskLoader(dataset(RAGGED), batch_size=3, threads=threads), 1)
        assert type(alone) is anc.PaddedX
        assert alone.X.equal(task.X)
        assert alone.node_mask.equal(task.node_mask)
        assert int(alone.node_mask.sum()) < alone.node_mask.numel()


def test_a_data_loader_stacks_x_alone() -> None:
    x = next(iter(DataLoader(fixed(PLAIN, return_adjacency=False), batch_size=4)))
    assert type(x) is torch.Tensor
    assert x.shape == (4, 4, 5)
    alone = next(iter(DataLoader(fixed(RAGGED, return_adjacency=False), batch_size=9, collate_fn=anc.pad_collate)))
    task = anc.pad_collate(list(fixed(RAGGED)))
    assert type(alone) is anc.PaddedX
    assert alone.X.equal(task.X)
    assert alone.node_mask.equal(task.node_mask)


@pytest.mark.parametrize("family", [PLAIN, RAGGED])
def test_a_corpus_gives_x_alone(family: anc.SCMFamily, tmp_path: Path) -> None:
    whole = anc.write_corpus(family, 7, tmp_path, n_samples=4, tasks_per_shard=3)
    alone = anc.CorpusDataset(tmp_path, return_adjacency=False)
    assert all(type(x) is torch.Tensor and x.equal(task.X) for x, task in zip(alone, whole, strict=True))


@pytest.mark.parametrize("normalize", ["none", "standardize", "robust"])
def test_normalises_x_alone_as_beside_its_graph(normalize: str) -> None:
    items = list(fixed(PLAIN))
    alone = [task.X for task in items]
    expected = anc.collate(items, normalize=normalize).X
    assert anc.collate(alone, normalize=normalize).equal(expected)
    assert anc.collate(torch.stack(alone), normalize=normalize).equal(expected)
    ragged = list(fixed(RAGGED))
    padded = anc.pad_collate([task.X for task in ragged], normalize=normalize)
    assert padded.X.equal(anc.pad_collate(ragged, normalize=normalize).X)
    again = anc.collate(anc.pad_collate([task.X for task in ragged]), normalize=normalize)
    assert type(again) is anc.PaddedX
    assert again.X.equal(padded.X)


@pytest.mark.parametrize(("family", "stack"), [(PLAIN, anc.collate), (RAGGED, anc.pad_collate)])
@pytest.mark.parametrize("adjacency", [True, False])
def test_pads_what_is_stacked_already_anew(family: anc.SCMFamily, stack: Any, adjacency: bool) -> None:
    items: Any = list(fixed(family, return_adjacency=adjacency))
    expected, found = anc.pad_collate(items, n_nodes=9), anc.pad_collate(stack(items), n_nodes=9)
    assert type(found) is type(expected)
    assert all(one.equal(two) for one, two in zip(found, expected, strict=True))
