"""The seeds of tasks."""

from ctypes import byref, c_uint64

import torch
from torch import Tensor

from ..errors import ConfigError
from ..memory import empty
from .calls import call
from .handles import Handle


def stream_seeds(base_seed: int, offset: int, epoch: int, first: int, count: int) -> Tensor:
    """Seeds of training tasks first .. first + count - 1: int64 [count], the bits of uint64.

    `offset` is -1 for the elastic order, else rank * num_workers + worker_id; `epoch` is -1 for none.
    """
    out = empty(count, dtype=torch.int64)
    call("anc_stream_seeds", base_seed, offset, epoch, first, count, out.data_ptr())
    return out


def fixed_seeds(base_seed: int, count: int, name: str | None = None) -> Tensor:
    """The first seeds of a fixed set, of a run's set of that name or the default ones: int64 [count], the bits of uint64."""
    if name is not None and "\0" in name:
        raise ConfigError(f"A set's name = {name!r}: must have no NUL.")
    out = empty(count, dtype=torch.int64)
    call("anc_fixed_seeds", base_seed, None if name is None else name.encode(), 0, count, out.data_ptr())
    return out


def analysis_seeds(base_seed: int, count: int) -> Tensor:
    """Seeds of tasks that are drawn to be looked at: int64 [count], the bits of uint64."""
    out = empty(count, dtype=torch.int64)
    call("anc_analysis_seeds", base_seed, count, out.data_ptr())
    return out


def retry_seed(seed: int, attempt: int, reserved: Handle | None = None) -> int:
    """The seed of attempt >= 1 at the task whose first seed is `seed`; both in [0, 2^64).

    With `reserved`, the graphs that all attempts before it had, DisjointnessError once there are as many as are made.
    """
    out = c_uint64()
    call("anc_retry_seed", None if reserved is None else reserved.pointer, seed, attempt, byref(out))
    return out.value
