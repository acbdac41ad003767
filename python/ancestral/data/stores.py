"""Where a fixed set's tasks are kept between passes."""

from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor

from .. import _ffi
from .._errors import ConfigError
from .filling import Filling
from .memory import empty
from .padded import Padded
from .set_file import check_set_file, set_file_name, write_set_file


class MemoryStore:
    """Stacked tensors in shared memory, which workers map instead of copying."""

    def __init__(self, tasks: Padded) -> None:
        tasks.node_counts.share_memory_()
        self._tasks = tasks

    def take(self, indices: Tensor) -> Padded:
        """Copies of the tasks at `indices`, int64 [B]."""
        x, adjacency, node_counts = self._tasks
        return Padded(_pick(x, indices), None if adjacency is None else _pick(adjacency, indices), _pick(node_counts, indices))


class FileStore:
    """A safetensors file, opened by each process that reads it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: Any = None

    @classmethod
    def of(cls, folder: Path, filling: Filling, seeds: Tensor) -> "FileStore":
        """The file of these tasks in `folder`, written if it isn't there.

        ConfigError when it can't be written, can't be read, or holds other tasks.
        """
        from safetensors import SafetensorError

        path = folder / set_file_name(filling, seeds)
        if not path.is_file():
            try:
                write_set_file(path, filling, seeds)
            except SafetensorError as error:  # As on a full disk.
                raise ConfigError(f"cache_dir = {str(folder)!r}: must be a folder that can be written ({error}).") from None
        _check_layout(path, filling, len(seeds))
        check_set_file(path, filling, seeds)
        return cls(path)

    def take(self, indices: Tensor | None = None) -> Padded:
        """Copies of the tasks at `indices`, int64 [B]; all of them for None, in shared memory."""
        return Padded(*(self._rows(name, indices) for name in ("X", "adjacency", "node_counts")))

    def _rows(self, name: str, indices: Tensor | None) -> Tensor:
        rows = self._file().get_slice(name)
        if indices is None:
            whole = cast(Tensor, rows[:])
            return empty(*whole.shape, shared=True).copy_(whole) if whole.is_floating_point() else whole.clone()
        # safetensors gives views of one mapping of the file; what is written to them would be seen by the next reader.
        return _pick(rows, indices)

    def _file(self) -> Any:
        if self._opened is None:
            from safetensors import safe_open

            self._opened = safe_open(self._path, framework="pt")
        return self._opened

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_opened": None}


class Refusal:
    """In the place of a file that can't be kept apart from those of other families: nothing is written or given."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def take(self, indices: Tensor | None = None) -> Padded:
        """Raises ConfigError."""
        raise ConfigError(self._reason)


def file_store(folder: Path, filling: Filling, seeds: Tensor) -> FileStore | Refusal:
    """`FileStore.of`, as far as the family has a fingerprint."""
    try:
        filling.family.fingerprint()
    except ConfigError as error:
        return Refusal(f"cache_dir = {str(folder)!r}: must be None for this family. {error}")
    return FileStore.of(folder, filling, seeds)


def _check_layout(path: Path, filling: Filling, count: int) -> None:
    """ConfigError unless every array is there, with its shape and its kind of numbers."""
    from safetensors import SafetensorError, safe_open

    width = filling.family.max_nodes
    layout: dict[str, tuple[str, list[int]]] = {
        "X": ("F32", [count, filling.n_samples, width]),
        "adjacency": ("F32", [count, width, width]),
        "node_counts": ("I32", [count]),
        "seeds": ("U8", [count, 8]),
    }
    try:
        with cast(Any, safe_open(path, framework="pt")) as file:
            parts = {name: file.get_slice(name) for name in layout}
            found = {name: (str(part.get_dtype()), list[int](part.get_shape())) for name, part in parts.items()}
    except (OSError, SafetensorError) as error:
        raise ConfigError(f"The fixed set {path} can't be read ({error}): remove it, and it is written again.") from None
    for name, (kind, shape) in found.items():
        if (kind, shape) != layout[name]:
            right = "{} of shape {}".format(*layout[name])
            raise ConfigError(
                f"The fixed set {path} has {name} {kind} of shape {shape}: must be {right}; remove it, and it is written again."
            )


def _pick(rows: Any, indices: Tensor) -> Tensor:
    """A copy of some rows. Not by `rows[indices]`: torch spreads that over threads, which costs far more than so few rows."""
    return torch.stack([rows[index] for index in _ffi.integers(indices)])
