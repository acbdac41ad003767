"""Where the engine writes."""

import math
from typing import Any, cast

import torch
import torch.utils.data
from torch import Tensor

from .. import _memory


def empty(*shape: int, shared: bool | None = None) -> Tensor:
    """Fresh float32 [*shape] with a storage of its own, not filled.

    `shared` puts it into shared memory, so that it reaches another process without a copy; by default inside a
    DataLoader worker only. EngineError where there is not so much memory.
    """
    if shared is None:
        shared = torch.utils.data.get_worker_info() is not None
    size = math.prod(shape)
    if not shared or size == 0:
        return _memory.empty(*shape)
    # As torch's default_collate does; share_memory_() would copy.
    with _memory.explained(shape):
        storage = torch.UntypedStorage._new_shared(4 * size)  # pyright: ignore[reportPrivateUsage]
    tensor = torch.empty(0)
    cast(Any, tensor).set_(storage, 0, shape)
    return tensor
