"""Files of tensors: what is written is what the safetensors package writes and reads, and reading leaves nothing behind."""

import copy
import errno
import gc
import json
import os
import pickle
import struct
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import safetensors
import torch
from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

import ancestral as anc
from ancestral._data.sets.set_file import SetPlan
from ancestral._engine._ffi.calls import LONG_TEXT
from ancestral._files.tensor_reader import TensorFile

FAMILY = anc.SCMFamily(4, sparsity_param=1.0)


def tensors(count: int = 5) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(count)
    return {
        "seeds": torch.arange(8 * count, dtype=torch.uint8).view(count, 8).flip(1),
        "node_counts": torch.arange(count, dtype=torch.int32),
        "X": torch.rand(count, 3, 4, generator=generator),
        "adjacency": torch.rand(count, 4, 4, generator=generator),
    }


def parts(path: Path) -> tuple[dict[str, object], bytes]:
    """The header, whose metadata the package writes in an order that changes, and the tensors' bytes."""
    content = path.read_bytes()
    end = 8 + int.from_bytes(content[:8], "little")
    assert end % 8 == 0
    return json.loads(content[8:end]), content[end:]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_files_are_those_of_the_package(count: int, tmp_path: Path) -> None:
    given = {**tensors(count), "hashes": torch.zeros(count, 32, dtype=torch.uint8)}
    seeds = torch.arange(count, dtype=torch.int64)
    plan = SetPlan.of(FAMILY, 3, seeds, "{}", {"one": 'ü "\n\x01\b/'})
    assert plan.seeds.equal(seeds.view(torch.uint8).view(-1, 8).flip(1))
    plan.write(tmp_path / "ours", given)
    save_file({name: tensor.contiguous() for name, tensor in given.items()}, tmp_path / "theirs", plan.metadata)
    assert parts(tmp_path / "ours") == parts(tmp_path / "theirs")
    for path in tmp_path.iterdir():
        file = TensorFile(path)
        assert file.metadata == plan.metadata
        for name, tensor in given.items():
            assert file.whole(name).equal(tensor)


def test_opening_a_file_copies_no_more_than_its_header(tmp_path: Path) -> None:
    # Of the megabyte that a long header may take; a shuffled corpus opens a file for most tasks.
    save_file({name: tensor.contiguous() for name, tensor in tensors().items()}, tmp_path / "file")
    TensorFile(tmp_path / "file")
    tracemalloc.start()
    try:
        TensorFile(tmp_path / "file")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1.5 * LONG_TEXT


def test_rows_in_any_order_are_the_rows(tmp_path: Path) -> None:
    given = tensors(9)
    save_file({name: tensor.contiguous() for name, tensor in given.items()}, tmp_path / "file")
    file = TensorFile(tmp_path / "file")
    for rows in ([], [8], [3, 4, 5], [5, 4, 3], [0, 0, 1, 8, 7, 8]):
        for name, tensor in given.items():
            out = torch.empty(len(rows), *tensor.shape[1:], dtype=tensor.dtype)
            file.read(name, rows, out)
            assert out.equal(tensor[rows])


def header(members: object, data: bytes = b"") -> bytes:
    text = json.dumps(members).encode()
    return struct.pack("<Q", len(text)) + text + data


def entry(shape: list[object], start: object, end: object, kind: object = "F32") -> dict[str, object]:
    return {"dtype": kind, "shape": shape, "data_offsets": [start, end]}


WRONG = {
    "nothing": b"",
    "short": bytes(7),
    "no header": bytes(8),
    "long header": struct.pack("<Q", 1 << 62) + b"{}",
    "list": header([]),
    "no JSON": struct.pack("<Q", 2) + b"{x",
    "no UTF-8": struct.pack("<Q", 2) + b"\xff\xff",
    "deep": struct.pack("<Q", 200_000) + b"[" * 200_000,
    "metadata": header({"__metadata__": {"a": 1}}),
    "metadata list": header({"__metadata__": []}),
    "no entry": header({"X": 1}),
    "no kind": header({"X": entry([1], 0, 4, "F31")}, bytes(4)),
    "kind a list": header({"X": entry([1], 0, 4, ["F32"])}, bytes(4)),
    "text in shape": header({"X": entry(["1"], 0, 4)}, bytes(4)),
    "negative": header({"X": entry([-1, -1], 0, 4)}, bytes(4)),
    "float": header({"X": entry([1.0], 0, 4)}, bytes(4)),
    "overflow": header({"X": entry([1 << 40, 1 << 40], 0, 4)}, bytes(4)),
    "backwards": header({"X": entry([1], 4, 0)}, bytes(4)),
    "too few bytes": header({"X": entry([2], 0, 4)}, bytes(4)),
    "hole": header({"X": entry([1], 0, 4), "Y": entry([1], 8, 12)}, bytes(12)),
    "overlap": header({"X": entry([2], 0, 8), "Y": entry([1], 4, 8)}, bytes(8)),
    "cut": header({"X": entry([1], 0, 4)}, bytes(3)),
    "more": header({"X": entry([1], 0, 4)}, bytes(5)),
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG)
def test_what_the_package_refuses_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises((safetensors.SafetensorError, OSError)):
        load_file(path)
    with pytest.raises(OSError, match=r"no safetensors file: |is cut off or changed: |The header of the file must"):
        TensorFile(path)


@pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
def test_what_is_no_file_is_refused_at_once(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "other")
    with pytest.raises(OSError, match="must be a regular file"):
        TensorFile(tmp_path / "other")


