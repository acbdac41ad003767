"""Engine objects that pickle: each keeps what it was made from, and makes its handle where it is first needed."""

from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from . import _ffi
from ._description import build_mechanisms, parse_description
from ._errors import ConfigError, EngineError
from ._lazy import lazy
from ._threads import thread_count
from .config import FamilyConfig
from .mechanisms import ConstantMechanism
from .mixture import MixtureConfig


class EngineFamily:
    """A configuration and its handle."""

    def __init__(self, config: FamilyConfig | MixtureConfig) -> None:
        self.config = config

    @lazy
    def handle(self) -> _ffi.Handle:
        return _ffi.family_create(self.config.to_json())

    def __reduce__(self) -> tuple[Any, ...]:
        return EngineFamily, (self.config,)


class EngineInstance:
    """A task whose mechanisms live in the engine, over the engine's graph or the caller's (`graph`, uint8 [n, n])."""

    def __init__(self, family: EngineFamily, seed: int, graph: Tensor | None = None) -> None:
        self._family, self._seed, self._given = family, seed, graph

    def __reduce__(self) -> tuple[Any, ...]:
        return EngineInstance, (self._family, self._seed, self._given)

    def do(self, values: dict[int, float]) -> "Source":
        return IntervenedInstance(self, values)

    @lazy
    def _handle(self) -> _ffi.Handle:
        return _ffi.instance_create(self._family.handle, self._seed, self._given)

    @lazy
    def _description(self) -> dict[str, Any]:
        return parse_description(_ffi.instance_mechanisms(self._handle))

    @property
    def component(self) -> int:
        return self._description["component"]

    @lazy
    def graph(self) -> Tensor:
        return _ffi.instance_adjacency(self._handle)

    @lazy
    def order(self) -> list[int]:
        return _ffi.instance_order(self._handle)

    @lazy
    def mechanisms(self) -> list[nn.Module]:
        values = _ffi.instance_parameters(self._handle, self._description["parameter_count"])
        return build_mechanisms(self._description, values)

    def rows(self, n_samples: int, draw: int, *, noise: bool = False) -> tuple[Tensor, Tensor]:
        n_nodes = len(self.graph)
        x = torch.empty(n_samples, n_nodes)
        channels = self._description["noise_channels"] if noise else 0
        behind = torch.empty(n_samples, n_nodes, channels)
        _ffi.instance_sample(
            self._handle,
            n_samples,
            draw=draw,
            x=x,
            noise=behind if noise else None,
            channels=channels,
            threads=thread_count(),
        )
        return x, behind


class IntervenedInstance(EngineInstance):
    """A task of the engine under an intervention."""

    def __init__(self, before: EngineInstance, values: dict[int, float]) -> None:
        self._before, self._values = before, values

    def __reduce__(self) -> tuple[Any, ...]:
        return IntervenedInstance, (self._before, self._values)

    @lazy
    def _handle(self) -> _ffi.Handle:
        return _ffi.instance_do(self._before._handle, self._values)


class ModuleInstance:
    """A task whose mechanisms are the caller's modules, run in torch over the engine's noise."""

    component = 0

    def __init__(self, family: EngineFamily, seed: int, graph: Tensor, mechanisms: list[nn.Module]) -> None:
        self._family, self._seed, self.graph, self.mechanisms = family, seed, graph, mechanisms
        self.order = _ffi.graph_order(graph)
        self._parents = [graph[:, node].nonzero()[:, 0] for node in range(len(graph))]

    def do(self, values: dict[int, float]) -> "Source":
        graph, mechanisms = self.graph.clone(), list(self.mechanisms)
        for node, value in values.items():
            graph[:, node] = 0
            mechanisms[node] = _held(value)
        return ModuleInstance(self._family, self._seed, graph, mechanisms)

    def rows(self, n_samples: int, draw: int, *, noise: bool = False) -> tuple[Tensor, Tensor]:
        behind = torch.empty(n_samples, len(self.graph))
        _ffi.noise_fill(self._family.handle, self._seed, draw, behind)
        x = torch.zeros(n_samples, len(self.graph))
        with torch.no_grad():
            for node in self.order:
                x[:, node] = self._column(node, x[:, self._parents[node]], behind[:, node].clone())
        return x, behind[:, :, None]

    def _column(self, node: int, parents: Tensor, noise: Tensor) -> Tensor:
        value: object = self.mechanisms[node](parents, noise)
        if not isinstance(value, Tensor) or value.shape != noise.shape:
            found = f"a tensor {list(value.shape)}" if isinstance(value, Tensor) else f"a {type(value).__name__}"
            raise ConfigError(f"The mechanism of node {node} gave {found}: must give a tensor [{len(noise)}].")
        if not bool(torch.isfinite(value).all()):
            raise EngineError(f"The mechanism of node {node} gave a value that is not finite (seed {self._seed}).")
        return value


def _held(value: float) -> nn.Module:
    neutral = {"input_gain": torch.ones(0), "input_shift": torch.zeros(0)}
    output = {"output_gain": torch.ones(()), "output_shift": torch.zeros(())}
    return ConstantMechanism({**neutral, **output, "value": torch.tensor(value)}, {})


# Where an SCMInstance gets everything from.
Source: TypeAlias = EngineInstance | ModuleInstance
