"""Rows that modules make: a task's graph and mechanisms, run in torch over given noise."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from .._engine import _ffi
from .._engine.errors import ConfigError, EngineError
from .._engine.torch_modes import bare, exact, ordinary, untransformed
from .._mechanisms.forward import run_mechanisms
from .._mechanisms.modules import ConstantMechanism


class Changes(NamedTuple):
    """A graph with a mechanism for each node, as a user gives them or interventions leave them."""

    graph: Tensor
    """uint8 [n, n]."""
    mechanisms: list[nn.Module]
    reads: dict[int, list[int]]
    """The columns of mechanisms that read other nodes than their parents: rows of parents that were removed."""


def module_rows(mechanisms: Sequence[nn.Module], reads: Mapping[int, list[int]], noise: Tensor, seed: int) -> Tensor:
    """The rows that the modules make of given noise, float32 [rows, n]. EngineError where a value is not finite.

    `reads` are the nodes that each reads, in a topological order.
    """
    with ordinary(), torch.no_grad(), exact(noise.device):
        x = run_mechanisms(mechanisms, reads, noise).float()
    if x.is_meta:
        return x
    wrong = [node for node in reads if not bool(torch.isfinite(x[:, node]).all())]
    if wrong:
        raise EngineError(f"The mechanism of node {wrong[0]} gave a value that is not finite (seed {seed}).")
    return x


def parents_of(graph: Tensor, node: int) -> list[int]:
    """The parents of a node, ascending."""
    with untransformed():
        return _ffi.integers(bare(graph)[:, node].nonzero()[:, 0])


def copies_on(device: torch.device, mechanisms: list[nn.Module]) -> list[nn.Module]:
    """Copies, made at once so that what modules share they still share. ConfigError where they have no values to take along."""
    copies: list[Any] = copy.deepcopy(mechanisms)  # A user's own may be plain functions, which have nothing to move.
    try:
        return [module.to(device) if isinstance(module, nn.Module) else module for module in copies]
    except NotImplementedError:  # As torch says it of parameters on "meta".
        raise ConfigError(
            f'device = {str(device)!r}: must be "meta", since the mechanisms are on it and have no values; take the instance '
            "before."
        ) from None


def held(value: float) -> nn.Module:
    """The mechanism of a node that `do` holds at a value."""
    held = torch.tensor(value, dtype=torch.float32, device="cpu")
    neutral = {"input_gain": held.new_ones(0), "input_shift": held.new_zeros(0)}
    output = {"output_gain": held.new_ones(()), "output_shift": held.new_zeros(())}
    return ConstantMechanism({**neutral, **output, "value": held}, {})
