"""The stream's own record of what it drew: the same for every way of drawing, and a run without its reserved set is caught."""

import copy
import json
import pickle
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import ancestral as anc
from ancestral._data.batches.training_record import SIZE, Record
from ancestral._run.registry_files import write_json, write_manifest

SMALL = anc.FamilyConfig(n_nodes=4, sparsity_param=0.75)
BATCH = 16
# In so many batches some 60 of 800 training tasks have a graph of a fixed set, if nothing keeps them out.
BATCHES = 50


def any_graph(n_nodes: int, *, seed: int) -> Tensor:
    return torch.bernoulli(torch.full((n_nodes, n_nodes), 0.5), generator=torch.Generator().manual_seed(seed % 2**63)).triu(1)


def module(train: Any = SMALL, **settings: Any) -> anc.DataModule:
    data = anc.DataModule(train, None, {"id": train}, n_samples=2, batch_size=BATCH, n_test=6, base_seed=3, **settings)
    data.setup()
    return data


def forget(data: anc.DataModule) -> None:
    """As a fault of the stream would: it draws as if nothing were reserved, and everything else goes on as usual."""
    assert data.train_dataset.reserved is not None
    data.train_dataset.reserved = None


def clear(data: anc.DataModule) -> None:
    data.train_dataset.reserved = anc.HashRegistry(level=data.disjoint)


def draw(data: anc.DataModule, batches: int = BATCHES) -> list[Any]:
    found = list(islice(data.train_dataloader(), batches))
    data.close()
    return found


