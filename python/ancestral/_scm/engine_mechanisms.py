"""The engine's mechanism factory, in the shape of the MechanismFactory protocol."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from torch import Tensor, nn

from .._config.family import FamilyConfig
from .._engine.checks import check_graph, check_seed
from .._engine.errors import ConfigError
from .graph_strategies import STRATEGIES
from .task_sources import EngineInstance

ABOUT_GRAPHS = {"n_nodes", "n_nodes_max", "graph", "sparsity_param"}.union(
    *(strategy.settings.values() for strategy in STRATEGIES.values())
)


@dataclass(frozen=True)
class EngineMechanisms:
    """Draws the engine's mechanisms, as `config` says, over any DAG. Settings about graphs play no part.

        anc.EngineMechanisms(anc.FamilyConfig(mechanism_proportions={"mlp": 1}))(adjacency, seed=7)

    Raises ConfigError for anything but a FamilyConfig, and calling it for a matrix that is no DAG, or a negative seed.
    """

    config: FamilyConfig

    def __post_init__(self) -> None:
        given: Any = self.config
        if not isinstance(given, FamilyConfig) or hasattr(given, "strategies"):  # An OwnConfig, which lacks some settings.
            raise ConfigError(
                f"config is of type {type(given).__name__}: must be a FamilyConfig, such as "
                'anc.FamilyConfig(mechanism_proportions={"mlp": 1}).'
            )

    def __call__(self, adjacency_matrix: Tensor, *, seed: int) -> list[nn.Module]:
        """One module per node of [n, n] (A[i, j] == 1 means i -> j), equal to those of `sample_task(seed)` over that graph."""
        graph = check_graph(adjacency_matrix, "adjacency_matrix")
        n_nodes = len(graph)
        possible = min(self.config.sparsity_param, (n_nodes - 1) / 2)
        config = replace(self.config, n_nodes=n_nodes, n_nodes_max=None, graph="erdos_renyi", sparsity_param=possible)
        return EngineInstance(config, check_seed(seed), graph).mechanisms


def mechanism_settings(factory: EngineMechanisms) -> Mapping[str, Any]:
    """The fields of FamilyConfig that say the same as `factory`, but for those that it leaves at their defaults."""
    values, plain = factory.config.to_dict(), FamilyConfig().to_dict()
    return {name: value for name, value in values.items() if name not in ABOUT_GRAPHS and value != plain[name]}
