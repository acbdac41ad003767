"""Memory for what the engine writes, or a sentence that says how much could not be had."""

import contextlib
import math
from collections.abc import Generator

import torch
from torch import Tensor

from ._errors import EngineError


def empty(*shape: int) -> Tensor:
    """Fresh float32 [*shape], not filled. EngineError where there is not so much memory."""
    with explained(shape):
        return torch.empty(shape)


@contextlib.contextmanager
def explained(shape: tuple[int, ...]) -> Generator[None]:
    """Turns the errors of torch's allocators, which are RuntimeErrors of several texts, into one sentence."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        size = math.prod(shape) * 4 / 2**20
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise EngineError(
            f"An array of shape {tuple(shape)} would take {size:.0f} MiB of memory, which can't be had: "
            f"ask for fewer tasks or rows at once ({reason})."
        ) from None
