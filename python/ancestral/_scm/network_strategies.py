"""The strategies of a known network: its own graph, and its own laws."""

from dataclasses import dataclass

from torch import Tensor, nn

from .._config.family import FamilyConfig
from .._config.network import NetworkConfig
from .._engine.checks import check_graph, check_seed
from .._engine.errors import ConfigError
from .._mechanisms.modules import MechanismFactory
from .engine_mechanisms import EngineMechanisms
from .generators import GraphGenerator, graph_strategy
from .task_sources import EngineInstance


@dataclass(frozen=True)
class NetworkGraphs:
    """Gives the graph of a network, whatever the seed."""

    config: NetworkConfig

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """float32 [n_nodes, n_nodes]; ConfigError for another number than the network's variables."""
        if n_nodes != self.config.n_nodes:
            raise ConfigError(f"n_nodes = {n_nodes!r}: must be {self.config.n_nodes}, the number of the network's variables.")
        return EngineInstance(self.config, check_seed(seed)).graph.float()


@dataclass(frozen=True)
class NetworkMechanisms:
    """Gives the laws of a network as modules, over its own graph alone."""

    config: NetworkConfig

    def __call__(self, adjacency_matrix: Tensor, *, seed: int) -> list[nn.Module]:
        """One module per node; EngineError for another graph than the network's."""
        graph = check_graph(adjacency_matrix, "adjacency_matrix")
        return EngineInstance(self.config, check_seed(seed), graph).mechanisms


def graphs_of(config: FamilyConfig | NetworkConfig) -> GraphGenerator:
    """The strategy that draws the graphs of one family."""
    return NetworkGraphs(config) if isinstance(config, NetworkConfig) else graph_strategy(config)


def mechanisms_of(config: FamilyConfig | NetworkConfig) -> MechanismFactory:
    """The strategy that draws the mechanisms of one family."""
    return NetworkMechanisms(config) if isinstance(config, NetworkConfig) else EngineMechanisms(config)
