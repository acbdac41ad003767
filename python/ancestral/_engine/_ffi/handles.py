"""Handles of the engine's objects, and the addresses of tensors."""

import weakref
from ctypes import byref, c_void_p
from typing import Any, NoReturn, cast

import torch
from torch import Tensor

from ..errors import ConfigError
from ..memory import check_real
from .calls import call_in_slices
from .loading import library


def pointer(tensor: Tensor | None, what: str, dtype: torch.dtype, count: int) -> int | None:
    """The address of `count` values of `dtype`, or None; memory of another kind or size never reaches the engine."""
    if tensor is None:
        return None
    if tensor.device.type != "cpu" or not tensor.is_contiguous() or tensor.dtype != dtype or tensor.numel() != count:
        raise ConfigError(
            f"{what} must be a contiguous CPU tensor of {count} {dtype} values, "
            f"but has shape {tuple(tensor.shape)}, dtype {tensor.dtype} and device {tensor.device}."
        )
    return check_real(tensor).data_ptr()


def integers(tensor: Tensor) -> list[int]:
    """`tensor.tolist()` with the type that torch's stubs leave out."""
    return cast(list[int], tensor.tolist())


class Handle:
    """An engine object, freed when this is collected. It belongs to one process: owners make it again, never pickle it."""

    def __init__(self, pointer: c_void_p, free: str, is_long: bool = False) -> None:
        self.pointer = pointer
        self.is_long = is_long
        """True if calls with it may take longer than a user should wait for Ctrl-C."""
        self.about: dict[str, Any] = {}
        """The description of a family, or of an instance, as the header has it; of an instance without its mechanisms."""
        # Not at exit: the interpreter may already have taken torch and ctypes apart, and the process frees all anyway.
        weakref.finalize(self, getattr(library(), free), pointer).atexit = False

    def __reduce__(self) -> NoReturn:
        raise TypeError("An engine handle can't be pickled; its owner makes a new one.")


def create(kind: str, *arguments: Any, function: str | None = None, is_long: bool = False) -> Handle:
    pointer = c_void_p()
    call_in_slices(function or f"anc_{kind}_create", *arguments, byref(pointer), is_long=is_long)
    return Handle(pointer, f"anc_{kind}_free", is_long)
