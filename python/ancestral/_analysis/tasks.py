"""Tasks: the protocol of what an analysis reads, and the tasks of a family."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from .._config.any_config import AnyConfig
from .._engine import _ffi
from .._scm.family import SCMFamily, engine_handle
from .._scm.instance import SCMInstance
from .measuring import draw_own, drawn_pairs
from .plan import Plan, Sample
from .stacks import Pair


class Graph(NamedTuple):
    """The graph of a task."""

    matrix: Tensor
    """uint8 [n, n]."""
    order: list[int]
    """Its nodes, each after its parents."""

    @classmethod
    def of(cls, task: SCMInstance) -> "Graph":
        """In the order in which the task's nodes are computed."""
        return cls(task.adjacency_matrix.to(device="cpu", dtype=torch.uint8), task.topological_order)


class Tasks(ABC):
    """A source of tasks."""

    rows: int | None = None
    """The number of rows of each task; None where any number can be drawn."""

    @property
    def family(self) -> SCMFamily | None:
        """The family, where there is one."""
        return None

    @abstractmethod
    def sample(self, plan: Plan) -> Sample:
        """Measures tasks; those of two seeds are independent where they are drawn."""

    @abstractmethod
    def pairs(self, plan: Plan) -> Iterator[Pair]:
        """The tasks that `sample` measures, with the rows that it measures of each."""

    @abstractmethod
    def graphs(self, n_tasks: int, seed: int) -> Iterator[Graph]:
        """At most `n_tasks` graphs: of the seeds `seed`, `seed` + 1, ..., or of a data set."""

    def example(self, seed: int) -> SCMInstance | None:
        """A task to draw, with its mechanisms; None where nobody knows them."""
        return None if self.family is None else self.family.sample_task(seed)

    @property
    def config(self) -> AnyConfig | None:
        """The configuration of their family, as the engine knows it; None where nobody knows it."""
        return None if self.family is None else self.family.config

    @property
    def fingerprint(self) -> str | None:
        """The fingerprint of their family; None where nobody knows it, or it has none that another process would find again."""
        return self.family.fingerprint() if self.family is not None and self.family.has_fingerprint else None

    @property
    def description(self) -> str:
        """A sentence on what they are, if they aren't drawn from a law."""
        return ""


class FamilyTasks(Tasks):
    """Tasks that are drawn from a family's law."""

    def __init__(self, family: SCMFamily) -> None:
        self._family = family

    @property
    def family(self) -> SCMFamily:
        return self._family

    def sample(self, plan: Plan) -> Sample:
        handle = _ffi.sample_create()
        if self._family.in_engine:
            _ffi.sample_draw(handle, engine_handle(self._family), plan.options())
            return Sample(handle, [])
        seeds = _ffi.analysis_seeds(plan.seed, plan.n_tasks)
        return Sample(handle, draw_own(handle, self._family, seeds, plan))

    def pairs(self, plan: Plan) -> Iterator[Pair]:
        return drawn_pairs(self._family, _ffi.analysis_seeds(plan.seed, plan.n_tasks), plan.n_samples)

    def graphs(self, n_tasks: int, seed: int) -> Iterator[Graph]:
        return (Graph.of(self.family.sample_task(seed + index)) for index in range(n_tasks))
