"""Memory for batches: ordinary, or shared in a DataLoader's worker."""

import math
from typing import Any, NamedTuple, cast

import torch
import torch.utils.data
from torch import Tensor

from ..._engine import memory
from ..._engine.torch_modes import ordinary

# Of the places in one storage, in bytes: a cache line, as torch's own memory starts at.
_ALIGNMENT = 64


class Memory(NamedTuple):
    """A tensor to be made."""

    shape: tuple[int, ...]
    dtype: torch.dtype = torch.float32


def in_worker() -> bool:
    """True if this is a process of a DataLoader's, which hands its batches to another one."""
    return torch.utils.data.get_worker_info() is not None


def is_shared(shared: bool | None) -> bool:
    """Whether memory is shared: as told, or else inside a DataLoader worker only."""
    return in_worker() if shared is None else shared


def empty(*layouts: Memory, shared: bool | None = None) -> list[Tensor]:
    """Fresh tensors, not filled.

    `shared` puts them into shared memory, so that they reach another process without a copy; by default inside a DataLoader
    worker only. Then they are views of one storage, since each storage takes a file descriptor of the process that it
    reaches, which may have only so many; otherwise each has one of its own. EngineError where there is not so much memory.
    """
    if not is_shared(shared):
        return [memory.empty(*layout.shape, dtype=layout.dtype) for layout in layouts]
    starts = [0]
    for shape, dtype in layouts:
        end = starts[-1] + dtype.itemsize * math.prod(shape)
        starts.append(-(-end // _ALIGNMENT) * _ALIGNMENT)
    if starts[-1] == 0:
        return [memory.empty(*layout.shape, dtype=layout.dtype) for layout in layouts]
    with memory.explained(max((layout.shape for layout in layouts), key=math.prod)):
        # As torch's default_collate does; share_memory_() would copy.
        storage = torch.UntypedStorage._new_shared(starts[-1])  # pyright: ignore[reportPrivateUsage]
    return [_view(storage, start, layout) for start, layout in zip(starts, layouts, strict=False)]


def together(*tensors: Tensor) -> list[Tensor]:
    """The tensors as they are, or in a DataLoader worker copies of them that share one storage."""
    if not in_worker() or any(tensor.requires_grad or tensor.device.type != "cpu" for tensor in tensors):
        return list(tensors)
    copies = empty(*(Memory(tuple(tensor.shape), tensor.dtype) for tensor in tensors))
    return [copy.copy_(tensor) for copy, tensor in zip(copies, tensors, strict=True)]


def _view(storage: Any, start: int, layout: Memory) -> Tensor:
    with ordinary():
        tensor = torch.empty(0, dtype=layout.dtype, device="cpu")
        return cast(Any, tensor).set_(storage, start // layout.dtype.itemsize, layout.shape)
