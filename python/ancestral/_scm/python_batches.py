"""The batch call for families whose strategies the user wrote in Python: the same meaning, one task at a time."""

import itertools
from collections.abc import Callable, Container, Mapping

import torch
from torch import Tensor

from .._config.design import Design
from .._engine import _ffi
from .._engine.checks import seeds_from_tensor
from .._engine.errors import ConfigError
from .experiment_data import Layout
from .reserved import Reserved
from .task_sources import EngineInstance, Source

_MOST_REFUSED = 1000


def fill(
    draw_source: Callable[[int], Source],
    seeds: Tensor,
    n_samples: int,
    arrays: Mapping[str, Tensor],
    *,
    design: Design | None = None,
    layout: Layout = (),
    draw: int = 0,
    reserved: Reserved | None = None,
    hashes: Tensor | None = None,
    attempts: Tensor | None = None,
    stopped: Callable[[], bool] | None = None,
) -> None:
    """Fills arrays [B, *shape] by their names, hashes [B, 32] and attempts [B]; those of a design are the layout's."""
    listed = seeds_from_tensor(seeds)
    paddings = {described.name: described.padding for described in layout}
    for name, array in arrays.items():
        array.fill_(paddings.get(name, 0))
    for index, seed in enumerate(listed):
        if stopped is not None and stopped():
            raise _ffi.Stopped
        source, rejected = _outside(draw_source, seed, reserved, design)
        data = _plain(source, n_samples, draw, arrays) if design is None else source.run(design, listed[0], draw)
        for name, own in data.items():  # Of fewer nodes, it has smaller ones.
            arrays[name][(index, *map(slice, own.shape))] = own
        if hashes is not None:
            digest = _ffi.graph_hash(source.graph, _ffi.LEVELS["exact"])
            hashes[index] = torch.tensor(list(digest), dtype=torch.uint8, device="cpu")
        if attempts is not None:
            attempts[index] = rejected


def _plain(source: Source, n_samples: int, draw: int, wanted: Container[str]) -> dict[str, Tensor]:
    """The arrays of a plain task; without rows, no mechanism is asked."""
    found = {"adjacency": source.graph, "node_counts": torch.tensor(len(source.graph), device="cpu")}
    if n_samples and "X" in wanted:
        found["X"] = source.rows(n_samples, draw)[0]
    return {name: array for name, array in found.items() if name in wanted}


def _outside(
    draw_source: Callable[[int], Source], seed: int, reserved: Reserved | None, design: Design | None
) -> tuple[Source, int]:
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
