"""The batch call for families whose strategies the user wrote in Python: the same meaning, one task at a time."""

from collections.abc import Callable

import torch
from torch import Tensor

from .._engine import _ffi
from .._engine.checks import seeds_from_tensor
from .._engine.errors import DisjointnessError
from .reserved import Reserved
from .task_sources import Source

_TRIES = 1000


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
    for attempt in range(_TRIES):
        source = draw_source(seed if attempt == 0 else _ffi.retry_seed(seed, attempt))
        if reserved is None or not reserved.has_graph(source.graph):
            return source, attempt
    assert reserved is not None
    raise DisjointnessError(
        f"{_TRIES} graphs in a row, from seed {seed} on, are among the {len(reserved)} reserved at level "
        f"{reserved.level!r}: reserve fewer graphs, or give the family more nodes."
    )
