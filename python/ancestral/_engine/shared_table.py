"""SharedTable: numbers that the workers of a dataset count into."""

from typing import Any

import torch
from torch import Tensor

from .memory import empty
from .torch_modes import as_ordinary


class SharedTable:
    """Zeros, int64 [rows, columns], in shared memory: copies that reach a worker share it, others get their own."""

    def __init__(self, rows: int, columns: int) -> None:
        self._table: Tensor = empty(rows, columns, dtype=torch.int64).zero_().share_memory_()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._table = as_ordinary(self._table)
        if not self._table.is_shared():  # Not a worker's copy.
            self._table.share_memory_()