def cached(folder: Path) -> anc.MetaFixedDataset:
    return anc.MetaFixedDataset(FAMILY, n_tasks=12, n_samples=6, cache_dir=folder)


def corpus(folder: Path) -> anc.CorpusDataset:
    return anc.write_corpus(FAMILY, 12, folder, n_samples=6, tasks_per_shard=5)


Made = Callable[[Path], "anc.MetaFixedDataset | anc.CorpusDataset"]
both = pytest.mark.parametrize("make", [cached, corpus])


@both
def test_reading_leaves_nothing_behind(make: Made, tmp_path: Path) -> None:
    found = make(tmp_path)
    files = len(os.listdir("/proc/self/fd"))

    def after(found: "anc.MetaFixedDataset | anc.CorpusDataset", reads: int) -> int:
        for index in range(reads):
            found[index % 12]
        gc.collect()
        return sys.getallocatedblocks()

    before = after(found, 100)
    assert after(found, 5000) - before < 500  # It was six a read.
    assert len(os.listdir("/proc/self/fd")) - files <= 3
    del found
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= files


@both
def test_a_file_that_is_cut_short_meanwhile_is_told(make: Made, tmp_path: Path) -> None:
    """A mapping of it would end the process by a bus error."""
    found = make(tmp_path)
    found[0]
    for path in tmp_path.glob("*.safetensors"):
        os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(anc.ConfigError, match=r"\.safetensors can't be read \(.*\): .* it is written again|makes it anew"):
        found[1]


@both
def test_what_is_written_over_a_file_is_never_taken_for_its_tasks(make: Made, tmp_path: Path) -> None:
    found, other = make(tmp_path / "one"), anc.SCMFamily(4, sparsity_param=1.5)
    right = found[1].X
    anc.MetaFixedDataset(other, n_tasks=12, n_samples=6, cache_dir=tmp_path / "two")
    anc.write_corpus(other, 12, tmp_path / "three", n_samples=6, tasks_per_shard=5)
    name = "three/shard-00000000" if isinstance(found, anc.CorpusDataset) else "two/fixed-*"
    (path,) = tmp_path.glob(f"{name}.safetensors")
    target = sorted((tmp_path / "one").glob("*.safetensors"))[0]
    whole = target.read_bytes()
    target.write_bytes(path.read_bytes())
    for reader in (found, pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        with pytest.raises(anc.ConfigError, match=r"has fingerprint .*must be|another file than its corpus has"):
            reader[1]
    target.write_bytes(whole)
    assert found[1].X.equal(right)


@both
def test_a_file_that_is_gone_is_read_on_here_and_missed_elsewhere(make: Made, tmp_path: Path) -> None:
    found = make(tmp_path)
    right = found[1].X
    for path in tmp_path.glob("*.safetensors"):
        path.unlink()
    assert found[1].X.equal(right)
    with pytest.raises(anc.ConfigError, match=r"can't be read \(.*No such file"):
        pickle.loads(pickle.dumps(found))[1]


@both
def test_a_fork_reads_what_its_parent_opened(make: Made, tmp_path: Path) -> None:
    found = make(tmp_path)
    right = [task.X for task in found]
    pids: list[int] = []
    for _ in range(3):
        pid = os.fork()
        if pid == 0:
            try:
                same = all(found[index % 12].X.equal(right[index % 12]) for index in range(200))
                os._exit(0 if same else 1)
            finally:
                os._exit(2)
        pids.append(pid)
    assert all(found[index % 12].X.equal(right[index % 12]) for index in range(200))
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids] == [0] * 3


def test_a_process_without_descriptors_is_told_what_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = pickle.loads(pickle.dumps(cached(tmp_path)))

    def full(*_: object) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("ancestral._files.tensor_reader.os.open", full)
    with pytest.raises(anc.EngineError, match=r"Too many open files.*ulimit -n"):
        found[1]


@both
def test_a_file_that_another_machine_replaced_is_read_on(make: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a network's disk what was opened before is stale then; two machines that make one cache replace each other's file."""
    found = make(tmp_path)
    right = [found[index].X for index in range(12)]
    stale: list[int] = []

    def told(real: Callable[..., int]) -> Callable[..., int]:
        def wrapped(descriptor: int, *rest: object) -> int:
            if descriptor in stale:
                raise OSError(errno.ESTALE, os.strerror(errno.ESTALE))
            return real(descriptor, *rest)

        return wrapped

    reader = pickle.loads(pickle.dumps(found))
    assert reader[1].X.equal(right[1])
    monkeypatch.setattr("ancestral._files.tensor_reader.os.preadv", told(os.preadv))
    monkeypatch.setattr("ancestral._files.tensor_reader.os.fstat", told(os.fstat))
    numbers = map(int, os.listdir("/proc/self/fd"))
    stale += (number for number in numbers if os.path.realpath(f"/proc/self/fd/{number}").endswith(".safetensors"))
    assert stale
    descriptor = os.dup(0)  # So that the new one isn't among those numbers.
    assert all(reader[index].X.equal(right[index]) for index in range(12))
    os.close(descriptor)


@both
def test_a_file_that_this_process_may_not_read_is_not_to_be_removed(
    make: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = make(tmp_path)
    shut = pickle.loads(pickle.dumps(found))

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("ancestral._files.regular.os.open", refuse)
    with pytest.raises(anc.ConfigError, match=r"Permission denied.*this process must be able to read it\.$"):
        shut[1]
    if isinstance(found, anc.CorpusDataset):
        with pytest.raises(anc.ConfigError, match=r"index\.json.*Permission denied.*must be able to read it\.$"):
            anc.CorpusDataset(tmp_path)
