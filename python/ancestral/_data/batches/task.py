"""Task, PaddedTask and PaddedX, which the datasets yield: named tuples, as torch's own collate and pinning keep their type."""

from typing import NamedTuple, TypeAlias

from torch import Tensor

from ..._scm.experiment_data import ExperimentData


class Task(NamedTuple):
    """Data and the graph behind it; stacked, both have a leading batch dimension B."""

    X: Tensor
    """float32 [n_samples, n]; row r is a sample, column j a node."""
    adjacency: Tensor
    """float32 [n, n] of 0 and 1; adjacency[i, j] == 1 means i -> j."""


class PaddedTask(NamedTuple):
    """Stacked tasks of different sizes, padded with zeros to a common number of nodes N."""

    X: Tensor
    """float32 [B, n_samples, N]; 0 where node_mask is False."""
    adjacency: Tensor
    """float32 [B, N, N] of 0 and 1; adjacency[b, i, j] == 1 means i -> j."""
    node_mask: Tensor
    """bool [B, N]; True for a task's own nodes, which come first."""


class PaddedX(NamedTuple):
    """A PaddedTask without its graphs, which a dataset with `return_adjacency=False` leaves out."""

    X: Tensor
    """float32 [B, n_samples, N]; 0 where node_mask is False."""
    node_mask: Tensor
    """bool [B, N]; True for a task's own nodes, which come first."""


# One plain task.
PlainSingle: TypeAlias = Task | Tensor
# One task, X alone when a dataset was told to leave the adjacency out, or an experiment when it has a design.
Single: TypeAlias = Task | Tensor | ExperimentData
# A stacked batch of them.
Batch: TypeAlias = Task | PaddedTask | PaddedX | Tensor | ExperimentData
