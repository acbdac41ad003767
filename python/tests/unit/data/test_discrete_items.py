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


def test_one_file_holds_tasks_with_and_without_their_graphs(tmp_path: Path) -> None:
    source = family()
    settings = {"n_samples": 20, "cache_dir": tmp_path}
    rows = anc.MetaFixedDataset(source, [3, 4, 5], return_adjacency=False, **settings)
    held = anc.MetaFixedDataset(source, [3, 4, 5], return_adjacency=False, cache_instances=True, **settings)
    whole = anc.MetaFixedDataset(source, [3, 4, 5], **settings)
    assert len(list(tmp_path.iterdir())) == 1
    drawn = anc.MetaFixedDataset(source, [3, 4, 5], n_samples=20, return_adjacency=False)
    for index in range(3):
        right = whole[index]["X"][:, : int(whole[index]["n_nodes"])]
        assert all(torch.equal(one[index], right) for one in (rows, held, drawn))


def test_a_corpus_tells_classes_or_gives_rows_alone(tmp_path: Path) -> None:
    source = family()
    corpus = anc.write_corpus(source, 5, tmp_path / "corpus", n_samples=10, tasks_per_shard=2)
    assert anc.verify_corpus(tmp_path / "corpus") == []
    rows = anc.CorpusDataset(tmp_path / "corpus", return_adjacency=False)
    for index, item in zip(range(5), anc.MetaIterableDataset(source, n_samples=10), strict=False):
        assert item.keys() == corpus[index].keys()
        assert all(torch.equal(array, corpus[index][name]) for name, array in item.items())
        assert torch.equal(rows[index], item["X"][:, : int(item["n_nodes"])])
    batch = next(iter(anc.TaskLoader(rows, batch_size=3)))
    assert batch.X.shape == (3, 10, 8)
    interventions = anc.write_corpus(source, 2, tmp_path / "other", design={"n_samples": 5, "interventions": {}})
    with pytest.raises(anc.ConfigError, match="return_adjacency = False"):
        anc.CorpusDataset(interventions.folder, return_adjacency=False)


def test_a_replayed_task_is_the_item(tmp_path: Path) -> None:
    source = family()
    module = anc.DataModule(source, source, source, n_samples=10, batch_size=2, n_val=2, n_test=2, disjoint_sets=True)
    module.write_registry(tmp_path / "run")
    for split in ("val", "test"):
        _, again = anc.replay(tmp_path / "run", split, 1)
        item = module.fixed_sets[split][1]
        assert again.keys() == item.keys()
        assert all(torch.equal(array, again[name]) for name, array in item.items())


@pytest.mark.parametrize("adjacency", [True, False])
def test_a_run_reads_its_corpus(adjacency: bool, tmp_path: Path) -> None:
    source = family()

    def module(corpus: anc.CorpusDataset | None) -> anc.DataModule:
        made = anc.DataModule(
            source, None, None, n_samples=10, batch_size=2, batches_per_epoch=2, return_adjacency=adjacency, corpus=corpus
        )
        made.setup()
        return made

    corpus = anc.write_corpus(source, 4, tmp_path / "corpus", n_samples=10)
    read, drawn = (next(iter(module(given).train_dataloader())) for given in (corpus, None))
    if adjacency:
        assert read.keys() == drawn.keys()
        assert all(torch.equal(array, read[name]) for name, array in drawn.items())
    else:
        assert torch.equal(read.X, drawn.X)
        assert torch.equal(read.node_mask, drawn.node_mask)


def test_what_values_are_is_told_from_one_row_on() -> None:
    family = {"n_nodes": 4, "sparsity_param": 1.0, "mechanism_proportions": {"linear": 1, "categorical": 1}}
    single = anc.MetaFixedDataset(family, n_tasks=2, n_samples=1)[0]
    assert single["X"].shape == (1, 4)
    assert single["kind"].shape == (4,)
    for none in (anc.MetaFixedDataset(family, n_tasks=2, n_samples=0), anc.MetaIterableDataset(family, n_samples=0)):
        assert next(iter(none)).X.shape == (0, 4)
