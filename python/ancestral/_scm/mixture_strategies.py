"""The strategies of a mixture: each seed's task has those of its own family."""

from dataclasses import dataclass

from torch import Tensor, nn

from .._config.family import FamilyConfig
from .._config.kept_handle import kept_handle
from .._config.mixture import MixtureConfig
from .._config.network import NetworkConfig
from .._engine import _ffi
from .._engine.checks import seeds_to_tensor
from .network_strategies import graphs_of, mechanisms_of


def family_of_seed(mixture: MixtureConfig, seed: int) -> FamilyConfig | NetworkConfig:
    """The family that the task of a seed comes from."""
    seeds = seeds_to_tensor([seed])
    return mixture.families[int(_ffi.family_components(kept_handle(mixture), seeds))]


def mean_proportions(mixture: MixtureConfig) -> dict[str, float]:
    """Share of nodes of each kind of mechanism in the mean over tasks."""
    mean: dict[str, float] = {}
    for share, family in zip(mixture.shares, mixture.families, strict=True):
        weights = family.mechanism_proportions or {"linear": 1.0}
        total = sum(weights.values())
        for kind, weight in weights.items():
            mean[kind] = mean.get(kind, 0.0) + share * weight / total
    return mean


@dataclass(frozen=True)
class MixtureGraphs:
    """Draws the graph of a seed as the mixture's family of that seed does, with as many nodes as are asked for."""

    config: MixtureConfig

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        """float32 [n_nodes, n_nodes]; ConfigError when that family's settings don't fit n_nodes."""
        return graphs_of(family_of_seed(self.config, seed))(n_nodes, seed=seed)


@dataclass(frozen=True)
class MixtureMechanisms:
    """Draws the mechanisms of a seed as the mixture's family of that seed does, over any DAG."""

    config: MixtureConfig

    def __call__(self, adjacency_matrix: Tensor, *, seed: int) -> list[nn.Module]:
        """One module per node of [n, n] (A[i, j] == 1 means i -> j), equal to those of `sample_task(seed)` over that graph."""
        return mechanisms_of(family_of_seed(self.config, seed))(adjacency_matrix, seed=seed)
