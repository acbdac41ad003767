"""Interventions of every kind on a task's mechanisms: a new kind is a function and a line of `KINDS`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import numpy as np
from torch import Tensor, nn

from .._engine.checks import float32, one_of, whole_number
from .._engine.errors import ConfigError
from .._engine.torch_modes import is_followed
from .._mechanisms.discrete import ClassMechanism, CountMechanism
from .._mechanisms.given_values import Given, GivenWeights, RowsAbove, numbers, numbers_or_rows
from .._mechanisms.interventions import (
    CoefficientMechanism,
    EdgeRemovedMechanism,
    HeldMechanism,
    NoiseScaledMechanism,
    ShiftedMechanism,
    StochasticMechanism,
    innermost,
    linear_within,
    noise_channel,
)
from .discrete_values import check_discrete
from .module_rows import Changes, parents_of
from .task_sources import Source

Kind = Callable[[Changes, int, Any], nn.Module]
"""Gives a node's mechanism under an intervention, and cuts edges of the graph."""


def intervene(source: Source, kind: Any, targets: Any) -> tuple[Source, dict[int, str]]:
    """The task under an intervention, and what is done to which nodes. ConfigError for wrong ones."""
    name = one_of(kind, "kind", KINDS)
    if not isinstance(targets, Mapping) or not targets:
        raise ConfigError(f"targets = {targets!r}: must map at least one node to what is done to it, such as {{2: 1.5}}.")
    n_nodes = len(source.graph)
    given = {whole_number(node, "node", 0, n_nodes - 1): what for node, what in cast("Mapping[Any, Any]", targets).items()}
    told = dict.fromkeys(given, name)
    if source.values is not None:
        given = {node: check_discrete(name, node, what, source.values) for node, what in given.items()}
    if name == "do" and not any(map(_needs_torch, given.values())):
        return _held_by_engine(source, {node: float32(what, f"targets[{node}]") for node, what in given.items()}), told
    changes = Changes(source.graph.clone(), list(source.mechanisms), dict(source.reads))
    for node, what in given.items():
        changes.mechanisms[node] = KINDS[name](changes, node, what)
    return source.changed(changes), told


def _needs_torch(what: Any) -> bool:
    """True for values that differ from row to row, that a gradient is to reach, or that are none."""
    return isinstance(what, np.ndarray) or (isinstance(what, Tensor) and (what.ndim > 0 or is_followed(what)))


def _held_by_engine(source: Source, values: dict[int, float]) -> Source:
    """The engine's own `do`, with this task's modules where they stay: what is trained in one world is trained in both."""
    after = source.do(values)
    vars(after)["mechanisms"] = [
        after.mechanisms[node] if node in values else own for node, own in enumerate(source.mechanisms)
    ]
    return after


# ------------------------------------------------------------------------------------------------ kinds


def _do(changes: Changes, node: int, what: Any) -> nn.Module:
    value = Given(numbers(what, f"targets[{node}]"), f"targets[{node}]")
    _cut(changes, node)
    return HeldMechanism(value)


def _stochastic(changes: Changes, node: int, what: Any) -> nn.Module:
    if isinstance(what, (Tensor, np.ndarray)):
        if what.ndim == 1:
            return _do(changes, node, what)
    elif callable(what) and not isinstance(what, type):
        return _law(changes, node, what)
    raise ConfigError(
        f"targets[{node}] = {what!r}: must be a tensor with a value for each row, or a function from the node's noise [rows] "
        "to its values [rows]."
    )


def _law(changes: Changes, node: int, law: Callable[[Tensor], object]) -> nn.Module:
    channel = noise_channel(changes.mechanisms[node])
    if channel is None:
        raise ConfigError(
            f"targets[{node}] is a function of the noise of node {node}, which {_noiseless(changes, node)}: must be values."
        )
    _cut(changes, node)
    return StochasticMechanism(law, channel)


def _shift(changes: Changes, node: int, what: Any) -> nn.Module:
    return ShiftedMechanism(changes.mechanisms[node], _given(what, node))


