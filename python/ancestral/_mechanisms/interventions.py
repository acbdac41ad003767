"""Mechanisms of nodes under an intervention: modules around the one that each changes."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from .given_values import Given
from .modules import EngineMechanism, LinearMechanism


class ChangedMechanism(nn.Module):
    """What is done to one node; `mechanism` is the one before, None where nothing of it is left."""

    def __init__(self, mechanism: Any, *given: Given, kind: str | None = None) -> None:
        super().__init__()
        self.mechanism = mechanism
        self.kind: str = kind or getattr(mechanism, "kind", type(mechanism).__name__)
        self.given = given
        """All that the user gave."""

    @property
    def value(self) -> Given:
        """The only value."""
        (value,) = self.given
        return value


class HeldMechanism(ChangedMechanism):
    """A value for all rows, or one for each."""

    def __init__(self, value: Given) -> None:
        super().__init__(None, value, kind="constant")

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        return self.value.column(noise).to(noise.dtype)


class StochasticMechanism(ChangedMechanism):
    """A function of the node's own noise: [rows] -> [rows]."""

    def __init__(self, law: Callable[[Tensor], object], channel: int) -> None:
        super().__init__(None, kind="stochastic")
        self.law, self.channel = law, channel

    def forward(self, parents: Tensor, noise: Tensor) -> object:
        return self.law(noise if noise.ndim == 1 else noise[:, self.channel])


class ShiftedMechanism(ChangedMechanism):
    """A value is added, in the units of the data."""

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        value: Tensor = self.mechanism(parents, noise)
        return value + self.value.column(value).to(value.dtype)


class NoiseScaledMechanism(ChangedMechanism):
    """The noise is multiplied before the mechanism reads it; other channels, such as a latent input, stay as they are."""

    def __init__(self, mechanism: Any, value: Given, channel: int) -> None:
        super().__init__(mechanism, value)
        self.channel = channel

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        columns = [*(noise[:, None] if noise.ndim == 1 else noise).unbind(1)]
        if self.channel < len(columns):
            columns[self.channel] = columns[self.channel] * self.value.column(noise).to(noise.dtype)
        return self.mechanism(parents, columns[0] if noise.ndim == 1 else torch.stack(columns, dim=1))


class CoefficientMechanism(ChangedMechanism):
    """Something is added to the weights of the linear mechanism inside, whose name within `mechanism` is `path`."""

    def __init__(self, mechanism: Any, value: Given, path: str) -> None:
        super().__init__(mechanism, value)
        self.path = path

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        name = f"{self.path}weight"
        weight, added = self.mechanism.get_parameter(name), self.value.value
        if isinstance(added, Tensor):
            added = added.to(weight.device, weight.dtype)
        return functional_call(self.mechanism, {name: weight + added}, (parents, noise))


class EdgeRemovedMechanism(ChangedMechanism):
    """Some parents' values are replaced, by given ones or by their own in other rows.

    It takes the columns of all parents that the mechanism before had. `removed` says by a column's place what it becomes:
    values, or whole numbers, which are rows of that parent.
    """

    def __init__(self, mechanism: Any, removed: Mapping[int, Given]) -> None:
        super().__init__(mechanism, *removed.values())
        self.removed = dict(removed)

    def forward(self, parents: Tensor, noise: Tensor) -> Tensor:
        columns = [*parents.unbind(1)]
        for place, given in self.removed.items():
            own = columns[place]
            found = given.column(own)
            columns[place] = found.to(own.dtype) if found.is_floating_point() else own[found.long()]
        return self.mechanism(torch.stack(columns, dim=1), noise)


def reads_channels(mechanism: object) -> bool:
    """True if a mechanism takes noise [rows, channels], as the engine's do; a user's own take [rows]."""
    return isinstance(innermost(mechanism)[1], (EngineMechanism, StochasticMechanism))


def noise_channel(mechanism: object) -> int | None:
    """The channel of a node's standard noise; None where it has none, as a value that is held."""
    inside = innermost(mechanism)[1]
    if isinstance(inside, EngineMechanism):
        return inside.channels.index("noise") if "noise" in inside.channels else None
    if isinstance(inside, StochasticMechanism):
        return inside.channel
    return None if isinstance(inside, HeldMechanism) else 0


def linear_within(mechanism: object) -> tuple[str, LinearMechanism] | None:
    """The linear mechanism inside of what is done to it, after its path; None where it is another."""
    path, inside = innermost(mechanism)
    return (path, inside) if isinstance(inside, LinearMechanism) else None


def innermost(mechanism: object) -> tuple[str, object]:
    """The mechanism before any intervention, after the path that leads to it."""
    path = ""
    while isinstance(mechanism, ChangedMechanism) and mechanism.mechanism is not None:
        mechanism, path = mechanism.mechanism, f"{path}mechanism."
    return path, mechanism


def given_rows(mechanism: object) -> int | None:
    """The only number of rows that a mechanism under interventions serves; None for any."""
    while isinstance(mechanism, ChangedMechanism):
        for given in mechanism.given:
            if given.rows is not None:
                return given.rows
        mechanism = mechanism.mechanism
    return None
