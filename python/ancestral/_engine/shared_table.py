"""SharedTable: numbers that the workers of a dataset count into."""

import copy
from typing import Any, cast

import torch
from torch import Tensor

from .memory import empty
from .torch_modes import as_ordinary

_BYTES = 8


class SharedTable:
    """Zeros, int64 [rows, columns], in shared memory: copies that reach a worker share it, others get their own."""

    def __init__(self, rows: int, columns: int) -> None:
        self._table = _shared(rows, columns).zero_()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._table = as_ordinary(self._table)
        if not self._table.is_shared():  # Not a worker's copy.
            self._table = _copy(self._table)

    def __deepcopy__(self, memo: dict[int, Any]) -> "SharedTable":
        other = copy.copy(self)
        other._table = _copy(self._table)
        return other


def _shared(rows: int, columns: int) -> Tensor:
    # Not by share_memory_(), which copies the bytes by torch's threads: a forked child would wait for them for ever.
    storage = torch.UntypedStorage._new_shared(rows * columns * _BYTES)  # pyright: ignore[reportPrivateUsage]
    return cast(Any, empty(0, dtype=torch.int64)).set_(storage, 0, (rows, columns))


def _copy(table: Tensor) -> Tensor:
    return _shared(*table.shape).copy_(table)
