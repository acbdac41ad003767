"""`cache_instances`: tasks drawn once, SCMs made once, and on disk where there are too many."""

import copy
import gc
import os
import pickle
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import torch

import ancestral as anc
from ancestral._data.sets import temporary_store
from ancestral._engine import _ffi
from ancestral._files import temporary_folder
from interrupts import PATIENCE

FAMILY = anc.SCMFamily(6, mechanism_proportions={"linear": 1, "mlp": 1})
RAGGED = anc.SCMFamily(5, n_nodes_max=9, sparsity_param=1.0)


def fixed(family: anc.SCMFamily = FAMILY, **settings: Any) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(family, n_tasks=10, n_samples=8, **settings)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders come to lie."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


class Counted:
    """How often the engine was asked for tasks with data."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.tasks = 0
        original = _ffi.tasks_fill

        def counting(handle: Any, seeds: torch.Tensor, n_samples: int, **settings: Any) -> None:
            self.tasks += len(seeds) if settings.get("x") is not None else 0
            original(handle, seeds, n_samples, **settings)

        monkeypatch.setattr(_ffi, "tasks_fill", counting)


@pytest.mark.parametrize("settings", [{}, {"cache_bytes": 0}], ids=["memory", "disk"])
def test_cached_tasks_are_drawn_once(settings: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)
    plain = fixed()
    assert counted.tasks == 0
    expected = [*plain, *plain]
    assert counted.tasks == 20
    cached = fixed(cache_instances=True, **settings)
    assert counted.tasks == 30
    found = [*cached, *cached]
    assert len(list(anc.TaskLoader(cached, batch_size=4))) == 3
    assert counted.tasks == 30
    assert all(one.X.equal(two.X) and one.adjacency.equal(two.adjacency) for one, two in zip(found, expected, strict=True))


def test_a_strategy_in_python_is_called_once_a_task() -> None:
    calls: list[int] = []

    def chain(n_nodes: int, *, seed: int) -> torch.Tensor:
        calls.append(seed)
        return torch.diag(torch.ones(n_nodes - 1), 1)

    cached = fixed(anc.SCMFamily(4, chain), cache_instances=True)
    assert calls == cached.seed_list
    assert len(list(cached) + list(cached)) == 20
    assert len(calls) == 10
    assert cached.instance(2) is cached.instance(2)
    assert len(calls) == 11


def test_instances_are_kept_with_a_cache_only() -> None:
    cached, plain = fixed(cache_instances=True), fixed()
    kept = [cached.instance(index) for index in range(10)]
    assert all(cached.instance(index) is one for index, one in enumerate(kept))
    assert cached.instance(-1) is kept[9]
    assert len({id(one) for one in kept}) == 10
    assert all(one.sample(8, draw=0).equal(cached[index].X) for index, one in enumerate(kept))
    assert plain.instance(0) is not plain.instance(0)
    other = pickle.loads(pickle.dumps(cached))
    assert other.instance(3) is other.instance(3) is not kept[3]
    assert other.instance(3).sample(8, draw=0).equal(kept[3].sample(8, draw=0))


@pytest.mark.parametrize("family", [FAMILY, RAGGED])
def test_more_than_cache_bytes_lies_on_disk_and_no_item_changes(family: anc.SCMFamily, folder: Path) -> None:
    width = family.max_nodes
    size = 10 * 4 * (8 * width + width * width + 1)
    small = fixed(family, cache_instances=True, cache_bytes=size)
    assert not list(folder.iterdir())
    large = fixed(family, cache_instances=True, cache_bytes=size - 1)
    (made,) = folder.iterdir()
    assert {path.name: path.stat().st_size for path in made.iterdir()} == {
        "X": 10 * 4 * 8 * width,
        "adjacency": 10 * 4 * width * width,
        "node_counts": 10 * 4,
        ".lock": 0,
    }
    for dataset in (small, large, copy.deepcopy(large), pickle.loads(pickle.dumps(large))):
        assert all(a.X.equal(b.X) and a.adjacency.equal(b.adjacency) for a, b in zip(dataset, fixed(family), strict=True))
    large[2].X.zero_()
    assert large[2].X.equal(fixed(family)[2].X)


def test_a_file_of_cache_dir_stays_one_when_it_is_large(tmp_path: Path, folder: Path) -> None:
    large = fixed(cache_instances=True, cache_dir=tmp_path / "sets", cache_bytes=0)
    assert [path.name for path in folder.iterdir()] == ["sets"]
    assert large[1].X.equal(fixed()[1].X)
    assert large.instance(1) is large.instance(1)


def test_many_tasks_are_drawn_a_few_at_a_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(temporary_store, "_DRAWN_AT_ONCE", 3 * 4 * (8 * 6 + 36 + 1))
    most = 0
    original = _ffi.tasks_fill

    def watching(handle: Any, seeds: torch.Tensor, n_samples: int, **settings: Any) -> None:
        nonlocal most
        most = max(most, len(seeds))
        original(handle, seeds, n_samples, **settings)

    monkeypatch.setattr(_ffi, "tasks_fill", watching)
    large = fixed(cache_instances=True, cache_bytes=0)
    assert most == 3
    assert large[9].X.equal(fixed()[9].X)


@pytest.mark.parametrize("settings", [{}, {"cache_bytes": 0}], ids=["memory", "disk"])
def test_an_error_of_a_strategy_is_none_of_the_disks(settings: dict[str, Any], folder: Path) -> None:
    def graphs(n_nodes: int, *, seed: int) -> torch.Tensor:
        raise FileNotFoundError(2, "nobody wrote it", "graphs.csv")

    with pytest.raises(FileNotFoundError, match="nobody wrote it"):
        fixed(anc.SCMFamily(6, graph_generator=graphs), cache_instances=True, **settings)
    gc.collect()
    assert not list(folder.iterdir())


def test_graphs_are_hashed_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    original = _ffi.tasks_fill

    def watching(handle: Any, seeds: torch.Tensor, n_samples: int, **settings: Any) -> None:
        asked.append(len(seeds))
        original(handle, seeds, n_samples, **settings)

    monkeypatch.setattr(_ffi, "tasks_fill", watching)
    wide = anc.SCMFamily(1000, sparsity_param=0.01)
    hashes = anc.MetaFixedDataset(wide, n_tasks=10, n_samples=1).graph_hashes()
    assert asked == [4, 4, 2]  # Of a million cells each.
    assert hashes == [anc.graph_hash(task.adjacency) for task in anc.MetaFixedDataset(wide, n_tasks=10, n_samples=1)]


def test_the_folder_goes_with_the_last_who_holds_it(folder: Path) -> None:
    first = fixed(cache_instances=True, cache_bytes=0)
    text = pickle.dumps(first)
    second = copy.deepcopy(first)
    expected = first[4].X
    del first
    gc.collect()
    assert len(list(folder.iterdir())) == 1
    assert second[4].X.equal(expected)
    del second
    gc.collect()
    assert not list(folder.iterdir())
    assert pickle.loads(text)[4].X.equal(expected)  # Drawn once more.


def test_tasks_that_are_drawn_once_more_are_whole_or_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = pickle.dumps(fixed(cache_instances=True, cache_bytes=0))
    gc.collect()
    again = pickle.loads(text)
    monkeypatch.setattr(temporary_store, "_DRAWN_AT_ONCE", 1)
    original, calls = _ffi.tasks_fill, 0

    def broken_off(*given: Any, **settings: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        original(*given, **settings)

    monkeypatch.setattr(_ffi, "tasks_fill", broken_off)
    with pytest.raises(KeyboardInterrupt):
        again[0]
    assert again[9].X.equal(fixed()[9].X)


SCRIPT = """
import atexit, os, signal, sys, ancestral as anc
data = anc.MetaFixedDataset("notears-linear", n_tasks=3, n_samples=5, cache_instances=True, cache_bytes=0)
print(len(os.listdir(os.environ["TMPDIR"])), flush=True)
if os.fork() == 0:
    atexit._run_exitfuncs()  # What a process does at its end.
    os._exit(0)
