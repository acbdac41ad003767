"""A batch as the engine writes it: every task as wide as the widest one can be."""

from typing import NamedTuple

import torch
from torch import Tensor

from .. import _ffi
from .task import Batch, PaddedTask, Single, Task


class Padded(NamedTuple):
    """B tasks in arrays of N nodes; what lies past a task's own nodes is 0."""

    x: Tensor
    """float32 [B, n_samples, N]"""
    adjacency: Tensor | None
    """float32 [B, N, N]"""
    node_counts: Tensor
    """int32 [B]"""

    def node_mask(self) -> Tensor:
        """bool [B, N]; True for a task's own nodes."""
        return torch.arange(self.x.shape[2]) < self.node_counts[:, None]

    def batch(self, *, padded: bool) -> Batch:
        """All of them stacked; `padded` says that their node mask belongs to them."""
        if self.adjacency is None:
            return self.x
        return PaddedTask(self.x, self.adjacency, self.node_mask()) if padded else Task(self.x, self.adjacency)

    def singles(self) -> list[Single]:
        """The tasks one by one, each of its own size; those of full size are views."""
        return [self._single(index, n_nodes) for index, n_nodes in enumerate(_ffi.integers(self.node_counts))]

    def _single(self, index: int, n_nodes: int) -> Single:
        x = self.x[index, :, :n_nodes].contiguous()
        return x if self.adjacency is None else Task(x, self.adjacency[index, :n_nodes, :n_nodes].contiguous())
