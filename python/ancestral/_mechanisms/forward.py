"""Rows from given noise: a task's mechanisms, one after the other, in torch."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from .._engine.errors import ConfigError
from .._engine.torch_modes import exact
from .interventions import reads_channels


def run_mechanisms(mechanisms: Sequence[Callable[..., object]], parents: Mapping[int, list[int]], noise: Tensor) -> Tensor:
    """X[:, j] = mechanisms[j](X[:, parents[j]], noise[:, j]): noise [rows, n, channels] -> X [rows, n].

    `parents` has the nodes in a topological order. A module computes in the dtype of its parameters, or in that of the
    noise when it has none. Gradients flow to the parameters and to the noise. ConfigError when a module gives no tensor
    [rows], and for a list of modules that is none of one per node.
    """
    if len(mechanisms) != len(parents):
        raise ConfigError(f"mechanisms has {len(mechanisms)} modules: must have {len(parents)}, one per node.")
    with exact(noise.device):
        return _columns(mechanisms, parents, noise)


def _columns(mechanisms: Sequence[Callable[..., object]], parents: Mapping[int, list[int]], noise: Tensor) -> Tensor:
    columns: list[Tensor] = [noise.new_empty(0)] * len(mechanisms)
    for node, own in parents.items():
        module = mechanisms[node]
        if not callable(module):
            raise ConfigError(f"mechanisms[{node}] = {module!r}: must be a module (parents, noise) -> [rows].")
        dtype = next((parameter.dtype for parameter in _parameters(module)), noise.dtype)
        # Copies, so that a module which changes its input in place changes nothing of the caller's.
        inputs = torch.stack([columns[parent] for parent in own], dim=1) if own else noise.new_empty(len(noise), 0)
        behind = noise[:, node] if reads_channels(module) else noise[:, node, 0]
        columns[node] = _column(node, module(inputs.to(dtype), behind.to(dtype, copy=True)), len(noise))
    # Modules may differ in their dtypes, which `stack` promotes to one.
    return torch.stack(columns, dim=1)


def _parameters(mechanism: Callable[..., object]) -> Iterator[nn.Parameter]:
    """None for a plain function, which a user's own factory may give too."""
    return mechanism.parameters() if isinstance(mechanism, nn.Module) else iter(())


def _column(node: int, value: object, rows: int) -> Tensor:
    if not isinstance(value, Tensor) or value.shape != (rows,):
        found = f"a tensor {list(value.shape)}" if isinstance(value, Tensor) else f"a {type(value).__name__}"
        raise ConfigError(f"The mechanism of node {node} gave {found}: must give a tensor [{rows}].")
    return value


def check_noise(noise: object, n_nodes: int, channels: int) -> Tensor:
    """Noise [rows, n_nodes, channels] of floating-point numbers."""
    right = f"must be a floating-point tensor [n_samples, {n_nodes}, {channels}], as `noise(n_samples)` gives it"
    if not isinstance(noise, Tensor):
        raise ConfigError(f"noise is of type {type(noise).__name__}: {right}.")
    if noise.ndim != 3 or noise.shape[1:] != (n_nodes, channels):
        raise ConfigError(f"noise has shape {list(noise.shape)}: {right}.")
    if noise.layout != torch.strided:
        raise ConfigError(f"noise has layout {noise.layout}: {right}, which is dense.")
    if not noise.is_floating_point():
        raise ConfigError(f"noise has dtype {noise.dtype}: {right}.")
    return noise


def check_device(device: object) -> torch.device:
    """A device from one or its name."""
    try:
        if not isinstance(device, (str, torch.device)):
            raise TypeError
        return torch.device(device)
    except (RuntimeError, TypeError):
        raise ConfigError(f'device = {device!r}: must be a torch.device or its name, such as "cpu" or "cuda:0".') from None


def check_present(device: object) -> torch.device:
    """A device that tensors can be on now; it is used to tell, so not before a fork."""
    given = check_device(device)
    try:
        torch.empty(0, device=given)
    except (RuntimeError, AssertionError, NotImplementedError) as error:  # As torch says it of a device that it lacks.
        raise ConfigError(
            f"device = {device!r}: must be a device that torch has here ({str(error).partition(chr(10))[0]})."
        ) from None
    return given
