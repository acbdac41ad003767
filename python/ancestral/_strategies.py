"""Tells the engine's strategies, which become fields of the configuration, from a user's own, which are called."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from torch import nn

from ._errors import ConfigError
from ._mixed import MixtureMechanisms
from .factories import EngineMechanisms, mechanism_settings
from .generators import STRATEGIES, GraphGenerator, graph_settings
from .mechanisms import MechanismFactory

_ENGINE_GRAPHS = tuple(STRATEGIES.values())


def take_graph(given: str | GraphGenerator | None, fields: dict[str, Any]) -> GraphGenerator | None:
    """Adds an engine's generator to `fields`, or returns the user's own."""
    if isinstance(given, str):
        _add(fields, {"graph": given}, "graph_generator")
    elif isinstance(given, _ENGINE_GRAPHS):
        _add(fields, graph_settings(given), "graph_generator")
    elif given is not None:
        return _callable(given, "graph_generator", "a name, an engine's strategy or a function (n_nodes, *, seed)")
    return None


def take_factory(given: str | MechanismFactory | None, fields: dict[str, Any]) -> MechanismFactory | None:
    """Adds an engine's factory to `fields`, or returns the user's own."""
    if isinstance(given, str):
        _add(fields, {"mechanism_proportions": {given: 1.0}}, "mechanism_factory")
    elif isinstance(given, MixtureMechanisms):
        raise ConfigError("mechanism_factory is a mixture's, which no single family has: make a MixtureConfig instead.")
    elif isinstance(given, EngineMechanisms):
        _add(fields, mechanism_settings(given), "mechanism_factory")
    elif given is not None:
        return _callable(given, "mechanism_factory", "a name, an EngineMechanisms or a function (adjacency_matrix, *, seed)")
    return None


def check_mechanisms(mechanisms: object, n_nodes: int) -> list[nn.Module]:
    """A factory's result: one callable per node."""
    listed = list(cast(Sequence[Any], mechanisms)) if isinstance(mechanisms, (Sequence, nn.ModuleList)) else []
    if len(listed) != n_nodes:
        raise ConfigError(f"The mechanism_factory's result must be a list of {n_nodes} modules, one per node.")
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
