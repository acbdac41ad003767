"""Families with all that a report says of them: summaries, and the distances of all pairs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from .._config.design import Design
from .design_summaries import DesignSummary, summarised_design
from .distances import DistanceReport
from .given_results import Results
from .pairs import all_pairs, at_once
from .plan import Plan
from .result_drawings import Interval
from .shapes import Shapes, shapes_of
from .summaries import Summary, summarised
from .tasks import Tasks

Step = Callable[[Callable[[], Any]], Any]
"""Does a piece of the work, and may tell how far it is."""


class MeasuredDesign(NamedTuple):
    """A design, and what it does to one family."""

    design: Design
    summary: DesignSummary


@dataclass(frozen=True)
class Measured:
    """Several families, or one."""

    tasks: Mapping[str, Tasks]
    plan: Plan
    summaries: Mapping[str, Summary]
    names: Sequence[str]
    """The names of `tasks`, "train" before all others; distances are told from the first."""
    pairs: Mapping[tuple[int, int], DistanceReport]
    """By the places of two names, i <= j."""
    designs: Mapping[str, MeasuredDesign] = field(default_factory=dict[str, MeasuredDesign])
    """Of those families that have one."""
    shapes: Mapping[str, Shapes] = field(default_factory=dict[str, Shapes])
    """What is laid over each other, of several families."""
    results: Results = field(default_factory=dict[str, dict[str, Interval]])
    """What a network makes of families, by name and measure."""

    def each(self) -> "Iterator[tuple[str, MeasuredFamily]]":
        """The families by themselves."""
        for name, tasks in self.tasks.items():
            yield name, MeasuredFamily(tasks, self.plan, self.summaries[name], self.designs.get(name))


@dataclass(frozen=True)
class MeasuredFamily:
    """One family."""

    tasks: Tasks
    plan: Plan
    summary: Summary
    design: MeasuredDesign | None = None


def measure(
    tasks: Mapping[str, Tasks],
    plan: Plan,
    *,
    metrics: Sequence[str] | None = None,
    designs: Mapping[str, Design] = MappingProxyType({}),
    results: Results = MappingProxyType({}),
    step: Step = at_once,
) -> Measured:
    """Draws and measures; `metrics` are those of the pairs, None for all; `designs` and `results` are by families' names."""
    detailed = plan._replace(detailed=True)
    summaries = {name: step(lambda one=one: summarised(one, detailed)) for name, one in tasks.items()}
    done = {
        name: MeasuredDesign(one, step(lambda one=one, name=name: summarised_design(tasks[name], one, plan, name)))
        for name, one in designs.items()
    }
    names = sorted(tasks, key=lambda name: name != "train")  # Which leaves the others in their order.
    pairs = all_pairs({name: tasks[name] for name in names}, plan, metrics=metrics, step=step)
    shapes = {name: step(lambda one=one: shapes_of(one, plan)) for name, one in tasks.items()} if len(tasks) > 1 else {}
    return Measured(tasks, plan, summaries, names, pairs, done, shapes, results)
