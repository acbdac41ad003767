"""MechanismData: a task's rows, and its mechanisms run over values that a picture asks for."""

from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor

from .drawable import Drawable

_ROWS, _NOISES, _NOISES_OF_CLASSES = 300, 64, 512


@dataclass(frozen=True)
class MechanismData:
    """The data behind the pictures of a task's mechanisms."""

    instance: Drawable
    x: Tensor
    """float32 [rows, n]."""
    noise: Tensor
    """float32 [noises, n, K]; shares of classes take more of it than quantiles."""
    counts: list[int]
    """How many classes each node has; 0 where it has none."""
    kinds: list[int]
    """What each node's values are, as SCMInstance.kind."""

    @classmethod
    def of(cls, instance: Drawable) -> "MechanismData":
        """Of rows and noise whose draws are always the same."""
        kinds = cast("list[int]", instance.kind.tolist())
        counts = cast("list[int]", instance.n_classes.tolist())
        noises = _NOISES_OF_CLASSES if any(kinds) else _NOISES
        return cls(instance, instance.sample(_ROWS, draw=0), instance.noise(noises, draw=1), counts, kinds)

    @property
    def band(self) -> str:
        """What a band of a mechanism's picture is."""
        return f"10-90 % over noise, other parents at their medians{' or modes' if any(self.counts) else ''}"

    def classes(self, node: int) -> int:
        """How many classes a node has; 0 where it has none."""
        return self.counts[node]

    def is_discrete(self, node: int) -> bool:
        """Whether it has classes or counts."""
        return self.kinds[node] > 0

    def values(self, varied: tuple[int, ...], child: int, at: Tensor) -> Tensor:
        """The values of the child's mechanism where `varied` are `at` [points, varied]: [points, noises].

        Other parents are at their medians, or their most frequent classes.
        """
        parents = self.instance.parents(child)
        columns = self.x[:, parents]
        modes = torch.tensor([self.counts[parent] > 0 for parent in parents])
        middle = torch.where(modes, columns.mode(dim=0).values, columns.median(dim=0).values)
        inputs = middle.repeat(len(at), 1)
        inputs[:, [parents.index(parent) for parent in varied]] = at
        noise = self.noise if self.is_discrete(child) else self.noise[:_NOISES]
        noises = len(noise)
        noise = noise[:, child].repeat(len(at), 1)
        with torch.no_grad():
            values = self.instance.mechanisms[child](
                inputs.repeat_interleave(noises, dim=0), noise[:, 0] if noise.shape[1] == 1 else noise
            )
        return values.view(len(at), noises)