def _noise_scale(changes: Changes, node: int, what: Any) -> nn.Module:
    channel = noise_channel(changes.mechanisms[node])
    if channel is None:
        raise ConfigError(
            f"targets[{node}] scales the noise of node {node}, which {_noiseless(changes, node)}: must be another node."
        )
    return NoiseScaledMechanism(changes.mechanisms[node], _given(what, node), channel)


def _mechanism(changes: Changes, node: int, what: Any) -> nn.Module:
    if not callable(what) or isinstance(what, type):
        raise ConfigError(f"targets[{node}] = {what!r}: must be a module (parents [rows, |pa|], noise [rows]) -> [rows].")
    changes.reads.pop(node, None)
    return cast(nn.Module, what)


def _coefficient(changes: Changes, node: int, what: Any) -> nn.Module:
    mechanism = changes.mechanisms[node]
    found = linear_within(mechanism)
    if found is None:
        kind = getattr(mechanism, "kind", type(mechanism).__name__)
        raise ConfigError(
            f"targets[{node}] adds to the weights of node {node}, whose mechanism is {kind}: must be a linear one."
        )
    path, linear = found
    n_weights = len(linear.weight)
    value = numbers(what, f"targets[{node}]")
    if n_weights == 0:
        raise ConfigError(f"targets[{node}] adds to the weights of node {node}, which has no parents: must be another node.")
    if isinstance(value, Tensor) and value.ndim and len(value) != n_weights:
        raise ConfigError(
            f"targets[{node}] is a tensor [{len(value)}]: must be a number or a tensor [{n_weights}], one a parent."
        )
    return CoefficientMechanism(mechanism, GivenWeights(value, f"targets[{node}]"), path)


def _edge_removal(changes: Changes, node: int, what: Any) -> nn.Module:
    before = parents_of(changes.graph, node)
    columns = changes.reads.get(node) or before
    if isinstance(what, Mapping):
        given = cast("Mapping[Any, Any]", what)
    elif isinstance(what, Sequence) and not isinstance(what, (str, bytes)):
        given = dict.fromkeys(cast("Sequence[Any]", what))
    else:
        given = {}
    if not given:
        raise ConfigError(
            f"targets[{node}] = {what!r}: must be a list of parents of node {node}, or map them to values, such as "
            "{0: values}."
        )
    removed: dict[int, Given] = {}
    for place, (parent, value) in enumerate(given.items()):
        field = f"targets[{node}][{parent!r}]"
        if parent not in before:
            known = f"one of {', '.join(map(str, before))}" if before else "another node, as it has none"
            raise ConfigError(f"{field} is no parent of node {node}: must be {known}.")
        # Truth values and floats are among them too, but name no node.
        number = whole_number(parent, f"a parent of targets[{node}]", 0, len(changes.graph) - 1)
        removed[columns.index(number)] = (
            RowsAbove(place + 1, field) if value is None else Given(numbers_or_rows(value, field), field)
        )
        changes.graph[number, node] = 0
    changes.reads[node] = columns
    return EdgeRemovedMechanism(changes.mechanisms[node], removed)


KINDS: dict[str, Kind] = {
    "do": _do,
    "stochastic": _stochastic,
    "shift": _shift,
    "noise_scale": _noise_scale,
    "mechanism": _mechanism,
    "coefficient": _coefficient,
    "edge_removal": _edge_removal,
}


def _noiseless(changes: Changes, node: int) -> str:
    """Why a node has no channel of standard noise."""
    discrete = isinstance(innermost(changes.mechanisms[node])[1], (ClassMechanism, CountMechanism))
    return "has classes or counts, whose noise is no number of a size" if discrete else "is held and has none"


def _cut(changes: Changes, node: int) -> None:
    changes.graph[:, node] = 0
    changes.reads.pop(node, None)


def _given(what: Any, node: int) -> Given:
    field = f"targets[{node}]"
    return Given(numbers(what, field), field)
