"""HDF5 files of numbers: written whole or not at all, and read without trust in whoever wrote them."""

import contextlib
import errno
import math
import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from torch import Tensor

from .._engine.errors import ConfigError
from .._engine.extras import package
from .._files.atomic import make_folder, refused, replacing
from .._files.paths import absolute
from .float32_rows import float32_rows

T = TypeVar("T")

_METADATA = 1 << 16  # Bytes beside the numbers, and some.
_MOST_NUMBERS = 1 << 30  # Of one row of an array; HDF5 lets a small file claim any shape.


@contextlib.contextmanager
def new_file(path: str | os.PathLike[str], n_bytes: int) -> Generator[Any]:
    """A file to be written, with about so many bytes of numbers, which gets its name at the end of the block.

    ConfigError where that can't be; what the block makes is to be made by `made`.
    """
    h5py, target = package("h5py", "formats"), absolute(path, "path")
    try:
        with refused("path", target, "file"):
            make_folder(target.parent)
            with replacing(target) as temporary:
                _check_room(temporary, n_bytes + _METADATA)
                with h5py.File(temporary, "w") as file:
                    yield file
    except _NotOfTheFile as error:
        raise error.own from None


class _NotOfTheFile(Exception):  # noqa: N818 - on the way only
    def __init__(self, own: OSError) -> None:
        self.own = own


def made(make: Callable[[], T]) -> T:
    """What goes into a new file; an OSError of whoever makes it, such as a user's strategy, is none of the file's."""
    try:
        return make()
    except OSError as error:
        raise _NotOfTheFile(error) from None


def _check_room(path: Path, n_bytes: int) -> None:
    """OSError where a file can't get so large.

    HDF5 may end the process by a segmentation fault when the disk is full at the moment that it closes a file, so that it is
    asked before; what others write meanwhile is the disk's own risk.
    """
    with open(path, "r+b") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, n_bytes)
        elif shutil.disk_usage(path.parent).free < n_bytes:  # macOS.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def growing(file: Any, name: str, shape: tuple[int, ...], dtype: str, *, rows: int) -> Any:
    """A new array [0, *shape] that `append` lengthens, in chunks of `rows`."""
    sizes = {"shape": (0, *shape), "maxshape": (None, *shape), "chunks": (rows, *(max(size, 1) for size in shape))}
    return file.create_dataset(name, dtype=dtype, **sizes)


def append(array: Any, rows: Any) -> None:
    """Adds rows at the end."""
    array.resize(len(array) + len(rows), axis=0)
    array[len(array) - len(rows) :] = rows


class NumberFile:
    """An HDF5 file that is open for reading, once in each process that asks; it can be pickled.

    Only plain arrays of numbers in the file itself are read: no links elsewhere, no views of other files, no objects.
    ConfigError for anything else.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        package("h5py", "formats")  # Its absence is told here and not at the first row.
        self.path: Path = absolute(path, "path")
        self._owner, self._file = 0, None

    @property
    def file(self) -> Any:
        """The open file."""
        if self._owner != os.getpid():
            try:
                self._file = package("h5py", "formats").File(self.path, "r")
            except OSError as error:
                raise ConfigError(f"path = {str(self.path)!r}: must be an HDF5 file that can be read ({error}).") from None
            self._owner = os.getpid()
        return self._file

    def array(self, name: str, axes: str, *, sizes: dict[str, int] | None = None) -> Any:
        """The array of that name, whose axes are told by letters; those in `sizes` must be as long as that."""
        array: Any = self.entry(name)
        expected = f"[{', '.join(axes)}]"
        if array.dtype.kind not in "fiu" or array.ndim != len(axes):
            raise self.wrong(name, f"has dtype {array.dtype} and shape {array.shape}", f"be an array of numbers {expected}")
        if math.prod(array.shape[1:]) > _MOST_NUMBERS:
            raise self.wrong(name, f"has shape {array.shape}", f"have at most {_MOST_NUMBERS} numbers a row")
        for axis, size in zip(axes, array.shape, strict=True):
            if sizes is not None and size != sizes.setdefault(axis, size):
                raise self.wrong(name, f"has shape {array.shape}", f"be {expected} with {axis} = {sizes[axis]}")
        return array

    def rows(self, name: str, index: int) -> Tensor:
        """Fresh float32 numbers of an item of an array. ConfigError for a finite one that float32 can't hold."""
        return float32_rows(np.asarray(self.file[name][index], dtype=np.float64), f"{name}[{index}] of {self.path}")

    def entry(self, name: str) -> Any:
        """What is stored under a name, in this file itself."""
        h5py = package("h5py", "formats")
        try:
            link = self.file.get(name, getlink=True)
            found = self.file[name] if isinstance(link, h5py.HardLink) else None
        except (KeyError, OSError, RuntimeError):
            found = None
        if not isinstance(found, h5py.Dataset):
            raise ConfigError(f"{self.path} has no array {name!r} of its own: must have it.")
        stored: Any = found
        if stored.is_virtual or stored.external:
            raise self.wrong(name, "has its numbers in other files", "have them itself")
        return stored

    def wrong(self, name: str, found: str, right: str) -> ConfigError:
        """The error of an array."""
        return ConfigError(f"{name} of {self.path} {found}: must {right}.")

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_owner": 0, "_file": None}
