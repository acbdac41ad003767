"""CorpusDataset: it counts like a list, pickles, and has few files open."""

import contextlib
import copy
import os
import pickle
import resource
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

import ancestral as anc
from ancestral._corpus import dataset as corpus_dataset
from ancestral._engine import _ffi

PLAIN = anc.SCMFamily(4, mechanism_proportions={"linear": 1, "mlp": 1}, sparsity_param=1.0)
RAGGED = anc.SCMFamily(4, n_nodes_max=7, sparsity_param=1.0)


def corpus(folder: Path, family: anc.SCMFamily = PLAIN, n_tasks: int = 23, **settings: Any) -> anc.CorpusDataset:
    return anc.write_corpus(family, n_tasks, folder, **{"n_samples": 6, "tasks_per_shard": 5, **settings})


def same(one: Any, two: Any) -> bool:
    return one.X.equal(two.X) and one.adjacency.equal(two.adjacency)


def test_counts_like_a_list(tmp_path: Path) -> None:
    found = corpus(tmp_path, RAGGED)
    tasks = list(found)
    assert len(tasks) == 23
    picked = found.__getitems__([22, 3, -1, 4, 3, 11])
    assert all(map(same, picked, [tasks[index] for index in (22, 3, 22, 4, 3, 11)]))
    assert found.__getitems__([]) == []
    assert {task.X.shape[1] for task in tasks} == {4, 5, 6, 7}
    for index in (23, -24):
        with pytest.raises(IndexError, match=f"{index} is outside .* 23 tasks"):
            found[index]
    with pytest.raises(TypeError, match="whole number"):
        found["1"]  # pyright: ignore[reportArgumentType]


def test_tells_of_itself_and_pickles(tmp_path: Path) -> None:
    found = corpus(tmp_path, base_seed=9)
    first = found[0]
    for other in (found, pickle.loads(pickle.dumps(found)), copy.deepcopy(found), anc.CorpusDataset(str(tmp_path))):
        assert same(other[0], first)
        assert type(other[0]) is anc.Task
        assert (other.n_samples, other.base_seed, other.fingerprint) == (6, 9, PLAIN.fingerprint())
        assert other.config == PLAIN.config
        assert repr(other) == f"CorpusDataset(23 tasks of {PLAIN.config!r}, n_samples=6)"


def test_a_loader_pads_the_tasks_of_a_mixture_to_its_largest(tmp_path: Path) -> None:
    parts = [
        anc.FamilyConfig(n_nodes=3, sparsity_param=0.5),
        anc.FamilyConfig(n_nodes=5),
        anc.FamilyConfig(n_nodes=4, sparsity_param=1.0),
    ]
    found = corpus(tmp_path, anc.SCMFamily.from_config(anc.MixtureConfig(parts)))
    for rows_alone in (False, True):
        tasks = anc.CorpusDataset(tmp_path, return_adjacency=not rows_alone)
        with anc.TaskLoader(tasks, batch_size=1, threads=1) as loader:
            for batch, task in zip(loader, found, strict=True):
                assert type(batch) is (anc.PaddedX if rows_alone else anc.PaddedTask)
                assert batch.X.shape == (1, 6, 5)
                assert batch.X[0, :, : task.X.shape[1]].equal(task.X)


def test_writing_into_an_item_changes_no_later_one(tmp_path: Path) -> None:
    found = corpus(tmp_path)
    before = found[7].X.clone()
    found[7].X.zero_()
    assert found[7].X.equal(before)


def test_has_only_so_many_files_open_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus_dataset, "_MOST_OPEN", 2)
    found = corpus(tmp_path)
    stream = list(zip(range(23), anc.MetaIterableDataset(PLAIN, n_samples=6), strict=False))
    assert all(same(found[index], task) for index, task in reversed(stream))

    def opened() -> list[int]:
        descriptors = (os.path.join("/proc/self/fd", name) for name in os.listdir("/proc/self/fd"))
        paths = (path for path in map(os.path.realpath, descriptors) if path.startswith(os.path.realpath(tmp_path)))
        return sorted(int(Path(path).stem.removeprefix("shard-")) for path in paths)

    assert opened() == [0, 1]  # Those that were read last.
    for index in (5, 10):
        found[index]
    assert opened() == [1, 2]