os.wait()
print(len(os.listdir(os.environ["TMPDIR"])), data[1].X.shape[0], flush=True)
if sys.argv[1:]:
    os.kill(os.getpid(), signal.SIGKILL)
"""


def run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT, *arguments]
    done = subprocess.run(command, env={**os.environ, "TMPDIR": str(folder)}, capture_output=True, text=True, timeout=PATIENCE)
    assert not done.stderr
    return done.stdout


@pytest.mark.slow
def test_nothing_is_left_at_the_end_of_a_process_nor_long_after_it_was_killed(folder: Path) -> None:
    assert run(folder) == "1\n1 5\n"
    assert not list(folder.iterdir())
    assert run(folder, "kill") == "1\n1 5\n"
    (left,) = folder.iterdir()
    long_ago = time.time() - 2 * temporary_folder._SECONDS_TO_LOCK
    os.utime(left / ".lock", (long_ago, long_ago))
    mine = fixed(cache_instances=True, cache_bytes=0)
    (path,) = folder.iterdir()
    assert path != left
    os.utime(path / ".lock", (long_ago, long_ago))
    other = fixed(cache_instances=True, cache_bytes=0)  # The owner of the first lives.
    assert path in folder.iterdir()
    assert mine[0].X.equal(other[0].X)


def test_a_full_disk_is_a_sentence_and_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Path.open

    def full(self: Path, mode: str = "r", *arguments: Any, **settings: Any) -> Any:
        return original(Path("/dev/full") if "a" in mode else self, mode, *arguments, **settings)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(anc.ConfigError, match=r"^cache_instances = True: the 10 tasks take .* MiB.*No space left.*TMPDIR"):
        fixed(cache_instances=True, cache_bytes=0)
    gc.collect()
    assert not list(folder.iterdir())


def test_a_temporary_folder_that_cant_be_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(anc.ConfigError, match=r"^cache_instances = True: .*can't be written .*No such file"):
        fixed(cache_instances=True, cache_bytes=0)
