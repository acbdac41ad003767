"""Stores of a fixed set's tasks between passes: in shared memory, or in a safetensors file."""

import errno
import functools
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..._engine import _ffi
from ..._engine.errors import ConfigError, EngineError
from ..._files.paths import absolute
from ..._files.tensor_reader import TensorFile
from ..batches.drawing import Filling
from ..batches.padded import Padded
from ..batches.worker_memory import Layout, empty
from .set_file import check_set_file, set_file_name, write_set_file


class MemoryStore:
    """Stacked tensors in shared memory, which workers map instead of copying."""

    def __init__(self, tasks: Padded) -> None:
        tasks.node_counts.share_memory_()
        self._tasks = tasks

    @classmethod
    def drawn(cls, filling: Filling, seeds: Tensor) -> "MemoryStore":
        """The tasks of the seeds, drawn now."""
        return cls(filling.draw(seeds, shared=True))

    def take(self, indices: Tensor, *, shared: bool | None = False) -> Padded:
        """Copies of the tasks at `indices`, int64 [B]; `shared` is that of `empty`."""
        return copies_of(self._tasks, indices, shared=shared)


def copies_of(tasks: Padded, indices: Tensor, *, shared: bool | None) -> Padded:
    """Copies of the tasks at `indices`, int64 [B]; `shared` is that of `empty`."""
    x, adjacency, node_counts = tasks[:3]
    places = _ffi.integers(indices)
    parts = [x] if adjacency is None else [x, adjacency]
    copies = empty(*(Layout((len(places), *part.shape[1:])) for part in parts), shared=shared)
    for part, copy in zip(parts, copies, strict=True):
        # Not by `part[indices]`: torch spreads that over threads, which costs far more than so few rows.
        torch.stack([part[place] for place in places], out=copy)
    return Padded(copies[0], None if adjacency is None else copies[1], node_counts[indices])


class FileStore:
    """A safetensors file, opened by each process that reads it."""

    def __init__(self, path: Path, check: Callable[[TensorFile], None], *, called: str, remedy: str) -> None:
        """`check` raises ConfigError for a file of other tasks; the texts are the start and the end of a sentence about one."""
        self._path, self._check, self._called, self._remedy = path, check, called, remedy
        self._opened: tuple[TensorFile, Tensor] | None = None

    @classmethod
    def of(cls, folder: Path, filling: Filling, seeds: Tensor) -> "FileStore":
        """The file of these tasks in `folder`, written if it isn't there.

        ConfigError when it can't be written, can't be read, or holds other tasks.
        """
        path = folder / set_file_name(filling, seeds)
        if not os.path.isfile(path):
            write_set_file(path, filling, seeds)
        check = functools.partial(check_set_file, path, filling, seeds)
        store = cls(path, check, called=f"The fixed set {path}", remedy="remove it, and it is written again")
        store._file()
        return store

    def take(self, indices: Tensor | None = None, *, shared: bool | None = False) -> Padded:
        """Copies of the tasks at `indices`, int64 [B], or of all for None; `shared` is that of `empty`."""
        file, node_counts = self._file()
        places: Sequence[int] = range(len(node_counts)) if indices is None else _ffi.integers(indices)
        shapes = [(len(places), *file.entries[name].shape[1:]) for name in ("X", "adjacency")]
        x, adjacency = empty(*map(Layout, shapes), shared=shared)
        try:
            file.read("X", places, x)
            file.read("adjacency", places, adjacency)
        except OSError as error:
            raise self._refusal(error) from None
        return Padded(x, adjacency, node_counts.clone() if indices is None else node_counts.index_select(0, indices))

    def _file(self) -> tuple[TensorFile, Tensor]:
        """The file and its node counts, opened anew where somebody has written into it."""
        try:
            opened = self._opened
            if opened is None or opened[0].changed:
                file = TensorFile(self._path)
                self._check(file)
                opened = self._opened = file, file.whole("node_counts")
        except OSError as error:
            raise self._refusal(error) from None
        return opened

    def _refusal(self, error: OSError) -> Exception:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            return EngineError(f"{self._path} can't be opened ({error}): let the process have more files open (`ulimit -n`).")
        return ConfigError(f"{self._called} can't be read ({error}): {self._remedy}.")

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_opened": None}


class Refusal:
    """In the place of a file that can't be kept apart from those of other families: nothing is written or given."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def take(self, indices: Tensor | None = None, *, shared: bool | None = False) -> Padded:
        """Raises ConfigError."""
        raise ConfigError(self._reason)


def file_store(folder: str | os.PathLike[str], filling: Filling, seeds: Tensor) -> FileStore | Refusal:
    """`FileStore.of`, as far as the family has a fingerprint."""
    place = absolute(folder, "cache_dir")
    try:
        filling.family.fingerprint()
    except ConfigError as error:
        return Refusal(f"cache_dir = {str(folder)!r}: must be None for this family. {error}")
    return FileStore.of(place, filling, seeds)
