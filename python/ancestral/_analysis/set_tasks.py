"""Data sets whose tasks an analysis reads."""

from collections.abc import Iterator
from typing import Any

from .._config.any_config import AnyConfig
from .._config.family import FamilyConfig
from .._config.mixture import MixtureConfig
from .._config.network import NetworkConfig
from .._data.sets.fixed_dataset import MetaFixedDataset
from .._engine import _ffi
from .._engine.checks import seeds_to_tensor
from .._engine.errors import ConfigError
from .._scm.family import SCMFamily, engine_handle
from .._scm.instance import SCMInstance
from .engine_names import statistics_of
from .measuring import add_pairs, draw_own, drawn_pairs
from .plan import Plan, Sample
from .stacks import Items, Pair, Stacks, read_pair
from .tasks import Graph, Tasks


class SetTasks(Tasks):
    """Tasks of a data set, which are what they are."""

    def __init__(self, items: Items, what: str) -> None:
        self._items, self._what = items, what
        self._count = len(items)
        if not self._count:
            raise ConfigError(f"{what} is an empty data set: must have at least one task.")
        self.rows = len(self._pair(0).x)

    def sample(self, plan: Plan) -> Sample:
        handle = _ffi.sample_create()
        indices, notes = self._chosen(plan)
        add_pairs(handle, map(self._pair, indices), plan)
        unknown = statistics_of("model")
        if plan.detailed and plan.n_samples:
            notes.append(f"Data say nothing of the mechanisms behind them, so there is no {', '.join(unknown)}.")
        return Sample(handle, notes)

    def pairs(self, plan: Plan) -> Iterator[Pair]:
        found = map(self._pair, self._chosen(plan)[0])
        return (pair._replace(x=pair.x[: plan.n_samples]) for pair in found)

    def graphs(self, n_tasks: int, seed: int) -> Iterator[Graph]:
        found = (self._pair(index).graph for index in spread(self._count, n_tasks))
        return (Graph(graph, _ffi.graph_order(graph)) for graph in found)

    @property
    def config(self) -> AnyConfig | None:
        found = getattr(self._items, "config", super().config)  # A corpus knows it.
        return found if isinstance(found, (FamilyConfig, MixtureConfig, NetworkConfig)) else None

    @property
    def fingerprint(self) -> str | None:
        found = getattr(self._items, "fingerprint", super().fingerprint)
        return found if isinstance(found, str) else None

    @property
    def description(self) -> str:
        kind = "Data set" if isinstance(self._items, Stacks) else type(self._items).__name__
        return f"{kind} of {self._count:,} tasks with {self.rows:,} rows."

    def _chosen(self, plan: Plan) -> tuple[list[int], list[str]]:
        """The indices of the tasks to measure, and notes on what that leaves out."""
        indices, notes = spread(self._count, plan.n_tasks), list[str]()
        if len(indices) < self._count:
            notes.append(f"{len(indices):,} of the data set's {self._count:,} tasks, evenly spread.")
        if self.rows is not None and 0 < plan.n_samples < self.rows:
            notes.append(f"The first {plan.n_samples:,} of {self.rows:,} rows of each task.")
        return indices, notes

    def _pair(self, index: int) -> Pair:
        pair = read_pair(self._items[index], f"task {index} of {self._what}")
        if self.rows is not None and len(pair.x) != self.rows:
            raise ConfigError(f"Task {index} of {self._what} has {len(pair.x)} rows: must have {self.rows}, as the first one.")
        return pair


class DesignedTasks(SetTasks):
    """Experiments of a fixed set: the rows and the graphs that its design shows."""

    def __init__(self, dataset: MetaFixedDataset, what: str) -> None:
        self._items, self._what, self._count, self._dataset = dataset, what, len(dataset), dataset
        self.rows = _fewest_rows(dataset)

    @property
    def family(self) -> SCMFamily:
        return self._dataset.family

    @property
    def config(self) -> AnyConfig | None:
        return self.family.config

    @property
    def fingerprint(self) -> str | None:
        return self.family.fingerprint(self._dataset.design) if self.family.has_fingerprint else None

    @property
    def description(self) -> str:
        return f"Fixed set of {self._count:,} experiments of a design, with {self.rows:,} rows."

    def example(self, seed: int) -> SCMInstance | None:
        return self._dataset.instance(0)

    def _chosen(self, plan: Plan) -> tuple[list[int], list[str]]:
        indices, notes = super()._chosen(plan)
        return indices, [*notes, "Rows and graphs are those that the set's design shows."]

    def _pair(self, index: int) -> Pair:
        pair = read_pair(self._items[index], f"task {index} of {self._what}")
        return pair._replace(x=pair.x[: self.rows])


class FixedTasks(SetTasks):
    """Tasks of a fixed set, whose mechanisms its family knows."""

    def __init__(self, dataset: MetaFixedDataset, what: str) -> None:
        self._items, self._what, self._count = dataset, what, len(dataset)
        self._family, self.rows = dataset.family, dataset.n_samples
        self._seeds = dataset._taken_seeds  # pyright: ignore[reportPrivateUsage]

    @property
    def family(self) -> SCMFamily:
        return self._family

    def sample(self, plan: Plan) -> Sample:
        rows = min(plan.n_samples, self.rows or 0)
        handle = _ffi.sample_create()
        indices, notes = self._chosen(plan)
        seeds = seeds_to_tensor(self._seeds[index] for index in indices)
        plan = plan._replace(n_samples=rows)
        if self.family.in_engine:
            _ffi.sample_draw(handle, engine_handle(self.family), plan.options(), seeds)
            return Sample(handle, notes)
        return Sample(handle, notes + draw_own(handle, self.family, seeds, plan))

    def pairs(self, plan: Plan) -> Iterator[Pair]:
        seeds = seeds_to_tensor(self._seeds[index] for index in self._chosen(plan)[0])
        found = drawn_pairs(self.family, seeds, self.rows or 0)
        return (pair._replace(x=pair.x[: plan.n_samples]) for pair in found)

    def graphs(self, n_tasks: int, seed: int) -> Iterator[Graph]:
        return (Graph.of(self.family.sample_task(self._seeds[index])) for index in spread(self._count, n_tasks))

    def example(self, seed: int) -> SCMInstance | None:
        return self.family.sample_task(self._seeds[0])


def _fewest_rows(dataset: MetaFixedDataset) -> int:
    """The rows of each experiment or, where their numbers differ, those that all have."""
    first: Any = dataset[0]
    design = dataset.design
    if "row_mask" not in first or design is None:
        return len(first["X"])
    return design.n_samples + (0 if design.interventions is None else design.interventions.n_samples)


def spread(count: int, most: int) -> list[int]:
    """All indices below `count`, or `most` of them at equal steps."""
    return list(range(count)) if count <= most else [index * count // most for index in range(most)]
