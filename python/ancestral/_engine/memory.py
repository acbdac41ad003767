"""Fresh tensors that the engine writes to, or a sentence that says how much memory they would take.

torch has settings for the whole process, or for a thread, that change what a plain `torch.empty(3)` gives: its default dtype
and device, and inference mode. What is made here is float32 on the CPU and an ordinary tensor whatever they are.
"""

import contextlib
import math
from collections.abc import Generator

import torch
from torch import Tensor

from .errors import EngineError


def empty(*shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Fresh memory of the CPU, [*shape], not filled. EngineError where there is not so much."""
    try:  # Without a context manager, which would take as long as torch does.
        if torch.is_inference_mode_enabled():
            with torch.inference_mode(False):
                fresh = torch.empty(shape, dtype=dtype, device="cpu")
        else:
            fresh = torch.empty(shape, dtype=dtype, device="cpu")
    except (RuntimeError, MemoryError):
        with explained(shape, dtype.itemsize):
            raise
    return check_real(fresh)


def check_real(tensor: Tensor) -> Tensor:
    """The tensor. EngineError where a mode of torch has put one without memory in its place."""
    if type(tensor) is Tensor:
        if torch._C._functorch.is_functorch_wrapped_tensor(tensor):  # pyright: ignore
            raise EngineError(
                "A tensor that is made under torch.func.grad, jvp and the like has no memory that the engine could read or "
                "write: draw tasks and rows outside of the function, and give them to it."
            )
    elif type(tensor).__name__ in ("FakeTensor", "FunctionalTensor"):
        raise EngineError(
            f"A tensor of type {type(tensor).__name__} has no memory that the engine could read or write: leave "
            "FakeTensorMode, torch.export and the like before you draw tasks or look at graphs."
        )
    return tensor


@contextlib.contextmanager
def explained(shape: tuple[int, ...], bytes_each: int = 4) -> Generator[None]:
    """Turns the errors of torch's allocators, which are RuntimeErrors of several texts, into one sentence."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        size = math.prod(shape) * bytes_each / 2**20
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise EngineError(
            f"An array of shape {tuple(shape)} would take {size:.0f} MiB of memory, which can't be had: "
            f"ask for fewer tasks or rows at once ({reason})."
        ) from None
