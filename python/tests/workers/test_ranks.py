"""Ranks of a distributed run, each a process with DataLoader workers of its own."""

import hashlib
import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import ancestral as anc
from interrupts import PATIENCE

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("rank_script.py")


def start(*arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def answer(process: "subprocess.Popen[str]") -> Any:
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, error
    return json.loads(out)


def test_spawned_workers_know_the_rank_of_their_process(tmp_path: Path) -> None:  # Bug report 4.
    ranks = [answer(process) for process in [start(tmp_path / "store", rank, 2, "spawn") for rank in range(2)]]
    assert [len(rank) for rank in ranks] == [12, 12]
    assert len({task for rank in ranks for task in rank}) == 24


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_ranks_that_share_one_dataset_do_not_disturb_each_other(method: str, tmp_path: Path) -> None:
    ranks = answer(start(tmp_path / "store", -1, 2, method))
    passes = [[set(part[p]) for part in ranks] for p in range(3)]
    assert all(len(one) == len(two) == 6 and not one & two for one, two in passes)
    assert len({task for rank in ranks for part in rank for task in part}) == 36
    for rank, found in enumerate(ranks):
        dataset = anc.MetaIterableDataset(anc.SCMFamily(5), n_samples=4, batch_size=2, rank=rank, world_size=2)
        expected = [digests(dataset, 3), digests(dataset, 3)]
        dataset.set_epoch(1)
        assert found == [*expected, digests(dataset, 3)]


def digests(dataset: anc.MetaIterableDataset, count: int) -> list[str]:
    return [hashlib.sha256(x.numpy().tobytes()).hexdigest() for batch in itertools.islice(dataset, count) for x in batch.X]
