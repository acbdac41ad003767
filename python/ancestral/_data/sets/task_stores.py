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
from ..._engine.errors import ConfigError
from ..._files.paths import absolute
from ..._files.regular import unreadable
from ..._files.tensor_reader import Header, TensorFile
from ..._scm.experiment_data import Layout
from ..batches.drawing import Filling
from ..batches.stacked import ADJACENCY, NODE_COUNTS, NODE_MASK, Stacked, X
from ..batches.worker_memory import Memory, empty
from .set_file import check_set_file, set_plan, write_set_file


class MemoryStore:
    """Stacked tensors in shared memory, which workers map instead of copying."""

    def __init__(self, tasks: Stacked) -> None:
        self._tasks = tasks

    @classmethod
    def drawn(cls, filling: Filling, seeds: Tensor) -> "MemoryStore":
        """The tasks of the seeds, drawn now."""
        return cls(filling.draw(seeds, shared=True))

    def take(self, indices: Tensor, *, shared: bool | None = False) -> Stacked:
        """Copies of the tasks at `indices`, int64 [B]; `shared` is that of `empty`."""
        return copies_of(self._tasks, indices, shared=shared)


def copies_of(tasks: Stacked, indices: Tensor, *, shared: bool | None) -> Stacked:
    """Copies of the tasks at `indices`, int64 [B]; `shared` is that of `empty`."""
    places = _ffi.integers(indices)
    parts = {name: part for name, part in tasks.arrays.items() if name != NODE_MASK}
    copies = empty(*(Memory((len(places), *part.shape[1:]), part.dtype) for part in parts.values()), shared=shared)
    for part, copy in zip(parts.values(), copies, strict=True):
        # Not by `part[indices]`: torch spreads that over threads, which costs far more than so few rows.
        if part.ndim > 1:
            torch.stack([part[place] for place in places], out=copy)
        else:
            torch.index_select(part, 0, indices, out=copy)
    return tasks._replace(arrays=dict(zip(parts, copies, strict=True)))


class FileStore:
    """A safetensors file, opened by each process that reads it."""

    def __init__(
        self, path: Path, check: Callable[[TensorFile], None], *, called: str, remedy: str, layout: Layout | None = None
    ) -> None:
        """`check` raises ConfigError for a file of other tasks; the texts are the start and the end of a sentence about one.

        `layout` is that of experiments; without it the file holds plain tasks.
        """
        self._path, self._check, self._called, self._remedy, self._layout = path, check, called, remedy, layout
        self._names = (X, ADJACENCY, NODE_COUNTS) if layout is None else tuple(array.name for array in layout)
        self._opened: tuple[TensorFile, dict[str, Tensor]] | None = None
        self._known: tuple[Header, dict[str, Tensor]] | None = None

    @classmethod
    def of(cls, folder: Path, filling: Filling, seeds: Tensor) -> "FileStore":
        """The file of these tasks in `folder`, written if it isn't there.

        ConfigError when it can't be written, can't be read, or holds other tasks.
        """
        plan = set_plan(filling, seeds)
        path = folder / plan.name
        if not os.path.isfile(path):
            write_set_file(path, filling, seeds, plan)
        check = functools.partial(check_set_file, path, plan)
        layout = None if filling.design is None else filling.layout
        store = cls(path, check, called=f"The fixed set {path}", remedy="remove it, and it is written again", layout=layout)
        store.wake()
        return store

    def take(self, indices: Tensor | None = None, *, shared: bool | None = False) -> Stacked:
        """Copies of the tasks at `indices`, int64 [B], or of all for None; `shared` is that of `empty`."""
        return self._reading(functools.partial(self._take, indices, shared))

    def read(self, name: str, places: Sequence[int], out: Tensor) -> Tensor:
        """Rows of another tensor of the file, into `out`."""
        self._reading(lambda file, _: file.read(name, places, out))
        return out

    def wake(self) -> None:
        """Opens the file unless it is open. EngineError where no descriptor is left."""
        if self._opened is None:
            self._reading(_only_open)

    def rest(self) -> None:
        """Closes the file until a task of it is asked for. What it said of itself is kept while it stays the same."""
        self._opened = None

    def _take(self, indices: Tensor | None, shared: bool | None, file: TensorFile, numbers: dict[str, Tensor]) -> Stacked:
        count = file.entries[self._names[0]].shape[0]
        places: Sequence[int] = range(count) if indices is None else _ffi.integers(indices)
        wanted = [Memory((len(places), *file.entry(name).shape[1:]), file.dtype(name)) for name in self._names]
        arrays = dict(zip(self._names, empty(*wanted, shared=shared), strict=True))
        for name, array in arrays.items():
            if name in numbers:
                array.copy_(numbers[name] if indices is None else numbers[name].index_select(0, indices))
            else:
                file.read(name, places, array)
        return Stacked(arrays, self._layout)

    def _reading(self, work: Callable[[TensorFile, dict[str, Tensor]], Any]) -> Any:
        """The result of `work` on the file. Whatever can't be read is told in a sentence."""
        try:
            try:
                return work(*self._file())
            except OSError as error:
                # On a network's disk another machine has put a file in the place of this one, as two do that make one cache.
                if error.errno != errno.ESTALE:
                    raise
                self.rest()
                return work(*self._file())
        except OSError as error:
            raise unreadable(self._called, error, self._remedy) from None

    def _file(self) -> tuple[TensorFile, dict[str, Tensor]]:
        """The file and what it has one number a task of, opened anew where somebody has written into it."""
        opened, known = self._opened, self._known
        if opened is None or opened[0].changed:
            file = TensorFile(self._path, known and known[0])
            if known is None or file.header is not known[0]:
                self._check(file)
                numbers = {name: file.whole(name) for name in self._names if len(file.entry(name).shape) == 1}
                known = self._known = file.header, numbers
            opened = self._opened = file, known[1]
        return opened

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_opened": None, "_known": None}


def _only_open(file: TensorFile, numbers: dict[str, Tensor]) -> None:
    """Nothing, of a file that is open for it."""


class Refusal:
    """In the place of a file that can't be kept apart from those of other families: nothing is written or given."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def take(self, indices: Tensor | None = None, *, shared: bool | None = False) -> Stacked:
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
