"""EngineGraph: the base of the engine's graph generators."""

import functools
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from torch import Tensor

from .._config.default_marks import Default, DefaultFloat
from .._config.family import FamilyConfig
from .._config.kept_handle import kept_handle
from .._engine import _ffi
from .._engine.checks import check_seed, seeds_to_tensor, whole_number
from .._engine.memory import empty


@dataclass(frozen=True)
class EngineGraph:
    """A graph generator of the engine, by its options; see GraphGenerator.

    `sparsity_param` is the expected number of edges per node, for every kind.
    """

    kind: ClassVar[str]
    """The engine's name."""
    settings: ClassVar[dict[str, str]] = {}
    """The field of FamilyConfig that each option of its own is: its name after that of the kind."""

    # What is left at its default says nothing about the family that the strategy is given to.
    sparsity_param: float = DefaultFloat(2.0)

    def __init_subclass__(cls) -> None:
        if "kind" in vars(cls):  # What a user derives from an engine's strategy has no fields in FamilyConfig.
            cls.settings = {name: f"{cls.kind}_{name}" for name in cls.__annotations__ if name != "kind"}

    def __post_init__(self) -> None:
        for name in self.settings:
            value = getattr(self, name)
            if isinstance(value, list):  # Which has no hash.
                object.__setattr__(self, name, tuple(cast(list[Any], value)))

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: float32 [n_nodes, n_nodes]; ConfigError when the settings don't fit n_nodes."""
        width = whole_number(n_nodes, "n_nodes", 1, _ffi.limits()["n_nodes"])
        seeds = seeds_to_tensor([check_seed(seed)])
        out = empty(width, width)
        _ffi.tasks_fill(_family(self, width), seeds, 0, adjacency=out)
        return out


def graph_settings(strategy: EngineGraph) -> dict[str, Any]:
    """The fields of FamilyConfig that say the same as `strategy`."""
    return {name: value.plain if isinstance(value, Default) else value for name, value in _settings(strategy).items()}


def chosen_settings(strategy: EngineGraph) -> dict[str, Any]:
    """The fields of `graph_settings` that aren't left at their defaults."""
    return {name: value for name, value in _settings(strategy).items() if not isinstance(value, Default)}


def _settings(strategy: EngineGraph) -> dict[str, Any]:
    named = {key: getattr(strategy, own) for own, key in strategy.settings.items()}
    lists = {key: list(cast(Any, value)) for key, value in named.items() if type(value) is tuple}
    return {"graph": strategy.kind, "sparsity_param": strategy.sparsity_param, **named, **lists}


@functools.lru_cache(maxsize=64)
def _family(strategy: EngineGraph, n_nodes: int) -> _ffi.Handle:
    return kept_handle(FamilyConfig(n_nodes=n_nodes, **graph_settings(strategy)))
