"""Seeds in, tasks out: one engine call."""

from dataclasses import dataclass

import torch
from torch import Tensor

from .._reserved import Reserved
from .._threads import thread_count
from ..family import SCMFamily
from .memory import empty
from .padded import Padded
from .task import Batch, PaddedTask, Task


@dataclass(frozen=True)
class Filling:
    """How tasks of a family are drawn: `n_samples` rows each, with or without adjacency, none of them reserved."""

    family: SCMFamily
    n_samples: int
    adjacency: bool = True
    reserved: Reserved | None = None

    @property
    def ragged(self) -> bool:
        """Whether tasks differ in their number of nodes."""
        return self.family.max_nodes > self.family.n_nodes

    def batch(self, seeds: Tensor) -> Batch:
        """The stacked tasks of `seeds`, int64 [B]; a ragged family's are padded."""
        drawn = self.draw(seeds)
        if drawn.adjacency is None:
            return drawn.x
        return PaddedTask(drawn.x, drawn.adjacency, drawn.node_mask()) if self.ragged else Task(drawn.x, drawn.adjacency)

    def draw(self, seeds: Tensor, *, shared: bool | None = None) -> Padded:
        """The tasks of `seeds`, int64 [B], in fresh memory; `shared` is that of `empty`."""
        count, width = len(seeds), self.family.max_nodes
        x = empty(count, self.n_samples, width, shared=shared)
        adjacency = empty(count, width, width, shared=shared) if self.adjacency else None
        node_counts = torch.empty(count, dtype=torch.int32)
        self.family._fill(  # pyright: ignore[reportPrivateUsage]
            seeds,
            self.n_samples,
            threads=thread_count(),
            reserved=self.reserved,
            x=x,
            adjacency=adjacency,
            node_counts=node_counts,
        )
        return Padded(x, adjacency, node_counts)
