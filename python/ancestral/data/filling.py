"""Seeds in, tasks out: one engine call."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .._reserved import Reserved
from .._threads import thread_count
from ..family import SCMFamily
from .memory import empty
from .padded import Padded
from .tally import Tally
from .task import Batch


@dataclass(frozen=True)
class Filling:
    """How tasks of a family are drawn: `n_samples` rows each, with or without adjacency, none of them reserved."""

    family: SCMFamily
    n_samples: int
    adjacency: bool = True
    reserved: Reserved | None = None
    tally: Tally | None = None
    """Counts tasks and rejections where graphs are reserved."""

    @property
    def ragged(self) -> bool:
        """Whether tasks differ in their number of nodes."""
        return self.family.max_nodes > self.family.n_nodes

    def batch(self, seeds: Tensor, *, threads: int | None = None, stopped: Callable[[], bool] | None = None) -> Batch:
        """The stacked tasks of `seeds`, int64 [B]; a ragged family's are padded."""
        return self.draw(seeds, threads=threads, stopped=stopped).batch(padded=self.ragged)

    def draw(
        self,
        seeds: Tensor,
        *,
        shared: bool | None = None,
        threads: int | None = None,
        stopped: Callable[[], bool] | None = None,
    ) -> Padded:
        """The tasks of `seeds`, int64 [B], in fresh memory; `shared` is that of `empty`.

        `threads` are the engine's, None for as many as there are processors; `stopped` is that of `_ffi.tasks_fill`.
        """
        count, width = len(seeds), self.family.max_nodes
        x = empty(count, self.n_samples, width, shared=shared)
        adjacency = empty(count, width, width, shared=shared) if self.adjacency else None
        node_counts = torch.empty(count, dtype=torch.int32)
        attempts = None if self.reserved is None or self.tally is None else torch.empty(count, dtype=torch.int32)
        self.family._fill(  # pyright: ignore[reportPrivateUsage]
            seeds,
            self.n_samples,
            threads=threads or thread_count(),
            reserved=self.reserved,
            x=x,
            adjacency=adjacency,
            node_counts=node_counts,
            attempts=attempts,
            stopped=stopped,
        )
        if attempts is not None and self.tally is not None:
            self.tally.add(count, int(attempts.sum()))
        return Padded(x, adjacency, node_counts)
