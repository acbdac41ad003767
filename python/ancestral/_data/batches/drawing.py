"""Filling: draws the tasks of seeds by one engine call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from ..._engine import memory
from ..._engine.threads import thread_count
from ..._scm.family import SCMFamily
from ..._scm.reserved import Reserved
from .padded import Padded
from .rejections import Tally
from .task import Batch
from .training_record import Record
from .worker_memory import Layout, empty


@dataclass(frozen=True)
class Filling:
    """Draws tasks of a family: `n_samples` rows each, with or without adjacency, none of them reserved."""

    family: SCMFamily
    n_samples: int
    adjacency: bool = True
    reserved: Reserved | None = None
    tally: Tally | None = None
    """Counts tasks and rejections."""
    record: Record | None = None
    """Keeps a sample of the graphs of tasks whose places are given."""

    @property
    def ragged(self) -> bool:
        """True if tasks differ in their number of nodes."""
        return self.family.max_nodes > self.family.n_nodes

    def batch(self, seeds: Tensor, **drawing: Any) -> Batch:
        """The stacked tasks of `seeds`, int64 [B]; a ragged family's are padded. `drawing` is that of `draw`."""
        return self.draw(seeds, **drawing).batch(padded=self.ragged)

    def draw(
        self,
        seeds: Tensor,
        *,
        shared: bool | None = None,
        threads: int | None = None,
        stopped: Callable[[], bool] | None = None,
        places: Callable[[], Tensor] | None = None,
    ) -> Padded:
        """The tasks of `seeds`, int64 [B], in fresh memory; `shared` is that of `empty`.

        `threads` are the engine's, None for as many as there are processors; `stopped` is that of `_ffi.tasks_fill`. `places`
        gives int64 [B, 2], the epoch and the number of each task in its stream.
        """
        count, width = len(seeds), self.family.max_nodes
        layouts = {"x": Layout((count, self.n_samples, width))}
        if self.adjacency:
            layouts["adjacency"] = Layout((count, width, width))
        if self.ragged:
            layouts["mask"] = Layout((count, width), torch.bool)
        made = dict(zip(layouts, empty(*layouts.values(), shared=shared), strict=True))
        x, adjacency, mask = made["x"], made.get("adjacency"), made.get("mask")
        node_counts = memory.empty(count, dtype=torch.int32)
        attempts = None if self.reserved is None or self.tally is None else memory.empty(count, dtype=torch.int32)
        kept = None if self.record is None or places is None or not self.record.wants(seeds) else self.record
        hashes = None if kept is None else memory.empty(count, 32, dtype=torch.uint8)
        self.family._fill(  # pyright: ignore[reportPrivateUsage]
            seeds,
            self.n_samples,
            threads=threads or thread_count(),
            reserved=self.reserved,
            x=x,
            adjacency=adjacency,
            node_counts=node_counts,
            hashes=hashes,
            attempts=attempts,
            stopped=stopped,
        )
        if self.tally is not None:
            self.tally.add(count, 0 if attempts is None else int(attempts.sum()))
        if kept is not None and hashes is not None and places is not None:
            kept.add(seeds, places(), hashes)
        return Padded(x, adjacency, node_counts, mask)
