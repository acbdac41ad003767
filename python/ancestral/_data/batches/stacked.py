"""Stacked: a batch as the engine writes it, in arrays of a layout as large as the largest task can be."""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor

from ..._engine import _ffi
from ..._scm.experiment_data import Array, ExperimentData, Layout
from .task import Batch, PaddedTask, PaddedX, Single, Task

X, ADJACENCY, NODE_COUNTS, NODE_MASK = "X", "adjacency", "node_counts", "node_mask"


def task_layout(n_samples: int, width: int, *, adjacency: bool) -> Layout:
    """The arrays of plain tasks of at most `width` nodes: rows, graphs and numbers of nodes."""
    graph = [Array(ADJACENCY, torch.float32, (width, width))] if adjacency else []
    return Array(X, torch.float32, (n_samples, width)), *graph, Array(NODE_COUNTS, torch.int32, ())


class Stacked(NamedTuple):
    """B tasks by the names of their arrays, [B, *shape]; what lies past a task's own sizes is 0, or the array's padding."""

    arrays: Mapping[str, Tensor]
    layout: Layout | None = None
    """Of experiments, which become dicts; None for plain tasks, which become tuples."""

    def batch(self, *, padded: bool) -> Batch:
        """All of them stacked; `padded` says that plain tasks differ in size, so that a mask of their nodes belongs to them."""
        if self.layout is not None:
            return ExperimentData(self.arrays, self.layout)
        x, graph = self.arrays[X], self.arrays.get(ADJACENCY)
        if graph is None:
            return PaddedX(x, self._node_mask()) if padded else x
        return PaddedTask(x, graph, self._node_mask()) if padded else Task(x, graph)

    def singles(self) -> list[Single]:
        """The tasks one by one: plain ones of their own size, views where it is the full one; experiments are views."""
        if self.layout is not None:
            parts = zip(*self.arrays.values(), strict=True)
            return [ExperimentData(zip(self.arrays, part, strict=True), self.layout) for part in parts]
        return [self._single(index, n_nodes) for index, n_nodes in enumerate(_ffi.integers(self.arrays[NODE_COUNTS]))]

    def rows_alone(self) -> "Stacked":
        """The same as plain tasks without graphs; experiments are those of a design of rows alone."""
        counts = self.arrays[NODE_COUNTS if self.layout is None else "n_nodes"]
        return Stacked({X: self.arrays[X], NODE_COUNTS: counts})

    def _node_mask(self) -> Tensor:
        """bool [B, N], into memory beside that of X if there is any; True for a task's own nodes."""
        counts = self.arrays[NODE_COUNTS]
        places = torch.arange(self.arrays[X].shape[2], device=counts.device)
        return torch.lt(places, counts[:, None], out=self.arrays.get(NODE_MASK))

    def _single(self, index: int, n_nodes: int) -> Single:
        x, graph = self.arrays[X][index], self.arrays.get(ADJACENCY)
        graph = None if graph is None else graph[index]
        if n_nodes < x.shape[1]:
            x = x[:, :n_nodes].contiguous()
            graph = None if graph is None else graph[:n_nodes, :n_nodes].contiguous()
        return x if graph is None else Task(x, graph)
