"""Distances of all pairs of several families."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from .distances import DistanceReport, common_plan, compared, other_seed, told
from .plan import Plan, Sample
from .tasks import Tasks

T = TypeVar("T")


def at_once(work: Callable[[], T]) -> T:
    """The step that tells nothing."""
    return work()


def all_pairs(
    tasks: Mapping[str, Tasks],
    plan: Plan,
    *,
    metrics: Sequence[str] | None = None,
    step: Callable[[Callable[[], DistanceReport]], DistanceReport] = at_once,
) -> dict[tuple[int, int], DistanceReport]:
    """Reports for all i <= j, each that of `distance`; every family is drawn twice only, as a first and as a second of a pair.

    All have as many rows as the one with the fewest. `step` makes each report, and may tell how far it is.
    """
    plan = common_plan(list(tasks.values()), plan)
    names, seconds = list(tasks), other_seed(plan)
    samples: dict[tuple[str, bool], Sample] = {}

    def sample(name: str, second: bool) -> Sample:
        key = name, second
        if key not in samples:
            samples[key] = tasks[name].sample(seconds if second else plan)
        return samples[key]

    def pair(first: str, second: str) -> DistanceReport:
        found = compared(sample(first, False), sample(second, True), plan, metrics=metrics, names=(first, second))
        return found if first == second else told(found, first, second, plan.n_tasks)

    return {(i, j): step(lambda i=i, j=j: pair(names[i], names[j])) for i in range(len(names)) for j in range(i, len(names))}
