"""Corpora of strategies that this very script defines, for test_ray.py: ray_strategies_script.py ADDRESS FOLDER."""

import sys
from dataclasses import dataclass

import ray
import torch

import ancestral as anc
from ancestral.integrations.ray import generate

EVERY = 2


def chain(n_nodes: int, *, seed: int) -> torch.Tensor:
    return torch.diag(torch.ones(n_nodes - 1), 1) * (seed % EVERY)


@dataclass(frozen=True)
class Chains:
    weight: float = 1.0

    def __call__(self, n_nodes: int, *, seed: int) -> torch.Tensor:
        return chain(n_nodes, seed=seed)


class Told(Chains):
    def fingerprint(self) -> str:
        return "every second task is a chain"


if __name__ == "__main__":
    ray.init(address=sys.argv[1], log_to_driver=False)
    for strategy in (chain, Chains(), Told()):
        name = f"{sys.argv[2]}/{getattr(strategy, '__name__', type(strategy).__name__)}"
        family = anc.SCMFamily(4, graph_generator=strategy)
        generate(family, 20, f"{name}/ray", n_samples=5, tasks_per_shard=6)
        anc.write_corpus(family, 20, f"{name}/one", n_samples=5, tasks_per_shard=6)
