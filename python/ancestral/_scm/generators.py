"""Graph generators: the protocol, and what the engine's own strategies say in a configuration."""

from typing import Protocol, runtime_checkable

from torch import Tensor

from .._config.family import FamilyConfig
from .engine_graphs import EngineGraph
from .graph_strategies import STRATEGIES


@runtime_checkable
class GraphGenerator(Protocol):
    """Draws a DAG. A user's own function or object of this shape works wherever the engine's strategies do.

    The result is a matrix [n_nodes, n_nodes] of 0 and 1 without a cycle; A[i, j] == 1 means i -> j. The same seed, a
    whole number in [0, 2^64), must give the same graph: read no global random state.
    """

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """The graph of `seed`: [n_nodes, n_nodes] of 0 and 1, A[i, j] == 1 means i -> j."""
        ...


def graph_strategy(config: FamilyConfig) -> EngineGraph:
    """The strategy that says the same as the fields of `config`."""
    strategy = STRATEGIES[config.graph]
    named = {own: getattr(config, key) for own, key in strategy.settings.items()}
    return strategy(sparsity_param=config.sparsity_param, **named)
