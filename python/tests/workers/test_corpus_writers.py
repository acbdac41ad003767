"""Corpora that are broken off, or written by several processes, and read by DataLoader workers."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from torch.utils.data import DataLoader

import ancestral as anc
from interrupts import PATIENCE

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("corpus_script.py")


def start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, str(SCRIPT), str(folder), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def shards(folder: Path) -> list[Path]:
    return sorted(folder.glob("shard-*"))


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    anc.write_corpus(anc.SCMFamily(8), 1200, folder, n_samples=100, tasks_per_shard=20)
    return content(folder)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_broken_run_leaves_whole_shards_and_goes_on(how: signal.Signals, expected: dict[str, bytes], tmp_path: Path) -> None:
    process = start(tmp_path, "5")
    assert process.stdout is not None
    assert process.stdout.readline() == "half a shard\n"
    process.send_signal(how)
    _, error = process.communicate(timeout=PATIENCE)
    found = content(tmp_path)
    assert len(shards(tmp_path)) == 5
    assert all(found[path.name] == expected[path.name] for path in shards(tmp_path))
    assert "index.json" not in found
    if how == signal.SIGINT:
        assert error.splitlines()[-1] == "KeyboardInterrupt"
    assert len([name for name in found if name.endswith(".tmp")]) == (how == signal.SIGKILL)
    made = {path.name: path.stat().st_ino for path in shards(tmp_path)}
    anc.write_corpus(anc.SCMFamily(8), 1200, tmp_path, n_samples=100, tasks_per_shard=20)
    assert content(tmp_path) == expected
    assert {name: (tmp_path / name).stat().st_ino for name in made} == made


def test_two_writers_of_one_corpus_do_not_disturb_each_other(expected: dict[str, bytes], tmp_path: Path) -> None:
    for process in [start(tmp_path), start(tmp_path)]:
        _, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, error
    assert content(tmp_path) == expected


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_workers_read_what_the_main_process_reads(load: Callable[..., DataLoader[Any]], method: str, tmp_path: Path) -> None:
    family = anc.SCMFamily(4, n_nodes_max=6, sparsity_param=1.0)
    corpus = anc.write_corpus(family, 40, tmp_path, n_samples=5, tasks_per_shard=7)
    assert corpus[0].X.shape[0] == 5  # Opened here, before the workers get it.
    settings: dict[str, Any] = {"batch_size": 8, "collate_fn": anc.pad_collate}
    ours, theirs = list(load(corpus, **settings)), list(load(corpus, 2, method, **settings))
    assert len(ours) == len(theirs) == 5
    for one, two in zip(ours, theirs, strict=True):
        assert type(two) is anc.PaddedTask
        assert all(left.equal(right) for left, right in zip(one, two, strict=True))
