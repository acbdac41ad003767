"""Graph generators: the protocol, and the engine's own strategies as small frozen dataclasses."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeAlias, runtime_checkable

import torch
from torch import Tensor

from . import _ffi
from ._checks import check_seed, seeds_to_tensor, whole_number
from ._default import Default, DefaultFloat, DefaultInt, DefaultText
from .config import FamilyConfig

# What is left at its default says nothing about the family that the strategy is given to.
_DENSITY = DefaultFloat(2.0)


@runtime_checkable
class GraphGenerator(Protocol):
    """Draws a DAG. A user's own function or object of this shape works wherever the engine's strategies do.

    The result is a matrix [n_nodes, n_nodes] of 0 and 1 without a cycle; A[i, j] == 1 means i -> j. The same seed, a
    whole number in [0, 2^64), must give the same graph: read no global random state.
    """

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: [n_nodes, n_nodes] of 0 and 1, A[i, j] == 1 means i -> j."""
        ...


@dataclass(frozen=True)
class ErdosRenyi:
    """Keeps each forward pair of a random node order with equal probability (Erdős and Rényi 1959).

    `sparsity_param` is the expected number of edges per node, at most (n_nodes - 1) / 2.

        anc.ErdosRenyi(2.0)(20, seed=7)   # float32 [20, 20], A[i, j] == 1 means i -> j
    """

    kind: ClassVar[str] = "erdos_renyi"
    settings: ClassVar[Mapping[str, str]] = {}

    sparsity_param: float = _DENSITY

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: float32 [n_nodes, n_nodes]; ConfigError when the settings don't fit n_nodes."""
        return _draw(self, n_nodes, seed)


@dataclass(frozen=True)
class ScaleFree:
    """Attaches each new node to earlier ones in proportion to their degree (Barabási and Albert 1999).

    `orientation` is "out" (old to new: hubs have many children), "in" (hubs have many parents) or "random"; a node is
    chosen in proportion to its degree to the `power`.
    """

    kind: ClassVar[str] = "scale_free"
    settings: ClassVar[Mapping[str, str]] = {"orientation": "scale_free_orientation", "power": "scale_free_power"}

    sparsity_param: float = _DENSITY
    orientation: str = DefaultText("out")
    power: float = DefaultFloat(1.0)

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: float32 [n_nodes, n_nodes]; ConfigError when the settings don't fit n_nodes."""
        return _draw(self, n_nodes, seed)


@dataclass(frozen=True)
class StochasticBlockModel:
    """Puts nodes into `count` blocks; a pair in two blocks has `ratio` times the edge probability of a pair in one.

    After Holland, Laskey and Leinhardt 1983, with edges along a random node order.
    """

    kind: ClassVar[str] = "stochastic_block"
    settings: ClassVar[Mapping[str, str]] = {"count": "stochastic_block_count", "ratio": "stochastic_block_ratio"}

    sparsity_param: float = _DENSITY
    count: int = DefaultInt(2)
    ratio: float = DefaultFloat(0.1)

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: float32 [n_nodes, n_nodes]; ConfigError when the settings don't fit n_nodes."""
        return _draw(self, n_nodes, seed)


@dataclass(frozen=True)
class FixedEdgeCount:
    """A uniformly random set of exactly M = sparsity_param * n_nodes forward pairs of a random node order.

    Where that is no whole number, M is one of the two next to it, with the right mean. Source: the model G(n, M) of Erdős and
    Rényi 1959.
    """

    kind: ClassVar[str] = "fixed_edge_count"
    settings: ClassVar[Mapping[str, str]] = {}

    sparsity_param: float = _DENSITY

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: float32 [n_nodes, n_nodes]; ConfigError when the settings don't fit n_nodes."""
        return _draw(self, n_nodes, seed)


@dataclass(frozen=True)
class WattsStrogatz:
    """A ring of near neighbours with some links rewired (Watts and Strogatz 1998), along a random node order.

    `rewiring` is the probability that a link of the ring is rewired, 0 to 1.
    """

    kind: ClassVar[str] = "watts_strogatz"
    settings: ClassVar[Mapping[str, str]] = {"rewiring": "watts_strogatz_rewiring"}

    sparsity_param: float = _DENSITY
    rewiring: float = DefaultFloat(0.3)

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: float32 [n_nodes, n_nodes]; ConfigError when the settings don't fit n_nodes."""
        return _draw(self, n_nodes, seed)


