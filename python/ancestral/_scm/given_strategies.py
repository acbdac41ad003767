"""Strategies as they are given: the engine's become fields of the configuration, a user's own are called."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from torch import nn

from .._engine.errors import ConfigError
from .engine_graphs import chosen_settings, graph_settings
from .engine_mechanisms import EngineMechanisms, mechanism_settings
from .graph_strategies import STRATEGIES
from .mixture_strategies import MixtureMechanisms
from .own_strategies import Own, own_strategy

# Not what inherits from them, which may draw something else.
_ENGINE_GRAPHS = tuple(STRATEGIES.values())


def take_graph(given: Any, fields: dict[str, Any]) -> Own | None:
    """Adds an engine's generator to `fields`, or returns the user's own with the settings that it takes from them."""
    if isinstance(given, str):
        _add(fields, {"graph": given}, "graph_generator")
    elif type(given) in _ENGINE_GRAPHS:
        _add(fields, chosen_settings(given), "graph_generator")
        fields |= {**graph_settings(given), **fields}
    elif given is not None:
        right = "a name, an engine's strategy or a function (n_nodes, *, seed)"
        return own_strategy("graph_generator", _callable(given, "graph_generator", right), fields)
    return None


def take_factory(given: Any, fields: dict[str, Any]) -> Own | None:
    """Adds an engine's factory to `fields`, or returns the user's own with the settings that it takes from them."""
    if isinstance(given, str):
        _add(fields, {"mechanism_proportions": {given: 1.0}}, "mechanism_factory")
    elif isinstance(given, MixtureMechanisms):
        raise ConfigError("mechanism_factory is a mixture's, which no single family has: make a MixtureConfig instead.")
    elif type(given) is EngineMechanisms:
        _add(fields, mechanism_settings(given), "mechanism_factory")
    elif given is not None:
        right = "a name, an EngineMechanisms or a function (adjacency_matrix, *, seed)"
        return own_strategy("mechanism_factory", _callable(given, "mechanism_factory", right), fields)
    return None


def check_mechanisms(mechanisms: object, n_nodes: int, what: str = "The mechanism_factory's result") -> list[nn.Module]:
    """A factory's result, or what a user gives for one: one callable per node."""
    listed = list(cast(Sequence[Any], mechanisms)) if isinstance(mechanisms, (Sequence, nn.ModuleList)) else []
    if len(listed) != n_nodes:
        raise ConfigError(f"{what} must be a list of {n_nodes} modules, one per node.")
    for node, mechanism in enumerate(listed):
        if not callable(mechanism):
            raise ConfigError(f"The mechanism of node {node} is {mechanism!r}: it must be a module (parents, noise) -> [rows].")
    return listed


def _callable(given: Any, field: str, right: str) -> Any:
    if isinstance(given, type) or not callable(given):
        raise ConfigError(f"{field} = {given!r}: must be {right}.")
    return given


def _add(fields: dict[str, Any], more: Mapping[str, Any], source: str) -> None:
    for name, value in more.items():
        if name in fields and fields[name] != value:
            raise ConfigError(f"{name} = {fields[name]!r}: must be given once, but {source} says {value!r}.")
        fields[name] = value
