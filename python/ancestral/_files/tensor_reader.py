"""Tensors read from a safetensors file, some rows at a time."""

import math
import os
import stat
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy
import torch
from torch import Tensor

from .._engine.memory import empty
from .parsing import parse_object

_BYTES = {
    **dict.fromkeys(("BOOL", "U8", "I8"), 1),
    **dict.fromkeys(("U16", "I16", "F16", "BF16"), 2),
    **dict.fromkeys(("U32", "I32", "F32"), 4),
    **dict.fromkeys(("U64", "I64", "F64"), 8),
}
_LONGEST_HEADER = 1 << 24  # As the engine's.
_MOST_AXES = 16
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


class TensorFile:
    """A safetensors file, open; its header is checked against its size.

    Rows are read into memory of the caller's, without a mapping: a file that is cut short meanwhile gives an error, where a
    mapping would end the process. Nothing is kept of what was read. A fork may use it too, and so may several threads.

    Raises OSError for a file that can't be read or is no safetensors file.
    """

    metadata: dict[str, str]
    entries: dict[str, Entry]

    def __init__(self, path: Path) -> None:
        # Without O_NONBLOCK, opening a pipe would wait for its writer.
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        weakref.finalize(self, os.close, self._descriptor).atexit = False
        self._stamp = self._now()
        try:
            self.metadata, self.entries = self._header()
        except ValueError as error:
            raise OSError(f"it is no safetensors file: {error}") from None

    @property
    def changed(self) -> bool:
        """True if somebody has written into the file since it was opened."""
        return self._now() != self._stamp

    def whole(self, name: str) -> Tensor:
        """A tensor in memory of its own."""
        shape = self.entry(name).shape
        found = empty(*shape, dtype=self.dtype(name))
        self.read(name, range(shape[0]) if shape else (), found)
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

    def _now(self) -> tuple[int, int]:
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it must be a regular file")
        return status.st_size, status.st_mtime_ns

    def _header(self) -> tuple[dict[str, str], dict[str, Entry]]:
        """The metadata and the tensors by their names. ValueError unless these are all of the file, one after another."""
        size = self._stamp[0]
        length = int.from_bytes(self._bytes(0, 8), "little")
        if length > min(_LONGEST_HEADER, size - 8):
            raise ValueError(f"its header would have {length} bytes")
        described = parse_object(self._bytes(8, length).decode(), "its header")
        metadata: Any = described.pop("__metadata__", {})
        if not isinstance(metadata, dict) or not all(isinstance(text, str) for text in metadata.values()):  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
            raise ValueError("its metadata must be texts")
        end = 8 + length
        entries: dict[str, Entry] = {}
        placed = sorted((_described(name, value) for name, value in described.items()), key=lambda found: found[1:3])
        for name, start, stop, kind, shape in placed:
            if 8 + length + start != end:
                raise ValueError(f"{name} must start at byte {end}, where the one before it ends")
            entries[name], end = Entry(kind, shape, end), 8 + length + stop
        if end != size:
            raise ValueError(f"it has {size} bytes, but must have {end}")
        return cast("dict[str, str]", metadata), entries

    def _bytes(self, start: int, count: int) -> bytes:
        found = numpy.zeros(count, numpy.uint8)
        self._fill(found, start)
        return found.tobytes()


def _described(name: str, value: Any) -> tuple[str, int, int, str, tuple[int, ...]]:
    """Name, first byte, the byte after the last, kind and shape. ValueError where they don't fit together."""
    found = cast("dict[str, Any]", value if isinstance(value, dict) else {})
    kind: Any = found.get("dtype")
    shape: Any = found.get("shape")
    places: Any = found.get("data_offsets")
    if not _are_sizes(shape) or not _are_sizes(places) or len(places) != 2 or not isinstance(kind, str) or kind not in _BYTES:
        raise ValueError(f"{name} must have a dtype, a shape and two data_offsets")
    if places[1] - places[0] != _BYTES[kind] * math.prod(shape):
        raise ValueError(f"{name} is {kind} of shape {shape}, which aren't the bytes {places[0]} to {places[1]}")
    return name, places[0], places[1], kind, tuple(shape)


def _are_sizes(values: Any) -> bool:
    """True if it is a short list of whole numbers that a file of any size may have."""
    found = cast("list[Any]", values) if isinstance(values, list) else [None]
    return len(found) <= _MOST_AXES and all(type(value) is int and 0 <= value < 1 << 62 for value in found)
