"""Pinning and moving of all tensors of a batch, which keeps its type."""

from collections.abc import Callable, Mapping
from typing import Any, cast

import torch
from torch import Tensor

from ..._scm.experiment_data import ExperimentData


def map_tensors(function: Callable[[Tensor], Tensor], batch: Any) -> Any:
    """`function` of each tensor in tensors, named tuples, lists, tuples and mappings; anything else is left as it is."""
    if isinstance(batch, Tensor):
        return function(batch)
    if isinstance(batch, tuple):
        kind: Any = type(cast(object, batch))
        parts = [map_tensors(function, part) for part in cast("tuple[Any, ...]", batch)]
        return kind(*parts) if hasattr(kind, "_fields") else kind(parts)
    if isinstance(batch, list):
        return [map_tensors(function, part) for part in cast("list[Any]", batch)]
    if isinstance(batch, ExperimentData):
        return batch.mapped(function)
    if isinstance(batch, Mapping):
        return {name: map_tensors(function, part) for name, part in cast("Mapping[Any, Any]", batch).items()}
    return batch


def pin(batch: Any) -> Any:
    """The batch in pinned memory: by its own `pin_memory()` if it is of a type that has one, else tensor by tensor."""
    own = getattr(batch, "pin_memory", None)
    return own() if callable(own) else map_tensors(Tensor.pin_memory, batch)


def on_device(batch: Any, device: torch.device) -> Any:
    """The batch on a device: by its own `to` if it is of a type that has one, else tensor by tensor."""
    own = getattr(batch, "to", None)
    if callable(own) and not isinstance(batch, Tensor):
        return own(device)
    return map_tensors(lambda tensor: tensor.to(device, non_blocking=True), batch)


def can_pin() -> bool:
    """True if there is an accelerator, for which alone pinned memory is of use."""
    accelerator = getattr(torch, "accelerator", None)  # Since torch 2.6.
    return bool(torch.cuda.is_available() or (accelerator is not None and accelerator.is_available()))
