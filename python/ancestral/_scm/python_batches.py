"""The batch call for families whose strategies the user wrote in Python: the same meaning, one task at a time."""

import itertools
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch
from torch import Tensor

from .._config.design import Design
from .._engine import _ffi
from .._engine.checks import seeds_from_tensor
from .._engine.errors import ConfigError
from .experiment_data import Layout
from .reserved import Reserved
from .task_sources import EngineInstance, Source

T = TypeVar("T", bound=Source)
_MOST_REFUSED = 1000


def fill(
    draw_source: Callable[[int], Source],
    width: int,
    seeds: Tensor,
    n_samples: int,
    *,
    reserved: Reserved | None = None,
    draw: int = 0,
    x: Tensor | None = None,
    adjacency: Tensor | None = None,
    node_counts: Tensor | None = None,
    hashes: Tensor | None = None,
    attempts: Tensor | None = None,
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
        _tell(index, source.graph, rejected, hashes, attempts)


def fill_experiments(
    draw_source: Callable[[int], EngineInstance],
    design: Design,
    seeds: Tensor,
    layout: Layout,
    arrays: Sequence[Tensor],
    *,
    reserved: Reserved | None = None,
    draw: int = 0,
    hashes: Tensor | None = None,
    attempts: Tensor | None = None,
    stopped: Callable[[], bool] | None = None,
) -> None:
    """Fills one array for each entry of the layout, [B, *shape], and hashes and attempts as `fill` does."""
    listed = seeds_from_tensor(seeds)
    for array, described in zip(arrays, layout, strict=True):
        array.fill_(described.padding)
    for index, seed in enumerate(listed):
        if stopped is not None and stopped():
            raise _ffi.Stopped
        source, rejected = _outside(draw_source, seed, reserved, design)
        data = source.run(design, first_seed=listed[0], draw=draw)
        for array, own in zip(arrays, data.values(), strict=True):  # Of fewer nodes, it has smaller ones.
            array[(index, *map(slice, own.shape))] = own
        _tell(index, source.graph, rejected, hashes, attempts)


def _tell(index: int, graph: Tensor, rejected: int, hashes: Tensor | None, attempts: Tensor | None) -> None:
    if hashes is not None:
        digest = _ffi.graph_hash(graph, _ffi.LEVELS["exact"])
        hashes[index] = torch.tensor(list(digest), dtype=torch.uint8, device="cpu")
    if attempts is not None:
        attempts[index] = rejected


def _outside(
    draw_source: Callable[[int], T], seed: int, reserved: Reserved | None, design: Design | None = None
) -> tuple[T, int]:
    """The first task of a slot whose graph is not reserved and has room for the design, and how many before it had not."""
    refused, next_seed = 0, seed
    for attempt in itertools.count(1):
        source = draw_source(next_seed)
        if reserved is None or not reserved.has_graph(source.graph):
            if design is None or not isinstance(source, EngineInstance) or source.admits(design):
                return source, attempt - 1
            refused += 1
        if refused == _MOST_REFUSED:
            raise ConfigError(
                f"design can't be had of {refused} graphs in a row, from seed {seed} on: must be one that graphs of the family "
                "have room for."
            )
        next_seed = _ffi.retry_seed(seed, attempt, None if reserved is None else reserved.handle)  # Which ends the attempts.
    raise AssertionError
