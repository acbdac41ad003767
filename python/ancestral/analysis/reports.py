"""The report: one page with all that is known of some families."""

import json
import math
import os
from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from .. import _ffi
from .._checks import check_seed
from .._errors import ConfigError
from .._looks import COLUMN
from .._paths import absolute
from .._version import __version__
from ..config import FamilyConfig
from ..family import SCMFamily
from ..mixture import MixtureConfig
from ._drawings import draw_matrix
from ._families import families_of
from ._svg import inline_svg, plain_style
from .distances import Distance, DistanceReport, distance
from .plots import adjacency_grid, degree_histogram, sortability_ladder, spectra
from .summaries import Summary, summary

T = TypeVar("T")

_ALWAYS = ("n_nodes", "graph", "sparsity_param", "mechanism_proportions", "noise_type", "standardization")
_MATRICES = ("spectral_energy", "data_energy")
FORMAT = 1


def report(families: Any, path: str | PathLike[str], *, n_tasks: int = 200, n_samples: int = 256, seed: int = 0) -> Path:
    """Writes one HTML page on families: their settings, statistics, warnings, pictures, and how far they are apart.

        anc.analysis.report(data_module, "runs/report.html")
        anc.analysis.report({"train": anc.FamilyConfig(), "shifted": anc.FamilyConfig(graph="scale_free")}, "report.html")

    `families` is a DataModule, a mapping of names to families, or one family, each as SCMFamily.from_config takes it. Distances
    are measured from "train", or else from the first, and between all pairs. The page needs no network, and the same arguments
    give the same bytes. Its numbers are JSON in the element with the id "ancestral-report"; an infinite one is null. The file
    appears whole or not at all, and its folder must exist. A terminal shows a progress bar. Returns the path. Needs the
    extra `plot`.

    A family with strategies written in Python gets pictures only. Raises ConfigError for a wrong value or a path that can't be
    written.
    """
    found = families_of(families)
    _check_path(target := absolute(path, "path"))
    check_seed(seed)
    with plain_style(), _Steps(found) as steps:
        page = _page(found, steps, {"n_tasks": n_tasks, "n_samples": n_samples, "seed": seed})
    from ..data.atomic import refused, write_text  # Which belongs to what is built on this package.

    with refused("path", target, "file"):
        write_text(target, page)
    return target


