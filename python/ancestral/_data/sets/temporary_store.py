"""TemporaryStore: cached tasks on disk, where there are too many of them for memory."""

import contextlib
import errno
import math
import os
import shutil
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..._engine.errors import ConfigError
from ..._engine.memory import empty
from ..._files.temporary_folder import TemporaryFolder, folder_at
from ..batches.drawing import Filling
from ..batches.stacked import Stacked
from .task_stores import copies_of

CACHE_BYTES = 1 << 30
"""Cached tasks of one set that take more than this are kept on disk instead of in memory, unless the user says otherwise."""
_DRAWN_AT_ONCE = 1 << 26


def memory_of(filling: Filling, count: int) -> int:
    """The bytes of so many tasks."""
    return count * sum(array.dtype.itemsize * math.prod(array.shape) for array in filling.layout)


class TemporaryStore:
    """Tasks drawn at once into raw files of a temporary folder, which each process that reads them maps into its memory.

    It pickles as what it was made from and the folder's name. Where that folder isn't, as on another machine or after the
    process that made it, the tasks are drawn once more, into a folder of its own. ConfigError where the disk is full.
    """

    def __init__(self, filling: Filling, seeds: Tensor) -> None:
        self._filling, self._seeds = filling, seeds
        self._folder: TemporaryFolder | None = None
        self._path: Path | None = None
        self._open()

    def take(self, indices: Tensor, *, shared: bool | None = False) -> Stacked:
        """Copies of the tasks at `indices`, int64 [B]; `shared` is that of `empty`."""
        return copies_of(self._open(), indices, shared=shared)

    def _open(self) -> Stacked:
        if self._mapped is None:
            folder, path = self._folder, self._path
            if path is None or not path.is_dir():
                folder = self._written()  # Held here too, as another thread may put one of its own in its place.
                path = folder.path
                self._folder, self._path = folder, path
            count, layout = len(self._seeds), self._filling.layout
            parts = {array.name: _map(path / array.name, (count, *array.shape), array.dtype) for array in layout}
            self._mapped = Stacked(parts, None if self._filling.design is None else layout)
        return self._mapped

    def _written(self) -> TemporaryFolder:
        """A folder with all tasks, which nobody knows of before that."""
        with self._told():
            folder = TemporaryFolder()
            _check_name(folder.path)
            # Before a disk that others use is filled to its end.
            if memory_of(self._filling, len(self._seeds)) > shutil.disk_usage(folder.path).free:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        for first in range(0, len(self._seeds), step := self._step()):
            tasks = self._filling.draw(self._seeds[first : first + step], shared=False)
            with self._told():
                for array in self._filling.layout:
                    with (folder.path / array.name).open("ab") as file:
                        file.write(tasks.arrays[array.name].numpy().data)
        return folder

    @contextlib.contextmanager
    def _told(self) -> Generator[None]:
        """Turns the system's errors into ConfigError; not those of a strategy of the user's own, which is asked outside."""
        try:
            yield
        except OSError as error:
            size = memory_of(self._filling, len(self._seeds)) / 2**20
            raise ConfigError(
                f"cache_instances = True: the {len(self._seeds)} tasks take {size:.0f} MiB, more than cache_bytes, and a "
                f"temporary folder for them can't be written ({error}): set TMPDIR to a larger disk, raise cache_bytes, or "
                "give cache_dir."
            ) from None

    def _step(self) -> int:
        return max(1, _DRAWN_AT_ONCE // max(1, memory_of(self._filling, 1)))

    _mapped: Stacked | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_folder": None, "_mapped": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._folder = folder_at(self._path)  # In the process that made it, a copy keeps it from being removed.


def _map(path: Path, shape: Sequence[int], dtype: torch.dtype) -> Tensor:
    size = math.prod(shape)
    if size == 0:
        return empty(*shape, dtype=dtype)
    return torch.from_file(str(path), shared=False, size=size, dtype=dtype, device="cpu").view(*shape)


def _check_name(path: Path) -> None:
    """OSError for what torch, which maps the files, can't take."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        raise OSError(errno.EILSEQ, "its name is not UTF-8", str(path)) from None