WAYS: dict[str, dict[str, Any]] = {
    "one thread": {"threads": 1},
    "threads": {"threads": 3},
    "workers": {"num_workers": 2},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("level", ["exact", "mec", "iso"])
def test_a_run_is_proved(tmp_path: Path, way: str, level: str) -> None:
    data = module(disjoint=level, **WAYS[way])
    draw(data)
    data.write_registry(tmp_path)
    assert len(json.loads((tmp_path / "training.json").read_text())["tasks"]) >= BATCHES * BATCH
    found = anc.verify(tmp_path)
    assert (found, found.unproved) == ([], [])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", [forget, clear])
def test_a_run_that_forgot_its_test_graphs_is_caught(tmp_path: Path, way: str, fault: Callable[[Any], None]) -> None:
    data = module(**WAYS[way])
    fault(data)
    batches = draw(data)
    reserved = set(data.hashes["test/id"])
    seen = [anc.graph_hash(graph) for _, graphs in batches for graph in graphs]
    wrong = [number for number, found in enumerate(seen) if found in reserved]
    assert len(wrong) > 10
    data.write_registry(tmp_path)
    found = anc.verify(tmp_path)
    assert {f"train[{number}]: its graph is one of a fixed set." for number in wrong} <= set(found)
    # Nothing is said about tasks that nobody looks at.
    assert anc.verify(tmp_path, n_training_tasks=0) == []
    few = anc.verify(tmp_path, n_training_tasks=wrong[0] + 1)
    assert few == [f"train[{wrong[0]}]: its graph is one of a fixed set."]


@pytest.mark.parametrize("level", ["mec", "iso"])
def test_it_is_caught_at_every_level(tmp_path: Path, level: str) -> None:
    data = module(disjoint=level)
    forget(data)
    draw(data)
    data.write_registry(tmp_path)
    assert len([fault for fault in anc.verify(tmp_path) if "its graph is one of a fixed set" in fault]) > 10


@pytest.mark.parametrize("level", ["exact", "iso"])
def test_it_is_caught_for_graphs_drawn_in_python(tmp_path: Path, level: str) -> None:
    family = anc.SCMFamily(4, any_graph)
    for fault in (None, forget):
        data = module(family, disjoint=level)
        if fault is not None:
            fault(data)
        draw(data)
        folder = tmp_path / ("right" if fault is None else "wrong")
        data.write_registry(folder)
        found = anc.verify(folder, families=data.families)
        assert found.unproved == []
        assert (found == []) == (fault is None)
        # At level "exact" the hashes alone tell.
        alone = anc.verify(folder)
        assert (alone == []) == (fault is None or level == "iso")
        assert any("train: its graphs are drawn by" in sentence for sentence in alone.unproved)


def test_a_run_without_training_says_that_nothing_is_proved(tmp_path: Path) -> None:
    data = module(output_dir=tmp_path)
    found = anc.verify(tmp_path)
    assert found == []
    assert "nothing proves which graphs were in training" in found.unproved[0]
    draw(data)  # Which closes the module, and so writes down what was drawn.
    assert anc.verify(tmp_path).unproved == []
    assert "nothing proves" in anc.verify(tmp_path, n_training_tasks=0).unproved[0]


def change(folder: Path, task: int, name: str, value: Any) -> list[str]:
    content = json.loads((folder / "training.json").read_text())
    content["tasks"][task][name] = value
    write_json(folder / "training.json", content)
    write_manifest(folder, json.loads((folder / "manifest.json").read_text()))
    return anc.verify(folder)


def test_a_record_of_other_tasks_is_found(tmp_path: Path) -> None:
    data = module()
    draw(data)
    data.write_registry(tmp_path)
    whole = json.loads((tmp_path / "training.json").read_text())["tasks"]
    assert [task["number"] for task in whole] == sorted(task["number"] for task in whole)
    seed = whole[7]["seed"]
    assert change(tmp_path, 5, "seed", seed) == [f"training.json: train[5]: {seed} is not the seed of its place."]
    change(tmp_path, 5, "seed", whole[5]["seed"])
    assert change(tmp_path, 5, "hash", "0" * 64) == ["train[5]: its graph is not the one that keeps clear of the fixed sets."]
    change(tmp_path, 5, "hash", whole[5]["hash"])
    assert change(tmp_path, 5, "number", -1) == ["training.json must have the epoch, number, seed and hash of each task."]
    change(tmp_path, 5, "number", 5)
    assert change(tmp_path, 5, "epoch", 3) == [
        f"training.json: train[5] of epoch 3: {whole[5]['seed']} is not the seed of its place."
    ]


def test_epochs_are_known(tmp_path: Path) -> None:
    data = module()
    data.train_dataset.set_epoch(2)
    draw(data, 4)
    data.write_registry(tmp_path)
    assert {task.epoch for task in data.train_dataset.drawn} == {2}
    assert anc.verify(tmp_path) == []


def test_the_record_is_of_the_graphs_that_were_handed_out() -> None:
    family = anc.SCMFamily.from_config(SMALL)
    stream = anc.MetaIterableDataset(family, n_samples=2, batch_size=4)
    right = [anc.graph_hash(graph) for graph in next(iter(stream)).adjacency]
    assert [task.number for task in stream.drawn] == [0, 1, 2, 3]
    assert [task.hash for task in stream.drawn] == right
    bare = anc.MetaIterableDataset(family, n_samples=2, batch_size=4, return_adjacency=False)
    next(iter(bare))
    assert bare.drawn == stream.drawn
    single = anc.MetaIterableDataset(family, n_samples=2)
    assert len(list(islice(single, 4))) == 4
    assert single.drawn[:4] == stream.drawn
    other = anc.MetaIterableDataset(family, n_samples=2, order="stream")
    next(iter(other))
    assert other.drawn == []  # Whose streams number their own tasks.


def test_the_record_is_the_same_for_every_way_of_drawing() -> None:
    # So few nodes and rows that it takes no time to draw more tasks than are kept.
    data = module()
    data.setup()
    for _ in islice(data.train_dataset, 200):
        pass
    exact = set(data.train_dataset.drawn)
    assert len(exact) == SIZE < 200 * BATCH
    for way in ({"threads": 1}, {"threads": 3}, {"num_workers": 2}):
        data = module(**way)
        draw(data, 200)
        found = {task for task in data.train_dataset.drawn if task.number < 200 * BATCH}
        assert found <= exact
        assert len(found) > 0.9 * SIZE  # Some were drawn ahead, and may have pushed out a few.


def test_an_even_sample_is_kept_whatever_the_order() -> None:
    seeds = torch.randint(-(2**63), 2**63 - 1, (5000,), generator=torch.Generator().manual_seed(1))
    places = torch.stack([torch.zeros(5000, dtype=torch.int64), torch.arange(5000)], dim=1)
    hashes = torch.arange(5000, dtype=torch.int64)[:, None].expand(5000, 4).contiguous().view(torch.uint8)
    wanted = sorted(range(5000), key=lambda index: int(seeds[index]))[:SIZE]
    for order in (torch.arange(5000), torch.arange(5000).flip(0)):
        record = Record()
        for part in (*order.split(7), *order[:70].split(7)):  # Some come twice.
            record.add(record.coming(seeds[part]), seeds[part], places[part].numpy(), hashes[part])
        assert sorted(task.number for task in record.tasks) == sorted(wanted)
        assert all(task.hash == task.number.to_bytes(8, "little").hex() * 4 for task in record.tasks)
        assert len(record.coming(seeds.max()[None])) == 0


def test_one_task_with_two_graphs_is_two_findings() -> None:
    record = Record()
    seed, place = torch.tensor([5]), np.array([[0, 1]])
    for value in (1, 2, 1):
        record.add(record.coming(seed), seed, place, torch.full((1, 32), value, dtype=torch.uint8))
    assert [task.hash for task in record.tasks] == ["01" * 32, "02" * 32]


def test_a_copy_has_a_record_of_its_own() -> None:
    record = Record()
    for other in (pickle.loads(pickle.dumps(record)), copy.deepcopy(record)):
        other.add(np.array([0]), torch.tensor([5]), np.array([[0, 1]]), torch.zeros(1, 32, dtype=torch.uint8))
        assert len(other.tasks) == 1
    assert record.tasks == []
