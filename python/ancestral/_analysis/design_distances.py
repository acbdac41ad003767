"""Distances between two designs, by what they do to families, with what chance alone gives."""

import json
from typing import Any

from .._config.design import GivenDesign, one_design
from .._config.kept_handle import kept_handle
from .._engine import _ffi
from .._engine.checks import whole_number
from .design_summaries import drawn_family
from .distances import DistanceReport, one_distance, told
from .given_tasks import tasks_of
from .plan import Plan


def design_distance(
    family_a: Any,
    design_a: GivenDesign,
    family_b: Any,
    design_b: GivenDesign,
    *,
    n_tasks: int = 200,
    seed: int = 0,
    permutations: int = 999,
    threads: int | None = None,
) -> DistanceReport:
    """Runs two designs, each on `n_tasks` tasks of its family, and measures how far what they do is apart.

        first, second = anc.Design.preset("avici-interventional"), anc.Design.preset("tabcausal")
        print(anc.analysis.design_distance(family, first, family, second))

    Measures are the statistics of `design_summary` that both designs have, by name: shares of rows, regimes and targets, how
    far means move, confounded pairs, treated shares, the overlap of treatment groups, effects and the bias of the naive
    estimate. Each is compared as a law over tasks by the energy distance, in units of its standard deviation;
    "design_energy" is all of them together. What only one of the designs has is told in `notes`; `edges` is None.

    Families are given as SCMFamily.from_config takes them, or as SCMFamily, and designs as Design.from_config takes them; all
    may be the same. Tasks are no training tasks; those of the second have the seeds of `seed` + 1, so that a design differs
    from itself by chance alone. The same arguments give the same numbers, whatever the number of threads.

    Source: Székely and Rizzo, "Energy statistics", J. Stat. Plan. Inference 143 (2013).

    Raises ConfigError for a wrong value, strategies written in Python, data sets, and a family that can't have its design. The
    result is logged at level INFO.
    """
    plan = Plan.of(n_tasks, 0, seed, threads)
    count = whole_number(permutations, "permutations", 1, 1_000_000)
    given = (design_a, family_a, "family_a"), (design_b, family_b, "family_b")
    first, second = (
        (kept_handle(one_design(design)), drawn_family(tasks_of(family, name), name)) for design, family, name in given
    )
    found: dict[str, Any] = json.loads(_ffi.design_distance(*first, *second, plan.options(permutations=count)))
    entries = {entry.pop("name"): one_distance(entry) for entry in found["metrics"]}
    notes = [
        f"Only {name} has {', '.join(found[key])}."
        for name, key in (("design_a", "only_first"), ("design_b", "only_second"))
        if found[key]
    ]
    return told(DistanceReport(entries, None, notes), "design_a", "design_b", n_tasks)
