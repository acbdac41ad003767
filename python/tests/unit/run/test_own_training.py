"""The training record of a generator written in Python: what is proved of it, and which forgeries are found."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import ancestral as anc
from ancestral._run.registry_files import write_json, write_manifest

CLEAR = "its graph is not the one that keeps clear of the fixed sets."


def coins(n_nodes: int, *, seed: int, share: float = 0.4) -> Tensor:
    return torch.bernoulli(torch.full((n_nodes, n_nodes), share), generator=torch.Generator().manual_seed(seed % 2**63)).triu(1)


COINS = anc.SCMFamily(4, coins)


def trained(folder: Path, level: str, epoch: int = 0) -> anc.DataModule:
    """A run of 32 training tasks, some of whose graphs were drawn again."""
    data = anc.DataModule(
        COINS,
        None,
        COINS,
        n_samples=2,
        batch_size=8,
        n_test=3 if level == "iso" else 9,
        base_seed=2,
        disjoint=level,
        threads=1,
        output_dir=folder,
    )
    data.setup()
    data.train_dataset.set_epoch(epoch)
    batches = iter(data.train_dataloader())
    for _ in range(4):
        next(batches)
    data.close()
    return data


def tasks(folder: Path) -> list[dict[str, Any]]:
    return json.loads((folder / "training.json").read_text())["tasks"]


def forged(folder: Path, data: anc.DataModule, place: int, found: str, **options: Any) -> list[str]:
    """What is found where the record says another hash at a place, and the manifest agrees."""
    whole = {name: (folder / name).read_bytes() for name in ("training.json", "manifest.json")}
    record = tasks(folder)
    record[place]["hash"] = found
    write_json(folder / "training.json", {"tasks": record})
    write_manifest(folder, json.loads(whole["manifest.json"]))
    faults = anc.verify(folder, families=data.families, **options)
    for name, content in whole.items():
        (folder / name).write_bytes(content)
    return faults


@pytest.mark.parametrize("level", ["exact", "mec", "iso"])
def test_an_honest_record_is_proved_and_another_graph_is_found(tmp_path: Path, level: str) -> None:
    data = trained(tmp_path, level)
    first = [COINS.sample_task(int(task["seed"], 16)) for task in tasks(tmp_path)]
    again = [place for place, task in enumerate(tasks(tmp_path)) if first[place].graph_hash() != task["hash"]]
    assert 0 < len(again) < 25
    assert all(first[place].graph_hash(level) in data.reserved for place in again)
    proved = anc.verify(tmp_path, families=data.families)
    assert (proved, proved.unproved) == ([], [])
    once = min(set(range(32)) - set(again))
    for place in (again[0], once):
        assert forged(tmp_path, data, place, "0" * 64) == [f"train[{tasks(tmp_path)[place]['number']}]: {CLEAR}"]


@pytest.mark.parametrize("level", ["mec", "iso"])
def test_a_graph_that_is_like_one_of_a_fixed_set_is_found(tmp_path: Path, level: str) -> None:
    data = trained(tmp_path, level)
    for place, task in enumerate(tasks(tmp_path)):
        graph = COINS.sample_task(int(task["seed"], 16)).graph_hash()
        if graph != task["hash"]:
            assert forged(tmp_path, data, place, graph) == [f"train[{task['number']}]: its graph is one of a fixed set."]
            break


def test_as_many_tasks_are_checked_as_were_asked_for(tmp_path: Path) -> None:
    data = trained(tmp_path, "exact")
    assert forged(tmp_path, data, 20, "0" * 64, n_training_tasks=20) == []
    assert len(forged(tmp_path, data, 20, "0" * 64, n_training_tasks=21)) == 1


def test_a_fault_of_a_later_epoch_names_it(tmp_path: Path) -> None:
    data = trained(tmp_path, "exact", epoch=3)
    assert anc.verify(tmp_path, families=data.families) == []
    number = tasks(tmp_path)[5]["number"]
    assert forged(tmp_path, data, 5, "0" * 64) == [f"train[{number}] of epoch 3: {CLEAR}"]
