"""DesignSummary: what a design does to a family's tasks, over a sample of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, overload

from .._config.design import Design, GivenDesign, one_design
from .._config.kept_handle import kept_handle
from .._engine import _ffi
from .._engine.errors import ConfigError
from .._scm.family import engine_handle
from .given_tasks import NamedFamilies, is_several, tasks_by_name, tasks_of
from .laws import Law, law_lines, law_metrics, plain_laws
from .plan import Plan
from .shown import Shown, counted
from .tasks import FamilyTasks, Tasks


@dataclass(frozen=True)
class DesignSummary(Shown):
    """What a design does to a family, over a sample of its tasks; prints as a table."""

    n_tasks: int
    statistics: Mapping[str, Law]
    """By name, those that the design has. Shares: `observational_share` of the rows, `confounded_pairs`, `known_pairs`,
    `treated_share`, `missing_cells`, `censored_cells`, `rounded_cells`, `kept_share` of the drawn rows. Sizes: `rows`,
    `shown_variables`, `regimes`, `targets_per_regime`, `retries` of a row. In standard deviations of what is moved:
    `target_shift`, `descendant_shift`, `average_effect`, `dose_range` of a continuous treatment, `effect_spread`,
    `confounding_bias`. And `least_propensity`, which tells how far the groups overlap."""
    meanings: Mapping[str, str]
    """A sentence on each."""

    def to_dict(self) -> dict[str, Any]:
        """The form that JSON takes; a number that isn't finite is None."""
        return {**vars(self), "statistics": plain_laws(self.statistics)}

    def metrics(self, prefix: str = "") -> dict[str, float]:
        """{"treated_share/mean": .., "treated_share/sd": .., ..} for a logger, each name after `prefix` and a slash."""
        return law_metrics(self.statistics, prefix)

    def __str__(self) -> str:
        return "\n".join([counted(self.n_tasks, "task"), *law_lines(self.statistics)])


@overload
def design_summary(  # pyright: ignore[reportOverlappingOverload] - Any is what else a family may be given as.
    family: NamedFamilies, design: GivenDesign, *, n_tasks: int = 200, seed: int = 0, threads: int | None = None
) -> dict[str, DesignSummary]: ...
@overload
def design_summary(
    family: Any, design: GivenDesign, *, n_tasks: int = 200, seed: int = 0, threads: int | None = None
) -> DesignSummary: ...
def design_summary(
    family: Any, design: GivenDesign, *, n_tasks: int = 200, seed: int = 0, threads: int | None = None
) -> DesignSummary | dict[str, DesignSummary]:
    """Describes what a design does to a family, by its experiments on `n_tasks` tasks that are no training tasks.

        print(anc.analysis.design_summary(anc.FamilyConfig(), anc.Design.preset("do-pfn")))

    The family is given as SCMFamily.from_config takes it, or as an SCMFamily; a DataModule, or a mapping of names to families,
    gives a dictionary. `design` is a Design, or what Design.from_config takes. Any number of threads gives the same. Raises
    ConfigError for strategies written in Python, data sets, and a family that can't have the design.
    """
    plan, one = Plan.of(n_tasks, 0, seed, threads), one_design(design)
    if is_several(family):
        return {name: summarised_design(tasks, one, plan, name) for name, tasks in tasks_by_name(family).items()}
    return summarised_design(tasks_of(family), one, plan)


def summarised_design(tasks: Tasks, design: Design, plan: Plan, name: str = "") -> DesignSummary:
    """The summary of a design's experiments on tasks in any form. ConfigError where the engine doesn't draw them.

    `name` is that of one of several families, with which an error begins.
    """
    engine = drawn_family(tasks, name or "family")
    try:
        text = _ffi.design_summary(kept_handle(design), engine, plan.n_tasks, plan.seed, plan.threads)
    except ConfigError as error:
        if not name:
            raise
        raise ConfigError(f"In {name}: {error}") from None
    found: dict[str, Any] = json.loads(text)
    return DesignSummary(
        found["n_tasks"],
        {entry["name"]: Law.of(entry) for entry in found["statistics"]},
        {entry["name"]: entry["meaning"] for entry in found["statistics"]},
    )


def drawn_family(tasks: Tasks, name: str) -> _ffi.Handle:
    """The engine's family of tasks. ConfigError where the engine doesn't draw them."""
    if not is_drawn(tasks) or tasks.family is None:
        raise ConfigError(
            f"{name} is not the engine's: must be a family without strategies written in Python, and no data set."
        )
    return engine_handle(tasks.family)


def is_drawn(tasks: Tasks) -> bool:
    """True if the engine draws the tasks, so that it can tell what a design does to them."""
    return isinstance(tasks, FamilyTasks) and tasks.family.in_engine


def designs_of(given: Any, tasks: Mapping[str, Tasks], design: Any) -> dict[str, Design]:
    """The designs of families by name: one for all or, where none is given, those that a DataModule has."""
    if design is not None:
        return dict.fromkeys(tasks, one_design(design))
    own: Any = getattr(given, "designs", None)
    return {name: own[name] for name in tasks if name in own and is_drawn(tasks[name])} if isinstance(own, Mapping) else {}
