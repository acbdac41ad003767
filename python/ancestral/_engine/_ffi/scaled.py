"""Rows on another scale."""

import torch
from torch import Tensor

from ..memory import empty
from .calls import call, in_thread
from .handles import pointer

_LONG_VALUES = 1 << 24
"""Above, it may take longer than a user should wait for Ctrl-C."""


def standardize(x: Tensor) -> Tensor:
    """float32 [..., rows, n] with each column at mean 0 and population standard deviation 1 over its rows; fresh memory."""
    rows, columns = x.shape[-2:]
    out = empty(*x.shape)
    count = x.numel() // max(1, rows * columns)
    given = pointer(x, "x", torch.float32, count * rows * columns)

    def work() -> None:
        call("anc_standardize", given, count, rows, columns, out.data_ptr())

    if x.numel() > _LONG_VALUES:
        in_thread(work)
    else:
        work()
    return out
