"""MetaFixedDataset in one process, with and without its caches."""

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from torch.utils.data import DataLoader, Subset

import ancestral as anc
from ancestral._engine import _ffi

FAMILY = anc.SCMFamily(6, mechanism_proportions={"linear": 1, "mlp": 1})
RAGGED = anc.SCMFamily(5, n_nodes_max=9, sparsity_param=1.0)


def fixed(family: anc.SCMFamily = FAMILY, **settings: Any) -> anc.MetaFixedDataset:
    if "seeds" not in settings:
        settings = {"n_tasks": 10, **settings}
    return anc.MetaFixedDataset(family, **{"n_samples": 8, **settings})


def same(one: anc.Task, two: anc.Task) -> bool:
    return one.X.equal(two.X) and one.adjacency.equal(two.adjacency)


def test_seeds_are_the_specified_and_unsigned() -> None:
    assert fixed(n_tasks=3).seed_list == [0x8820397942EC6B8B, 0x1470BCB56D4B5EB1, 0x5098E1A491500150]
    assert fixed(n_tasks=3, base_seed=42).seed_list[0] == 0x35C9A3386AB7F269


def test_own_seeds_are_taken_as_they_are() -> None:
    seeds = [0, 7, 2**64 - 1, 7]
    assert fixed(seeds=seeds).seed_list == seeds
    assert fixed(seeds=np.array([3, 4])).seed_list == fixed(seeds=torch.tensor([3, 4])).seed_list == [3, 4]
    assert fixed(seeds=range(3)).seed_list == [0, 1, 2]


def test_an_item_is_the_task_of_its_seed() -> None:
    dataset = fixed(seeds=[5, 0])
    for index, seed in enumerate([5, 0]):
        instance = FAMILY.sample_task(seed)
        assert type(dataset[index]) is anc.Task
        assert same(dataset[index], anc.Task(instance.sample(8, draw=0), instance.adjacency_matrix))
        assert dataset.instance(index).sample(8, draw=0).equal(dataset[index].X)
        assert dataset.instance(index).seed == seed


def test_shares_no_seed_with_a_training_stream() -> None:
    training = _ffi.stream_seeds(0, -1, -1, 0, 10_000).tolist()
    assert not set(training) & set(_ffi.fixed_seeds(0, 10_000).tolist())


@pytest.mark.parametrize("family", [FAMILY, RAGGED])
@pytest.mark.parametrize("cache", ["memory", "file", "both"])
def test_a_cache_changes_no_item(cache: str, family: anc.SCMFamily, tmp_path: Path) -> None:
    plain = fixed(family)
    cached = fixed(family, cache_instances=cache != "file", cache_dir=None if cache == "memory" else tmp_path)
    again = fixed(family, cache_instances=cache != "file", cache_dir=None if cache == "memory" else tmp_path)
    for dataset in (cached, again, pickle.loads(pickle.dumps(cached)), copy.deepcopy(cached)):
        assert all(map(same, plain, dataset))
        assert all(map(same, plain.__getitems__([3, -1, 3]), dataset.__getitems__([3, -1, 3])))
    assert len(list(tmp_path.iterdir())) == (cache != "memory")


@pytest.mark.parametrize("cache", ["none", "memory", "file"])
def test_writing_into_an_item_changes_no_later_one(cache: str, tmp_path: Path) -> None:
    dataset = fixed(cache_instances=cache == "memory", cache_dir=tmp_path if cache == "file" else None)
    before = dataset[2].X.clone()
    dataset[2].X.zero_()
    dataset.__getitems__([1, 2])[1].X.zero_()
    assert dataset[2].X.equal(before)


def test_counts_like_a_list() -> None:
    dataset = fixed()
    assert len(dataset) == 10
    assert same(dataset[-1], dataset[9])
    assert same(dataset[np.int64(3)], dataset[3])  # pyright: ignore[reportArgumentType]
    assert len(list(dataset)) == 10
    assert dataset.__getitems__([]) == []
    for index in (10, -11):
        with pytest.raises(IndexError, match=f"{index} is outside .* 10 tasks"):
            dataset[index]
    with pytest.raises(TypeError):
        dataset["1"]  # pyright: ignore[reportArgumentType]