class _Steps:
    """A progress bar where a person watches, on a terminal."""

    def __init__(self, families: Mapping[str, SCMFamily]) -> None:
        from tqdm import tqdm

        engine = sum(family.in_engine for family in families.values())
        total = 2 * len(families) + engine * (engine + 1) // 2
        self._bar: Any = tqdm(total=total, desc="report", unit="step", leave=False, disable=None)

    def __call__(self, work: Callable[[], T]) -> T:
        done = work()
        self._bar.update()
        return done

    def __enter__(self) -> "_Steps":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def _page(families: Mapping[str, SCMFamily], steps: _Steps, settings: dict[str, int]) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    n_tasks, n_samples, seed = settings.values()
    engine = {name: family for name, family in families.items() if family.in_engine}
    summaries = {
        name: steps(lambda family=family: summary(family, n_tasks, n_samples=n_samples, seed=seed))
        for name, family in engine.items()
    }
    names = list(engine)
    if "train" in names:
        names.insert(0, names.pop(names.index("train")))
    pairs: dict[tuple[int, int], DistanceReport] = {
        (i, j): steps(
            lambda i=i, j=j: distance(engine[names[i]], engine[names[j]], n_tasks=n_tasks, n_samples=n_samples, seed=seed)
        )
        for i in range(len(names))
        for j in range(i, len(names))
    }
    numbers = {
        "format": FORMAT,
        "versions": {"ancestral": __version__, "engine": _ffi.version()},
        "settings": settings,
        "families": {
            name: {
                "fingerprint": family.fingerprint() if family.has_fingerprint else None,
                "config": family.config.to_dict(),
                "summary": summaries[name].to_dict() if name in summaries else None,
            }
            for name, family in families.items()
        },
        "distances": [{"from": names[i], "to": names[j], **pair.to_dict()} for (i, j), pair in pairs.items()],
    }
    parts = [
        {
            "id": f"family-{index}",
            "name": name,
            "fingerprint": family.fingerprint() if family.has_fingerprint else None,
            "config": _relevant(family),
            "summary": summaries.get(name),
            "figures": steps(lambda family=family, name=name, index=index: _figures(family, summaries.get(name), index, seed)),
        }
        for index, (name, family) in enumerate(families.items())
    ]
    environment = Environment(
        loader=PackageLoader("ancestral.analysis", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(
        parts=parts,
        settings=settings,
        version=__version__,
        reference=names[0] if names else None,
        rows=[(names[j], pair) for (i, j), pair in pairs.items() if i == 0 and j],
        figures=_across(families, names, summaries, pairs, seed),
        numbers=_embedded(numbers),
        inf=math.inf,
    )


def _figures(family: SCMFamily, found: Summary | None, index: int, seed: int) -> list[tuple[str, str]]:
    """Captions and drawings of one family."""
    from matplotlib.figure import Figure

    task = Figure(figsize=(COLUMN, 5.6), layout="constrained")
    grid = task.add_gridspec(3, 2, height_ratios=[2.4, 1, 1])
    panels = [task.add_subplot(grid[0, :]), *(task.add_subplot(grid[1 + k // 2, k % 2]) for k in range(4))]
    family.sample_task(seed).visualize(panels)
    drawn: list[tuple[str, Any]] = [] if found is None else [("Degrees of nodes", degree_histogram(found).figure)]
    drawn += [
        ("Spectra of the graphs", spectra(family, seed=seed).figure),
        ("Adjacency matrices in topological order: row i, column j is i → j", adjacency_grid(family, seed=seed).flat[0].figure),
        (f"The task of seed {seed}: its graph, and its mechanisms over data", task),
    ]
    return [(caption, inline_svg(figure, f"f{index}-{place}", caption)) for place, (caption, figure) in enumerate(drawn)]


def _across(
    families: Mapping[str, SCMFamily],
    names: list[str],
    summaries: Mapping[str, Summary],
    pairs: Mapping[tuple[int, int], DistanceReport],
    seed: int,
) -> list[tuple[str, str]]:
    """Captions and drawings of all families together."""
    from matplotlib.figure import Figure

    drawn: list[tuple[str, Any]] = []
    if summaries and all("var_sortability" in found.statistics for found in summaries.values()):
        caption = "Sortability: the mean and the central 90 % of tasks. Away from 0.5, data give the causal order away"
        drawn.append((caption, sortability_ladder(summaries).figure))
    if len(families) > 1:
        drawn.append(("Spectra of the graphs", spectra(families, seed=seed).figure))
    for metric in _MATRICES if len(names) > 1 else ():
        entries: dict[tuple[int, int], Distance] = {pair: found[metric] for pair, found in pairs.items() if metric in found}
        if entries:
            axes = Figure(figsize=(COLUMN, COLUMN), layout="constrained").add_subplot()
            draw_matrix(axes, names, metric, entries)
            drawn.append((f"Distances of all pairs, {metric}", axes.figure))
    return [(caption, inline_svg(figure, f"a{place}", caption)) for place, (caption, figure) in enumerate(drawn)]


def _relevant(family: SCMFamily) -> list[tuple[str, list[tuple[str, str]]]]:
    """Titles and settings: those that say most, and those that aren't at their defaults."""
    config = family.config
    if isinstance(config, MixtureConfig):
        shares = zip(config.families, config.shares, strict=True)
        return [(f"Family {index}, {share:.1%} of tasks", _fields(part)) for index, (part, share) in enumerate(shares)]
    return [("", _fields(config))]


def _fields(config: FamilyConfig) -> list[tuple[str, str]]:
    plain = FamilyConfig().to_dict()
    return [
        (name, json.dumps(value, ensure_ascii=False).strip('"'))
        for name, value in config.to_dict().items()
        if name in _ALWAYS or value != plain.get(name)
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
