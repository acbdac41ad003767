"""Batches of tasks, and their noise."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .calls import call, call_in_slices
from .handles import Handle, pointer

_NOISE_VALUES_PER_CALL = 1 << 20


def tasks_fill(
    family: Handle,
    seeds: Tensor,
    n_samples: int,
    *,
    x: Tensor | None = None,
    adjacency: Tensor | None = None,
    node_counts: Tensor | None = None,
    **drawing: Any,
) -> None:
    """Fills a whole batch of B tasks, of at most N nodes each, into memory that the caller allocated.

    seeds int64 [B], x float32 [B, n_samples, N], adjacency float32 [B, N, N], node_counts int32 [B]: contiguous CPU tensors,
    all outputs optional. Columns past a task's node count are 0. `drawing` is what `batch_fill` takes.
    """
    count, width = seeds.numel(), family.about["max_nodes"]
    outputs = (
        pointer(x, "x", torch.float32, count * n_samples * width),
        pointer(adjacency, "adjacency", torch.float32, count * width * width),
        pointer(node_counts, "node_counts", torch.int32, count),
    )
    batch_fill("anc_tasks_fill", family, (), seeds, (n_samples,), outputs, **drawing)


def batch_fill(
    name: str,
    family: Handle,
    others: Sequence[Any],
    seeds: Tensor,
    sizes: Sequence[int],
    outputs: Sequence[Any],
    *,
    draw: int = 0,
    threads: int = 1,
    reserved: Handle | None = None,
    hashes: Tensor | None = None,
    attempts: Tensor | None = None,
    stopped: Callable[[], bool] | None = None,
) -> None:
    """Calls a function that fills the tasks of seeds, int64 [B]: `others` come after the family, `sizes` after the seeds.

    hashes uint8 [B, 32], attempts int32 [B], both optional. A task whose graph is reserved is drawn again with retry_seed 1, 2,
    ...; DisjointnessError when no bounded number of tries helps; Stopped when `stopped` says so between two slices.
    """
    count = seeds.numel()
    rows_done = np.zeros(count, np.int64)
    call_in_slices(
        name,
        family.pointer,
        *others,
        None if reserved is None else reserved.pointer,
        pointer(seeds, "seeds", torch.int64, count),
        count,
        *sizes,
        draw,
        threads,
        rows_done.ctypes.data,
        *outputs,
        pointer(hashes, "hashes", torch.uint8, count * 32),
        pointer(attempts, "attempts", torch.int32, count),
        is_long=family.is_long,
        stopped=stopped,
    )


def noise_fill(family: Handle, seed: int, draw: int, out: Tensor) -> None:
    """Standard noise of the family's law into `out`, float32 [rows, n_nodes], for mechanisms that live outside the engine."""
    rows, n_nodes = out.shape
    pointer(out, "out", torch.float32, rows * n_nodes)
    step = max(1, _NOISE_VALUES_PER_CALL // max(1, n_nodes))
    for first in range(0, rows, step):
        part = out[first : first + step]
        call("anc_noise_fill", family.pointer, seed, n_nodes, first, len(part), draw, part.data_ptr())
