"""Tensors read from a safetensors file, some rows at a time."""

import json
import math
import os
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy
import torch
from torch import Tensor

from .._engine import _ffi
from .._engine.errors import ConfigError
from .._engine.memory import empty
from .regular import regular_descriptor, stamp

_DTYPES = {  # Of ours.
    "F32": torch.float32,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


class Entry(NamedTuple):
    """The entry of one tensor in the header."""

    kind: str
    """The format's name of its numbers, such as "F32"."""
    shape: tuple[int, ...]
    start: int
    """Its first byte in the file."""


class Header(NamedTuple):
    """What a file says of itself, and how the system knew the file then."""

    stamp: tuple[int, ...]
    metadata: dict[str, str]
    entries: dict[str, Entry]


class TensorFile:
    """A safetensors file, open; its header is checked against its size.

    Rows are read into memory of the caller's, without a mapping: a file that is cut short meanwhile gives an error, where a
    mapping would end the process. Nothing is kept of what was read. A fork may use it too, and so may several threads.

    Raises OSError for a file that can't be read or is no safetensors file.
    """

    header: Header

    def __init__(self, path: Path, known: Header | None = None) -> None:
        """`known` is the header that the file had when it was open before: of the same file it isn't read again."""
        self._descriptor = regular_descriptor(path)
        weakref.finalize(self, os.close, self._descriptor).atexit = False
        now = self._now()
        self.header = known if known is not None and known.stamp == now else self._read(now)

    def _read(self, now: tuple[int, ...]) -> Header:
        try:
            described: dict[str, Any] = json.loads(_ffi.tensors_read(self._descriptor))
        except ConfigError as error:
            raise OSError(str(error).removesuffix(".")) from None
        tensors: list[dict[str, Any]] = described["tensors"]
        entries = {found["name"]: Entry(found["type"], tuple(found["shape"]), found["start"]) for found in tensors}
        return Header(now, described["metadata"], entries)

    @property
    def metadata(self) -> dict[str, str]:
        """The texts in the header."""
        return self.header.metadata

    @property
    def entries(self) -> dict[str, Entry]:
        """The tensors in the header, by their names."""
        return self.header.entries

    @property
    def changed(self) -> bool:
        """True if somebody has written into the file since it was opened."""
        return self._now() != self.header.stamp

    def whole(self, name: str) -> Tensor:
        """A tensor in memory of its own."""
        entry = self.entry(name)
        found = empty(*entry.shape, dtype=self.dtype(name))
        self._fill(found.numpy(), entry.start)
        return found

    def read(self, name: str, indices: Sequence[int], out: Tensor) -> None:
        """The rows at `indices` into `out`, which is contiguous, of the tensor's kind and of its shape past the first axis."""
        _, shape, start = self.entry(name)
        rows: Any = out.numpy()
        size = out.itemsize * math.prod(shape[1:])
        first = 0
        for place in range(1, len(indices) + 1):  # Neighbours in the file are read at once.
            if place == len(indices) or indices[place] != indices[place - 1] + 1:
                self._fill(rows[first:place], start + size * indices[first])
                first = place

    def _fill(self, rows: Any, start: int) -> None:
        done, wanted = 0, int(rows.nbytes)
        while done < wanted:
            part = rows if done == 0 else rows.reshape(-1).view(numpy.uint8)[done:]
            count = os.preadv(self._descriptor, [part], start + done)
            if count == 0:
                raise OSError(f"it ends before byte {start + wanted}")
            done += count

    def entry(self, name: str) -> Entry:
        """The entry of a tensor in the header; OSError where there is none of that name."""
        if name not in self.entries:
            raise OSError(f"it has no tensor {name}")
        return self.entries[name]

    def dtype(self, name: str) -> torch.dtype:
        """torch's name of a tensor's numbers; OSError for a kind that our files don't hold."""
        kind = self.entry(name).kind
        if kind not in _DTYPES:
            raise OSError(f"{name} must be of another kind than {kind}")
        return _DTYPES[kind]

    def _now(self) -> tuple[int, ...]:
        return stamp(os.fstat(self._descriptor))
