"""Batches of DataLoader workers: one file descriptor each, and a sentence that says what helps when there are no more."""

import functools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils.data import DataLoader

import ancestral as anc
from ancestral._data.loader.fixed_batches import FixedBatches
from interrupts import PATIENCE

SCRIPT = Path(__file__).with_name("descriptors_script.py")
ROOT = Path(__file__).resolve().parents[3]
PLAIN = anc.SCMFamily(5, sparsity_param=1.0)
RAGGED = anc.SCMFamily(3, n_nodes_max=6, sparsity_param=1.0)
STANDARD = functools.partial(anc.collate, normalize="standardize")


def run(*arguments: str) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python"), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, str(SCRIPT), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_every_batch_that_is_kept_takes_one_descriptor() -> None:
    lines = run("256", "200")  # Two a batch were too many after 119.
    assert len(lines) == 8
    assert [line.split(": ")[1] for line in lines] == ["kept 200"] * 8


def test_a_data_module_says_what_helps_when_there_are_no_more() -> None:
    lines = [line for line in run("100", "150") if line.startswith(("train: ", "val: "))]
    assert len(lines) == 2
    for line in lines:
        assert "EngineError: Too many open files" in line
        assert all(help in line for help in ("clone()", "num_workers=0", "ulimit -n", "set_sharing_strategy('file_system')"))


@pytest.mark.parametrize(
    ("family", "settings"),
    [
        (PLAIN, {"batch_size": None}),
        (RAGGED, {"batch_size": None}),
        (PLAIN, {"batch_size": None, "collate_fn": STANDARD}),
        (PLAIN, {"batch_size": 4}),
        (PLAIN, {"batch_size": 4, "collate_fn": STANDARD}),
        (RAGGED, {"batch_size": 4, "collate_fn": anc.pad_collate}),
    ],
)
def test_tensors_of_one_storage_are_those_of_one_process(
    family: anc.SCMFamily, settings: dict[str, Any], load: Callable[..., DataLoader[Any]]
) -> None:
    tasks = anc.MetaFixedDataset(family, n_tasks=8, n_samples=7)
    dataset: Any = FixedBatches(tasks, 4) if settings["batch_size"] is None else tasks
    for here, there in zip(load(dataset, **settings), load(dataset, 2, **settings), strict=True):
        assert type(there) is type(here)
        assert len({tensor.untyped_storage().data_ptr() for tensor in there}) == 1
        for one, two in zip(here, there, strict=True):
            assert (two.shape, two.dtype, two.is_contiguous()) == (one.shape, one.dtype, True)
            assert two.data_ptr() % 64 == 0
            assert _bits(two).equal(_bits(one))
        there.X.zero_()
        assert there.adjacency.equal(here.adjacency)
        # In one process each has memory of its own, so that keeping one doesn't keep the others.
        assert len({tensor.untyped_storage().data_ptr() for tensor in here}) == len(here)


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["cache_dir", "cache_instances", "corpus"])
def test_workers_read_what_was_given_before_a_change_of_folder(
    kept: str, load: Callable[..., DataLoader[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    dataset: Any
    if kept == "corpus":
        dataset = anc.write_corpus(PLAIN, 4, "corpus", n_samples=3)
    else:
        settings: dict[str, Any] = {"cache_dir": "cache"} if kept == "cache_dir" else {"cache_instances": True}
        dataset = anc.MetaFixedDataset(PLAIN, n_tasks=4, n_samples=3, **settings)
    right = [task.X for task in dataset]
    monkeypatch.chdir("elsewhere")
    for method in ("fork", "spawn"):
        found = [task.X for task in load(dataset, 1, method)]
        assert all(one.equal(two) for one, two in zip(found, right, strict=True))


def _bits(tensor: Tensor) -> Tensor:
    return tensor.view(torch.int32) if tensor.is_floating_point() else tensor