def test_works_in_subsets_and_shuffled_loaders() -> None:
    dataset = fixed()
    assert same(Subset(dataset, [4, 2])[1], dataset[2])
    batches = list(DataLoader(dataset, batch_size=4, shuffle=True, generator=torch.Generator().manual_seed(0)))
    assert [type(batch) for batch in batches] == [anc.Task] * 3
    rows = sorted(x.numpy().tobytes() for batch in batches for x in batch.X)
    assert rows == sorted(task.X.numpy().tobytes() for task in dataset)


def test_tasks_of_a_ragged_family_have_their_own_size() -> None:
    sizes = [task.X.shape[1] for task in fixed(RAGGED, n_tasks=40)]
    assert set(sizes) == {5, 6, 7, 8, 9}
    assert sizes == [fixed(RAGGED, n_tasks=40).instance(index).n_nodes for index in range(40)]


@pytest.mark.parametrize("level", ["exact", "mec", "iso"])
def test_hashes_are_those_of_the_graphs(level: str) -> None:
    dataset = fixed(RAGGED)
    assert dataset.graph_hashes(level) == [anc.graph_hash(task.adjacency, level) for task in dataset]


def test_the_file_says_what_it_holds(tmp_path: Path) -> None:
    dataset = fixed(RAGGED, cache_dir=tmp_path)
    (path,) = tmp_path.iterdir()
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dictionary
    assert metadata["fingerprint"] == RAGGED.fingerprint()
    assert anc.FamilyConfig.from_dict(json.loads(metadata["config"])).fingerprint() == RAGGED.fingerprint()
    assert [bytes(row.tolist()).hex() for row in tensors["hashes"]] == dataset.graph_hashes()
    assert [int.from_bytes(bytes(row.tolist()), "big") for row in tensors["seeds"]] == dataset.seed_list
    assert tensors["X"].shape == (10, 8, 9)
    assert tensors["node_counts"].tolist() == [task.X.shape[1] for task in dataset]


def test_other_tasks_get_another_file(tmp_path: Path) -> None:
    for settings in ({}, {"n_samples": 9}, {"n_tasks": 9}, {"base_seed": 1}, {"family": RAGGED}):
        fixed(**settings, cache_dir=tmp_path)
    assert len(list(tmp_path.iterdir())) == 5


def test_a_file_of_other_tasks_is_refused(tmp_path: Path) -> None:
    fixed(cache_dir=tmp_path)
    (path,) = tmp_path.iterdir()
    fixed(base_seed=1, cache_dir=tmp_path / "other")
    (other,) = (tmp_path / "other").iterdir()
    path.write_bytes(other.read_bytes())
    with pytest.raises(anc.ConfigError, match="other seeds"):
        fixed(cache_dir=tmp_path)
    path.write_bytes(b"not safetensors")
    with pytest.raises(anc.ConfigError, match=r"can't be read .*remove it"):
        fixed(cache_dir=tmp_path)


def test_a_folder_that_cant_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(anc.ConfigError, match=r"^cache_dir = .*file.*: must be a folder"):
        fixed(cache_dir=tmp_path / "file")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"n_tasks": None}, "n_tasks = None"),
        ({"n_tasks": 0}, "n_tasks = 0"),
        ({"n_tasks": 2.0}, "n_tasks = 2.0"),
        ({"base_seed": -1}, "base_seed = -1"),
        ({"n_samples": -1}, "n_samples = -1"),
        ({"seeds": []}, "seeds is empty"),
        ({"seeds": [1, -2]}, "In seeds: seed = -2"),
        ({"seeds": [1, 2.0]}, "In seeds: seed = 2.0"),
        ({"seeds": [1, 2], "n_tasks": 3}, "n_tasks = 3"),
        ({"seeds": [1, 2], "base_seed": 3}, "base_seed = 3"),
        ({"family": "er"}, "In family: The configuration 'er' is no preset and no file: it must be"),
        ({"family": None}, "In family: The configuration is of type NoneType: it must be"),
        ({"family": {"n_node": 5}}, r"In family: n_node = 5: is not a field .*n_nodes.*"),
        ({"cache_bytes": -1}, "cache_bytes = -1"),
        ({"cache_bytes": 1.5}, "cache_bytes = 1.5"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(anc.ConfigError, match=rf"^{says}(.*must |)"):
        fixed(**settings)
