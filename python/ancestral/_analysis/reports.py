"""The report: one page with all that is known of some families."""

import json
import math
import os
from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from .._config.family import FamilyConfig
from .._config.mixture import MixtureConfig
from .._engine import _ffi
from .._engine.errors import ConfigError
from .._files.atomic import refused, write_text
from .._files.paths import absolute
from .._pictures.style import COLUMN, new_figure, one_axes, unseen
from .._version import __version__
from .distances import Distance, DistanceReport
from .drawings import draw_matrix
from .given_tasks import tasks_by_name
from .pairs import all_pairs
from .plan import Plan
from .plots import adjacency_grid, degree_histogram, sortability_ladder, spectra
from .summaries import Summary, summarised
from .svg import inline_svg, plain_style
from .tasks import Tasks

T = TypeVar("T")

_ALWAYS = ("n_nodes", "graph", "sparsity_param", "mechanism_proportions", "noise_type", "standardization")
_MATRICES = ("spectral_energy", "data_energy")
FORMAT = 1


def report(families: Any, path: str | PathLike[str], *, n_tasks: int = 200, n_samples: int = 256, seed: int = 0) -> Path:
    """Writes one HTML page on families: their settings, statistics, warnings, pictures, and how far they are apart.

        anc.analysis.report(data_module, "runs/report.html")
        anc.analysis.report({"train": anc.FamilyConfig(), "shifted": anc.FamilyConfig(graph="scale_free")}, "report.html")

    `families` is a DataModule, a mapping of names to families, or one family, each as `summary` takes it. Distances are
    measured from "train", or else from the first, and between all pairs. The page needs no network, and the same arguments
    give the same bytes. Its numbers are JSON in the element with the id "ancestral-report"; an infinite one is null. The file
    appears whole or not at all, and its folder must exist. A terminal shows a progress bar. Returns the path. Needs the
    extra `plot`.

    A data set, as `summary` takes it, may stand for a family; it has no picture of mechanisms that nobody knows. Raises
    ConfigError for a wrong value or a path that can't be written.
    """
    found = tasks_by_name(families)
    _check_path(target := absolute(path, "path"))
    plan = Plan.of(n_tasks, n_samples, seed)
    with unseen(), plain_style(), _Steps(len(found)) as steps:
        page = _page(found, steps, plan)
    with refused("path", target, "file"):
        write_text(target, page)
    return target


