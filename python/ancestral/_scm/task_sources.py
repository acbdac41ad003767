"""Sources of a task's rows and mechanisms, which pickle: each keeps what it was made from, and makes its handle when needed."""

import copy
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn

from .._config.any_config import AnyConfig
from .._config.design import Design
from .._config.kept_handle import kept_handle
from .._engine import _ffi
from .._engine.errors import ConfigError
from .._engine.lazy import lazy
from .._engine.memory import empty
from .._engine.threads import thread_count
from .._engine.torch_modes import in_plain, make_ordinary
from .._mechanisms.changes import are_untouched, compute_alike
from .._mechanisms.description import build_mechanisms
from .discrete_values import check_value
from .engine_designs import run_design
from .experiment_data import ExperimentData
from .module_rows import Changes, copies_on, held, module_rows, parents_of

# What `to` and the user change of an instance.
_CHANGING = ("device", "mechanisms")


class EngineInstance:
    """A task whose mechanisms live in the engine, over the engine's graph or the caller's (`graph`, uint8 [n, n])."""

    device = torch.device("cpu")
    """The device of rows and mechanisms; the engine draws on the CPU in any case."""
    reads: Mapping[int, list[int]] = MappingProxyType({})
    """The nodes that mechanisms read where those are not the parents."""

    def __init__(self, family: AnyConfig, seed: int, graph: Tensor | None = None) -> None:
        self._family, self._seed, self._given = family, seed, graph

    def __reduce__(self) -> tuple[Any, ...]:
        return EngineInstance, (self._family, self._seed, self._given), self._touched

    @property
    def _touched(self) -> dict[str, Any]:
        """The parts that `to` or the user has set, to pickle. Mechanisms that are as they were drawn are drawn anew."""
        own = self.__dict__
        if "device" in own or ("mechanisms" in own and not are_untouched(self.mechanisms, self._drawn())):
            return {key: own[key] for key in _CHANGING if key in own}
        return {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        make_ordinary(state.get("mechanisms", []))

    def to(self, device: torch.device) -> "Source":
        moved = object.__new__(type(self))  # With the same handle, which is read only.
        moved.__dict__.update(self.__dict__, device=device, mechanisms=copies_on(device, self.mechanisms))
        return moved

    def _bare(self) -> "EngineInstance":
        """With the same handle, and nothing that changes."""
        bare = object.__new__(type(self))
        bare.__dict__.update({key: value for key, value in self.__dict__.items() if key not in _CHANGING})
        return bare

    def changed(self, changes: Changes) -> "Source":
        """The task with other mechanisms, as its own modules where they stay; over the same noise."""
        return ModuleInstance(self._family, self._seed, changes, self.device, self.order, self._bare())

    @in_plain
    def do(self, values: dict[int, float]) -> "Source":
        after = IntervenedInstance(self._bare(), values)
        if self.values is not None:
            _ = after.channels  # Now, since the engine knows which values a node can have.
        touched = self._touched
        if touched:
            kept: list[Any] = copy.deepcopy(self.mechanisms)
            held = {node: after.mechanisms[node].to(self.device) for node in values}
            touched["mechanisms"] = [held.get(node, module) for node, module in enumerate(kept)]
            after.__dict__.update(touched)
        return after

    @lazy
    def _handle(self) -> _ffi.Handle:
        return _ffi.instance_create(kept_handle(self._family), self._seed, self._given)

    @lazy
    def _description(self) -> dict[str, Any]:
        return json.loads(_ffi.instance_describe(self._handle))

    @property
    def component(self) -> int:
        return self._handle.about["component"]

    @property
    def channels(self) -> int:
        """Channels of a node's noise, the most of any node."""
        return self._handle.about["noise_channels"]

    @lazy
    def graph(self) -> Tensor:
        return _ffi.instance_adjacency(self._handle)

    @property
    def order(self) -> list[int]:
        return self._handle.about["order"]

    @property
    def values(self) -> tuple[list[int], list[int]] | None:
        """What the values of each node are, as `kind` and `n_classes` of a batch tell it; None where all are continuous."""
        about = self._handle.about
        return (about["kind"], about["n_classes"]) if "kind" in about else None

    @lazy
    def mechanisms(self) -> list[nn.Module]:
        return self._drawn()

    def _drawn(self) -> list[nn.Module]:
        """Fresh modules of the engine's own mechanisms, on the CPU."""
        values = _ffi.instance_parameters(self._handle, self._description["parameter_count"])
        return build_mechanisms(self._description, values)

    def rows(self, n_samples: int, draw: int, *, noise: bool = False) -> tuple[Tensor, Tensor]:
        """The rows of a draw; with `noise` the noise behind them, and rows that nobody may read."""
        if noise or self._is_as_drawn:
            return self._engine_rows(n_samples, draw, noise=noise)
        behind = self._engine_rows(n_samples, draw, noise=True)[1]
        return module_rows(self.mechanisms, parents_in_order(self), behind, self._seed), behind

    def run(self, design: Design, first_seed: int, draw: int) -> ExperimentData:
        """The experiment of a design, as in a batch that begins with `first_seed`."""
        if not self._is_as_drawn:
            raise ConfigError(
                "design can't be run on mechanisms that were changed: must be run on those that the engine drew, since it "
                "draws the rows of each regime itself; sample_from_noise and do run your own."
            )
        data = run_design(design, self._handle, kept_handle(self._family), len(self.graph), first_seed=first_seed, draw=draw)
        return data if self.device.type == "cpu" else data.to(self.device)

    def admits(self, design: Design) -> bool:
        """Whether the graph has room for a design."""
        return _ffi.design_admits(kept_handle(design), kept_handle(self._family), self._handle)

    @property
    def _is_as_drawn(self) -> bool:
        return "mechanisms" not in self.__dict__ or compute_alike(self.mechanisms, self._drawn())

    def _engine_rows(self, n_samples: int, draw: int, *, noise: bool) -> tuple[Tensor, Tensor]:
        n_nodes = len(self.graph)
        x = empty(n_samples, n_nodes)
        channels = self.channels if noise else 0
        behind = empty(n_samples, n_nodes, channels)
        _ffi.instance_sample(
            self._handle,
            n_samples,
            draw=draw,
            x=x,
            noise=behind if noise else None,
            channels=channels,
            threads=thread_count(),
        )
        return x.to(self.device), behind.to(self.device)


class IntervenedInstance(EngineInstance):
    """A task of the engine under an intervention."""

    def __init__(self, before: EngineInstance, values: dict[int, float]) -> None:
        self._before, self._values = before, values
        self._family, self._seed = before._family, before._seed

    def __reduce__(self) -> tuple[Any, ...]:
        return IntervenedInstance, (self._before, self._values), self._touched

    def changed(self, changes: Changes) -> "Source":
        """Over the noise of the task before, which the engine draws for no node that it holds, but another mechanism reads."""
        return ModuleInstance(self._family, self._seed, changes, self.device, self.order, self._undisturbed())

    def _undisturbed(self) -> EngineInstance:
        before = self._before
        return before._undisturbed() if isinstance(before, IntervenedInstance) else before

    @lazy
    def _handle(self) -> _ffi.Handle:
        return _ffi.instance_do(self._before._handle, self._values)


class ModuleInstance:
    """A task whose mechanisms are modules that are run in torch over the engine's noise.

    The noise is that of `drawn`, of which an intervention changes some mechanisms; None for a caller's own, which have one
    channel each.
    """

    def __init__(
        self,
        family: AnyConfig,
        seed: int,
        made: Changes,
        device: torch.device = torch.device("cpu"),  # noqa: B008 - a value that nobody changes.
        order: list[int] | None = None,
        drawn: EngineInstance | None = None,
    ) -> None:
        self._family, self._seed, self.device, self._drawn = family, seed, device, drawn
        self.graph, self.mechanisms, self.reads = made
        self.order = _ffi.graph_order(made.graph) if order is None else order

    @property
    def component(self) -> int:
        return 0 if self._drawn is None else self._drawn.component

    @property
    def channels(self) -> int:
        return 1 if self._drawn is None else self._drawn.channels

    @property
    def values(self) -> tuple[list[int], list[int]] | None:
        return None if self._drawn is None else self._drawn.values

    def to(self, device: torch.device) -> "Source":
        return self._with(Changes(self.graph, copies_on(device, self.mechanisms), self.reads), device)

    def changed(self, changes: Changes) -> "Source":
        return self._with(changes, self.device)

    def _with(self, changes: Changes, device: torch.device) -> "Source":
        return ModuleInstance(self._family, self._seed, changes, device, self.order, self._drawn)

    @in_plain
    def do(self, values: dict[int, float]) -> "Source":
        graph, mechanisms = self.graph.clone(), list(self.mechanisms)
        for node, value in values.items():
            if self.values is not None:
                check_value(value, f"values[{node}]", self.values, node)
            graph[:, node] = 0
            mechanisms[node] = held(value).to(self.device)
        return self.changed(Changes(graph, mechanisms, {node: own for node, own in self.reads.items() if node not in values}))

    def rows(self, n_samples: int, draw: int, *, noise: bool = False) -> tuple[Tensor, Tensor]:
        behind = self._noise(n_samples, draw).to(self.device)
        return module_rows(self.mechanisms, parents_in_order(self), behind, self._seed), behind

    def _noise(self, n_samples: int, draw: int) -> Tensor:
        if self._drawn is not None:
            return self._drawn.rows(n_samples, draw, noise=True)[1]
        behind = empty(n_samples, len(self.graph))
        _ffi.noise_fill(kept_handle(self._family), self._seed, draw, behind)
        return behind[:, :, None]

    def run(self, design: Design, first_seed: int, draw: int) -> ExperimentData:
        """Raises ConfigError."""
        if self._drawn is not None:
            raise ConfigError(
                "design can't be run under intervene, whose rows torch makes: must be run on the instance before, with a part "
                "`interventions`."
            )
        raise ConfigError(
            "design can't be run on mechanisms of your own: must be run on the engine's, which draws the rows of each regime "
            "itself; do and sample_from_noise run yours."
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        make_ordinary(self.mechanisms)


def parents_in_order(source: "Source") -> dict[int, list[int]]:
    """The nodes that each mechanism reads, ascending, which are its parents; the nodes in a topological order."""
    return {node: source.reads.get(node) or parents_of(source.graph, node) for node in source.order}


# Where an SCMInstance gets everything from.
Source: TypeAlias = EngineInstance | ModuleInstance
