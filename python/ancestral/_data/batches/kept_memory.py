"""KeptMemory: memory of large batches, written again when nobody holds the batch any more.

The system hands out fresh memory page by page, at a fault for each 4 KB when it is first written: for a batch beyond 32 MB,
which the allocator gives back each time, that takes nearly as long as drawing its linear tasks. A tensor and all of its views
hold numpy's view of the memory; when that is collected, nothing can read the batch any more. It is ordinary memory otherwise.
"""

import math
import weakref
from collections import defaultdict, deque
from typing import Any

import torch
from torch import Tensor

from ..._engine import memory
from ..._engine.torch_modes import ordinary

_LEAST = 1 << 20
"""Bytes of a tensor whose memory is kept; smaller ones are the allocator's."""
_MOST_IDLE = 4
"""Free pieces that are kept for each name, so that many batches dropped at once are given back."""


class KeptMemory:
    """Memory for tensors of some names, kept as long as this object lives. Safe to be used by several threads."""

    def __init__(self) -> None:
        self._idle: defaultdict[str, deque[Any]] = defaultdict(_idle)

    def empty(self, name: str, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
        """A tensor, not filled, in memory of an earlier one of that name or in fresh memory. EngineError where there is not so
        much."""
        size = math.prod(shape) * dtype.itemsize
        if size < _LEAST:
            return memory.empty(*shape, dtype=dtype)
        idle = self._idle[name]
        whole = _fitting(idle, size)
        if whole is None:
            whole = memory.empty(size, dtype=torch.uint8).numpy()
        with ordinary():
            part: Any = whole[:size].view(torch.empty(0, dtype=dtype).numpy().dtype).reshape(shape)
            weakref.finalize(part, idle.append, whole).atexit = False
            return memory.check_real(torch.from_numpy(part))

    def __reduce__(self) -> tuple[type["KeptMemory"], tuple[()]]:
        return KeptMemory, ()


def _fitting(idle: deque[Any], size: int) -> Any:
    """A free piece of that many bytes, or up to twice as many; others are given back, as no longer asked for."""
    while True:
        try:
            whole = idle.popleft()
        except IndexError:
            return None
        if size <= whole.nbytes <= 2 * size:
            return whole


def _idle() -> deque[Any]:
    return deque(maxlen=_MOST_IDLE)
