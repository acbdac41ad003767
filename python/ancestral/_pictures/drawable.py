"""Drawable: the protocol of a task that can be drawn, and Intervention: what was done to it."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from torch import Tensor, nn


class Drawable(Protocol):
    """A task whose graph, mechanisms and data can be drawn, such as an SCMInstance on the CPU."""

    @property
    def seed(self) -> int: ...
    @property
    def n_nodes(self) -> int: ...
    @property
    def mechanisms(self) -> list[nn.Module]: ...
    @property
    def topological_order(self) -> list[int]: ...
    @property
    def kind(self) -> Tensor: ...
    @property
    def n_classes(self) -> Tensor: ...
    def parents(self, j: int) -> list[int]: ...
    def sample(self, n_samples: int, *, draw: int | None = None) -> Tensor: ...
    def noise(self, n_samples: int, *, draw: int = 0) -> Tensor: ...


class Intervention(NamedTuple):
    """What was done to a task that is drawn."""

    before: Drawable
    """The task without it."""
    targets: Mapping[int, str]
    """What was done to which nodes."""