@dataclass(frozen=True)
class RandomGeometric:
    """Points on the unit square, linked where they are near, along a random node order (Penrose 2003)."""

    kind: ClassVar[str] = "random_geometric"
    settings: ClassVar[Mapping[str, str]] = {}

    sparsity_param: float = _DENSITY

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: float32 [n_nodes, n_nodes]; ConfigError when the settings don't fit n_nodes."""
        return _draw(self, n_nodes, seed)


@dataclass(frozen=True)
class FixedInDegree:
    """Each node takes the same number of parents among those before it in a random order, as far as there are so many.

    Source: the `uniform_indegree` graphs of Ormaniec et al., "Standardizing structural causal models", ICLR 2025.
    """

    kind: ClassVar[str] = "fixed_in_degree"
    settings: ClassVar[Mapping[str, str]] = {}

    sparsity_param: float = _DENSITY

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: float32 [n_nodes, n_nodes]; ConfigError when the settings don't fit n_nodes."""
        return _draw(self, n_nodes, seed)


@dataclass(frozen=True)
class UniformDAG:
    """Every labelled DAG with the same probability (Kuipers and Moffa 2015).

    The density can't be chosen: `sparsity_param` must be the mean of the law; the error says which.
    """

    kind: ClassVar[str] = "uniform_dag"
    settings: ClassVar[Mapping[str, str]] = {}

    sparsity_param: float = _DENSITY

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: float32 [n_nodes, n_nodes]; ConfigError when the settings don't fit n_nodes."""
        return _draw(self, n_nodes, seed)


EngineGraph: TypeAlias = (
    ErdosRenyi
    | ScaleFree
    | StochasticBlockModel
    | FixedEdgeCount
    | WattsStrogatz
    | RandomGeometric
    | FixedInDegree
    | UniformDAG
)
STRATEGIES: dict[str, type[EngineGraph]] = {
    strategy.kind: strategy
    for strategy in (
        ErdosRenyi,
        ScaleFree,
        StochasticBlockModel,
        FixedEdgeCount,
        WattsStrogatz,
        RandomGeometric,
        FixedInDegree,
        UniformDAG,
    )
}


def graph_settings(strategy: EngineGraph) -> dict[str, Any]:
    """The fields of FamilyConfig that say the same as `strategy`."""
    return {name: value.plain if isinstance(value, Default) else value for name, value in _settings(strategy).items()}


def chosen_settings(strategy: EngineGraph) -> dict[str, Any]:
    """Those of them that aren't left at their defaults."""
    return {name: value for name, value in _settings(strategy).items() if not isinstance(value, Default)}


def _settings(strategy: EngineGraph) -> dict[str, Any]:
    named = {key: getattr(strategy, own) for own, key in strategy.settings.items()}
    return {"graph": strategy.kind, "sparsity_param": strategy.sparsity_param, **named}


def graph_strategy(config: FamilyConfig) -> EngineGraph:
    """The strategy that says the same as the fields of `config`."""
    strategy = STRATEGIES[config.graph]
    named = {own: getattr(config, key) for own, key in strategy.settings.items()}
    return strategy(sparsity_param=config.sparsity_param, **named)


@functools.lru_cache(maxsize=64)
def _family(strategy: EngineGraph, n_nodes: int) -> _ffi.Handle:
    return _ffi.family_create(FamilyConfig(n_nodes=n_nodes, **graph_settings(strategy)).to_json())


def _draw(strategy: EngineGraph, n_nodes: int, seed: int) -> Tensor:
    width = whole_number(n_nodes, "n_nodes", 1, 2048)
    seeds = seeds_to_tensor([check_seed(seed)])
    out = torch.empty(width, width)
    _ffi.tasks_fill(_family(strategy, width), seeds, 0, adjacency=out)
    return out
