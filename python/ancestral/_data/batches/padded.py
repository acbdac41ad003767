"""Padded: a batch as the engine writes it, every task as wide as the widest one can be."""

from typing import NamedTuple

import torch
from torch import Tensor

from ..._engine import _ffi
from .task import Batch, PaddedTask, PaddedX, Single, Task


class Padded(NamedTuple):
    """B tasks in arrays of N nodes; what lies past a task's own nodes is 0."""

    x: Tensor
    """float32 [B, n_samples, N]"""
    adjacency: Tensor | None
    """float32 [B, N, N]"""
    node_counts: Tensor
    """int32 [B]"""
    mask: Tensor | None = None
    """Memory for bool [B, N], beside that of x."""

    def node_mask(self) -> Tensor:
        """bool [B, N]; True for a task's own nodes."""
        places = torch.arange(self.x.shape[2], device=self.node_counts.device)
        return torch.lt(places, self.node_counts[:, None], out=self.mask)

    def batch(self, *, padded: bool) -> Batch:
        """All of them stacked; `padded` says that their node mask belongs to them."""
        if self.adjacency is None:
            return PaddedX(self.x, self.node_mask()) if padded else self.x
        return PaddedTask(self.x, self.adjacency, self.node_mask()) if padded else Task(self.x, self.adjacency)

    def singles(self) -> list[Single]:
        """The tasks one by one, each of its own size; those of full size are views."""
        return [self._single(index, n_nodes) for index, n_nodes in enumerate(_ffi.integers(self.node_counts))]

    def _single(self, index: int, n_nodes: int) -> Single:
        x, adjacency = self.x[index], None if self.adjacency is None else self.adjacency[index]
        if n_nodes < self.x.shape[2]:
            x = x[:, :n_nodes].contiguous()
            adjacency = None if adjacency is None else adjacency[:n_nodes, :n_nodes].contiguous()
        return x if adjacency is None else Task(x, adjacency)
