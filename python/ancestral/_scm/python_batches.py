"""The batch call for families whose strategies the user wrote in Python: the same meaning, one task at a time."""

import itertools
from collections.abc import Callable

import torch
from torch import Tensor

from .._engine import _ffi
from .._engine.checks import seeds_from_tensor
from .reserved import Reserved
from .task_sources import Source


def fill(
    draw_source: Callable[[int], Source],
    width: int,
    seeds: Tensor,
    n_samples: int,
    *,
    draw: int,
    reserved: Reserved | None,
    x: Tensor | None,
    adjacency: Tensor | None,
    node_counts: Tensor | None,
    hashes: Tensor | None,
    attempts: Tensor | None,
    stopped: Callable[[], bool] | None = None,
) -> None:
    """Fills x [B, n_samples, width], adjacency [B, width, width], node_counts [B], hashes [B, 32] and attempts [B]."""
    for output in (x, adjacency):
        if output is not None:
            output.zero_()
    for index, seed in enumerate(seeds_from_tensor(seeds)):
        if stopped is not None and stopped():
            raise _ffi.Stopped
        source, rejected = _outside(draw_source, seed, reserved)
        n_nodes = len(source.graph)
        if x is not None:
            x.view(len(seeds), n_samples, width)[index, :, :n_nodes] = source.rows(n_samples, draw)[0]
        if adjacency is not None:
            adjacency.view(len(seeds), width, width)[index, :n_nodes, :n_nodes] = source.graph
        if node_counts is not None:
            node_counts[index] = n_nodes
        if hashes is not None:
            digest = _ffi.graph_hash(source.graph, _ffi.LEVELS["exact"])
            hashes[index] = torch.tensor(list(digest), dtype=torch.uint8, device="cpu")
        if attempts is not None:
            attempts[index] = rejected


def _outside(draw_source: Callable[[int], Source], seed: int, reserved: Reserved | None) -> tuple[Source, int]:
    """The first task of a slot whose graph is not reserved, and how many were."""
    if reserved is None:
        return draw_source(seed), 0
    next_seed = seed
    for attempt in itertools.count(1):
        source = draw_source(next_seed)
        if not reserved.has_graph(source.graph):
            return source, attempt - 1
        next_seed = _ffi.retry_seed(seed, attempt, reserved.handle)  # Which ends the attempts.
    raise AssertionError
