"""Comparison: families side by side, as the table of a report: measures by families."""

from typing import NamedTuple

from .distances import Distance
from .given_results import measures_of
from .measured_families import Measured

STEPS = (1, 4, 16, 64)
"""A distance that is so many times as far as the 0.95-quantile of chance is coloured the more."""


class Cell(NamedTuple):
    """One distance."""

    entry: Distance
    times: float
    """How many times as far from the mean of chance as its 0.95-quantile; 0 where chance has no width."""
    level: int
    """0 within chance, else how many of STEPS it is beyond."""


class Comparison(NamedTuple):
    """Rows of a table, whose columns are families."""

    reference: str
    families: list[str]
    distances: list[tuple[str, list[Cell | None]]]
    edges: list[tuple[str, list[float | None]]]
    """Closed forms of edge laws, where a family has them."""
    results: list[tuple[str, list[tuple[float, float, float] | None]]]
    """What a network makes of each family: value, low and high."""


def compare(found: Measured) -> Comparison:
    """All families beside the first; this one too, where a network has results on it."""
    reference, *others = found.names
    families = [reference, *others] if reference in found.results else others
    reports = {name: found.pairs[0, place] for place, name in enumerate(found.names) if place}
    metrics = list(dict.fromkeys(metric for report in reports.values() for metric in report))

    def row(metric: str) -> list[Cell | None]:
        return [_cell(reports[name][metric]) if name in reports and metric in reports[name] else None for name in families]

    closed = {name: report.edges for name, report in reports.items() if report.edges is not None}
    forms = {
        f"KL from {reference}, nats": "forward",
        f"KL to {reference}, nats": "backward",
        "Jensen–Shannon, nats": "js",
        "Wasserstein, edges": "w1",
    }
    return Comparison(
        reference,
        families,
        [(metric, row(metric)) for metric in metrics],
        [
            (title, [getattr(closed[name], form) if name in closed else None for name in families])
            for title, form in forms.items()
            if closed
        ],
        [(measure, [found.results.get(name, {}).get(measure) for name in families]) for measure in measures_of(found.results)],
    )


def _cell(entry: Distance) -> Cell:
    width = entry.null_q95 - entry.null_mean
    times = (entry.value - entry.null_mean) / width if width > 0 else 0.0
    return Cell(entry, times, sum(times > step for step in STEPS))
