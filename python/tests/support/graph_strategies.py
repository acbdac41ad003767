"""Graph strategies written in Python, and the fingerprints of their families."""

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

import ancestral as anc


def chain(n_nodes: int, *, seed: int, step: int = 1) -> Tensor:
    return torch.diag(torch.ones(n_nodes - step), step)


def empty(n_nodes: int, *, seed: int) -> Tensor:
    return torch.zeros(n_nodes, n_nodes)


@dataclass(frozen=True)
class Holds:
    """A strategy with one parameter, which it doesn't print."""

    value: Any = field(default=None, repr=False)
    n_nodes: int = 4

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed)

    def method(self, n_nodes: int, *, seed: int) -> Tensor:
        return self(n_nodes, seed=seed)


class Says:
    def __init__(self, text: Any) -> None:
        self.text = text

    def fingerprint(self) -> Any:
        return self.text

    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed)


class Plain:
    def __call__(self, n_nodes: int, *, seed: int) -> Tensor:
        return chain(n_nodes, seed=seed)


def family(strategy: Any) -> anc.SCMFamily:
    return anc.SCMFamily(4, graph_generator=strategy)


def fingerprint(strategy: Any) -> str:
    return family(strategy).fingerprint()
