"""The report: one page with all that is known of some families."""

import math
import os
from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from .._config.design import GivenDesign
from .._corpus.progress import progress
from .._engine import _ffi
from .._engine.errors import ConfigError
from .._files.atomic import refused, write_text
from .._files.paths import absolute
from .._pictures.style import unseen
from .._version import __version__
from .comparison import STEPS, compare
from .design_summaries import designs_of
from .figures import OF_A_FAMILY, OF_ALL, Figure, drawn
from .given_results import plain_results, read_results
from .given_tasks import tasks_by_name
from .measured_families import Measured, MeasuredDesign, Step, measure
from .page import design_settings, embedded, rendered, settings_of
from .plan import Plan
from .svg import inline_svg, plain_style

FORMAT = 1


def report(
    families: Any,
    path: str | PathLike[str],
    *,
    design: GivenDesign | None = None,
    results: Mapping[str, Mapping[str, Any]] | None = None,
    n_tasks: int = 200,
    n_samples: int = 256,
    seed: int = 0,
) -> Path:
    """Writes one HTML page on families: their settings, statistics, warnings, pictures, and how far they are apart.

        anc.analysis.report(data_module, "runs/report.html")
        anc.analysis.report({"train": anc.FamilyConfig(), "shifted": anc.FamilyConfig(graph="scale_free")}, "report.html")

    `families` is a DataModule, a mapping of names to families, or one family, each as `summary` takes it. Distances are
    measured from "train", or else from the first, and between all pairs. The page needs no network, and the same arguments
    give the same bytes. Its numbers are JSON in the element with the id "ancestral-report"; an infinite one is null. The file
    appears whole or not at all, and its folder must exist. A terminal shows a progress bar. Returns the path. Needs the
    extra `plot`.

    With a `design`, the page tells what it does to each family, as `design_summary` does; without one, those of a DataModule's
    sets are told, but for families with strategies written in Python. Everything else is of the families' tasks as they are.

    Several families stand side by side: a table of measures by families, coloured by how far they are beyond chance, and their
    laws of degrees, edges, marginals and correlations over each other. With `results`, what `evaluation.evaluate` gives or
    {family: {measure: value or (value, low, high)}}, the page tells how a network does on each family beside its distance, and
    draws the first measure over distance with Spearman's rank correlation.

    A data set, as `summary` takes it, may stand for a family; it has no picture of mechanisms that nobody knows. Raises
    ConfigError for a wrong value or a path that can't be written.
    """
    found = tasks_by_name(families)
    _check_path(target := absolute(path, "path"))
    plan = Plan.of(n_tasks, n_samples, seed)
    designs = designs_of(families, found, design)
    known = read_results(results, found)
    count = len(found)
    total = 2 * count + count * (count + 1) // 2 + len(designs) + (count if count > 1 else 0)
    with unseen(), plain_style(), progress(total, "step", desc="report", leave=False, unit_scale=False) as advance:

        def step(work: Callable[[], Any]) -> Any:
            done = work()
            advance(1)
            return done

        page = _page(measure(found, plan, designs=designs, results=known, step=step), step)
    with refused("path", target, "file"):
        write_text(target, page)
    return target


def _page(found: Measured, step: Step) -> str:
    parts = [
        {
            "id": f"family-{index}",
            "name": name,
            "fingerprint": family.tasks.fingerprint,
            "description": family.tasks.description,
            "config": settings_of(family.tasks.config),
            "summary": family.summary,
            "design": family.design,
            "design_settings": [] if family.design is None else design_settings(family.design.design),
            "figures": step(lambda family=family, index=index: _inline(drawn(OF_A_FAMILY, family), f"f{index}-")),
        }
        for index, (name, family) in enumerate(found.each())
    ]
    return rendered(
        parts=parts,
        settings=_settings(found.plan),
        version=__version__,
        comparison=compare(found) if len(found.names) > 1 or found.results else None,
        steps=STEPS,
        figures=_inline(drawn(OF_ALL, found), "a"),
        numbers=embedded(_numbers(found)),
        inf=math.inf,
    )


def _inline(figures: Iterable[tuple[Figure[Any], Any]], prefix: str) -> list[tuple[str, str]]:
    """Captions and drawings."""
    return [
        (figure.caption, inline_svg(drawing, f"{prefix}{place}", figure.caption))
        for place, (figure, drawing) in enumerate(figures)
    ]


def _settings(plan: Plan) -> dict[str, int]:
    return {"n_tasks": plan.n_tasks, "n_samples": plan.n_samples, "seed": plan.seed}


def _numbers(found: Measured) -> dict[str, Any]:
    """The JSON that the page has for programs."""
    return {
        "format": FORMAT,
        "versions": {"ancestral": __version__, "engine": _ffi.version()},
        "settings": _settings(found.plan),
        "families": {
            name: {
                "fingerprint": family.tasks.fingerprint,
                "config": None if family.tasks.config is None else family.tasks.config.to_dict(),
                "summary": family.summary.to_dict(),
                **({} if family.design is None else {"design": _plain(family.design)}),
            }
            for name, family in found.each()
        },
        **({"results": plain_results(found.results)} if found.results else {}),
        "distances": [{"from": found.names[i], "to": found.names[j], **pair.to_dict()} for (i, j), pair in found.pairs.items()],
    }


def _plain(found: MeasuredDesign) -> dict[str, Any]:
    return {"config": found.design.to_dict(), "summary": found.summary.to_dict()}


def _check_path(path: Path) -> None:
    if os.path.isdir(path) or not os.path.isdir(path.parent):
        raise ConfigError(f"path = {str(path)!r}: must be a file in a folder that exists.")