def test_reads_many_files_with_few_descriptors(tmp_path: Path) -> None:
    found = corpus(tmp_path, n_tasks=90, tasks_per_shard=1)
    other = anc.CorpusDataset(tmp_path)
    right = [other[index].X for index in range(90)]
    del other
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = len(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (before + 40, limits[1]))
    others: list[int] = []
    try:
        assert all(found[index].X.equal(right[index]) for index in range(90))
        # The process can go on opening files of its own, to start workers for one.
        assert len(os.listdir("/proc/self/fd")) <= before + (before + 40) // 4
        with contextlib.suppress(OSError):
            while True:
                others.append(os.open("/dev/null", os.O_RDONLY))
        # Where others have left none, the files that are open make room for those that are wanted.
        assert all(found[index].X.equal(right[index]) for index in range(90))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for descriptor in others:
            os.close(descriptor)


def test_reads_the_header_of_a_closed_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(descriptor: int) -> str:
        read.append(descriptor)
        return tensors_read(descriptor)

    tensors_read = _ffi.tensors_read
    found, other = corpus(tmp_path / "one", RAGGED), corpus(tmp_path / "two", RAGGED, base_seed=1)
    tasks = list(found)
    monkeypatch.setattr(corpus_dataset, "_MOST_OPEN", 1)
    monkeypatch.setattr(_ffi, "tensors_read", counted)
    again = anc.CorpusDataset(tmp_path / "one")
    order = [0, 5, 10, 15, 20, 4, 9, 14, 19, 21]
    assert all(same(again[index], tasks[index]) for index in order)
    assert len(read) == 5
    # What takes the file's place while it is closed is looked at.
    assert again[2].X.equal(tasks[2].X)
    os.replace(other.folder / "shard-00000004.safetensors", tmp_path / "one" / "shard-00000004.safetensors")
    with pytest.raises(anc.ConfigError, match=r"shard-00000004.safetensors is another file than its corpus has"):
        again[20]
    monkeypatch.setattr(corpus_dataset, "_MOST_KNOWN", 2)
    forgetful, before = anc.CorpusDataset(tmp_path / "one"), len(read)
    assert all(same(forgetful[index], tasks[index]) for index in (0, 5, 10, 1, 6, 11))
    assert len(read) == before + 6


def test_a_file_that_cant_be_read_is_named(tmp_path: Path) -> None:
    found = corpus(tmp_path)
    (tmp_path / "shard-00000001.safetensors").write_bytes(b"no safetensors")
    assert found[0].X.shape == (6, 4)
    with pytest.raises(anc.ConfigError, match=r"shard-00000001.* can't be read .*write_corpus again"):
        found[5]


@pytest.mark.parametrize("other", [{"base_seed": 1}, {"reserved": anc.HashRegistry(["0" * 64])}])
def test_a_file_of_another_corpus_is_refused(other: dict[str, Any], tmp_path: Path) -> None:
    corpus(tmp_path / "one")
    corpus(tmp_path / "two", **other)
    name = "shard-00000001.safetensors"
    (tmp_path / "one" / name).write_bytes((tmp_path / "two" / name).read_bytes())
    found = anc.CorpusDataset(tmp_path / "one")
    assert found[4].X.shape == (6, 4)
    with pytest.raises(anc.ConfigError, match=r"shard-00000001.* is another file than its corpus has: write_corpus again"):
        found[5]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_that_is_forked_while_a_thread_opens_a_corpus_reads_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = corpus(tmp_path), anc.CorpusDataset(tmp_path)
    inside, done, original = threading.Event(), threading.Event(), corpus_dataset.task_layout

    def slow(*given: Any, **settings: Any) -> Any:
        inside.set()
        done.wait(60)
        return original(*given, **settings)

    monkeypatch.setattr(corpus_dataset, "task_layout", slow)
    thread = threading.Thread(target=lambda: first[0])
    thread.start()
    assert inside.wait(60)
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(20)  # Or it would wait for a thread that it hasn't.
        monkeypatch.setattr(corpus_dataset, "task_layout", original)
        os._exit(0 if second[22].X.shape == (6, 4) else 1)
    done.set()
    thread.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