class _Steps:
    """A progress bar where a person watches, on a terminal."""

    def __init__(self, families: int) -> None:
        from tqdm import tqdm

        total = 2 * families + families * (families + 1) // 2
        self._bar: Any = tqdm(total=total, desc="report", unit="step", leave=False, disable=None)

    def __call__(self, work: Callable[[], T]) -> T:
        done = work()
        self._bar.update()
        return done

    def __enter__(self) -> "_Steps":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def _page(families: Mapping[str, Tasks], steps: _Steps, plan: Plan) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    settings = {"n_tasks": plan.n_tasks, "n_samples": plan.n_samples, "seed": plan.seed}
    summaries = {
        name: steps(lambda tasks=tasks: summarised(tasks, plan._replace(detailed=True))) for name, tasks in families.items()
    }
    names = list(families)
    if "train" in names:
        names.insert(0, names.pop(names.index("train")))
    pairs = all_pairs({name: families[name] for name in names}, plan, step=steps)
    numbers = {
        "format": FORMAT,
        "versions": {"ancestral": __version__, "engine": _ffi.version()},
        "settings": settings,
        "families": {
            name: {
                "fingerprint": tasks.fingerprint,
                "config": None if tasks.config is None else tasks.config.to_dict(),
                "summary": summaries[name].to_dict(),
            }
            for name, tasks in families.items()
        },
        "distances": [{"from": names[i], "to": names[j], **pair.to_dict()} for (i, j), pair in pairs.items()],
    }
    parts = [
        {
            "id": f"family-{index}",
            "name": name,
            "fingerprint": tasks.fingerprint,
            "description": tasks.description,
            "config": _settings(tasks),
            "summary": summaries[name],
            "figures": steps(lambda tasks=tasks, name=name, index=index: _figures(tasks, summaries[name], index, plan.seed)),
        }
        for index, (name, tasks) in enumerate(families.items())
    ]
    environment = Environment(
        loader=PackageLoader("ancestral._analysis", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        parts=parts,
        settings=settings,
        version=__version__,
        reference=names[0],
        rows=[(names[j], pair) for (i, j), pair in pairs.items() if i == 0 and j],
        figures=_across(families, names, summaries, pairs, plan.seed),
        numbers=_embedded(numbers),
        inf=math.inf,
    )


def _figures(tasks: Tasks, found: Summary, index: int, seed: int) -> list[tuple[str, str]]:
    """Captions and drawings of one family."""
    drawn: list[tuple[str, Any]] = [
        ("Degrees of nodes", degree_histogram(found).figure),
        ("Spectra of the graphs", spectra(tasks, seed=seed).figure),
        ("Adjacency matrices in topological order: row i, column j is i → j", adjacency_grid(tasks, seed=seed).flat[0].figure),
    ]
    example = tasks.example(seed)
    if example is not None:
        task = new_figure(COLUMN, 5.6)
        grid = task.add_gridspec(3, 2, height_ratios=[2.4, 1, 1])
        panels = [task.add_subplot(grid[0, :]), *(task.add_subplot(grid[1 + k // 2, k % 2]) for k in range(4))]
        example.visualize(panels)
        drawn.append((f"The task of seed {example.seed}: its graph, and its mechanisms over data", task))
    return [(caption, inline_svg(figure, f"f{index}-{place}", caption)) for place, (caption, figure) in enumerate(drawn)]


def _across(
    families: Mapping[str, Tasks],
    names: list[str],
    summaries: Mapping[str, Summary],
    pairs: Mapping[tuple[int, int], DistanceReport],
    seed: int,
) -> list[tuple[str, str]]:
    """Captions and drawings of all families together."""
    drawn: list[tuple[str, Any]] = []
    if all("var_sortability" in found.statistics for found in summaries.values()):
        caption = "Sortability: the mean and the central 90 % of tasks. Away from 0.5, data give the causal order away"
        drawn.append((caption, sortability_ladder(summaries).figure))
    if len(families) > 1:
        drawn.append(("Spectra of the graphs", spectra(families, seed=seed).figure))
    for metric in _MATRICES if len(names) > 1 else ():
        entries: dict[tuple[int, int], Distance] = {pair: found[metric] for pair, found in pairs.items() if metric in found}
        if entries:
            axes = one_axes(None, COLUMN)
            draw_matrix(axes, names, metric, entries)
            drawn.append((f"Distances of all pairs, {metric}", axes.figure))
    return [(caption, inline_svg(figure, f"a{place}", caption)) for place, (caption, figure) in enumerate(drawn)]


def _settings(tasks: Tasks) -> list[tuple[str, list[tuple[str, str]]]]:
    """Titles and settings: those that say most, and those that aren't at their defaults."""
    config = tasks.config
    if isinstance(config, MixtureConfig):
        shares = zip(config.families, config.shares, strict=True)
        return [(f"Family {index}, {share:.1%} of tasks", _fields(part)) for index, (part, share) in enumerate(shares)]
    return [("", _fields(config))] if config is not None else []


def _fields(config: FamilyConfig) -> list[tuple[str, str]]:
    plain = FamilyConfig().to_dict()
    return [
        (name, json.dumps(value, ensure_ascii=False).strip('"'))
        for name, value in config.to_dict().items()
        if name in _ALWAYS or name not in plain or value != plain[name]  # What isn't there are strategies written in Python.
    ]


def _embedded(numbers: Any) -> Any:
    """JSON that can't end the element that it stands in."""
    from markupsafe import Markup

    text = json.dumps(numbers, allow_nan=False)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _check_path(path: Path) -> None:
    if os.path.isdir(path) or not os.path.isdir(path.parent):
        raise ConfigError(f"path = {str(path)!r}: must be a file in a folder that exists.")
