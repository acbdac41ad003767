"""Distances between two families, with what chance alone gives."""

import json
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .._config.containers import sequence
from .._config.plain_values import plain
from .._engine import _ffi
from .._engine.checks import whole_number
from .._engine.errors import ConfigError
from .._identity.parameters import short
from .engine_names import metric_sources
from .given_tasks import tasks_of
from .plan import Plan, Sample
from .shown import Shown, finite_parts
from .tasks import Tasks

_log = logging.getLogger("ancestral.analysis")


@dataclass(frozen=True)
class Distance:
    """One measure between two samples of tasks."""

    value: float
    """The distance, in the measure's own unit: above `null_q95` it is more than chance gives in 95 of 100 cases."""
    p: float
    """(1 + how many random relabellings of the tasks are as far apart) / (1 + how many there are)."""
    null_mean: float
    """The mean over relabellings: what one family against itself gives at this sample size."""
    null_q95: float
    """Their 0.95-quantile."""
    low: float
    """The central 95 % over bootstrap samples, about the value."""
    high: float


@dataclass(frozen=True)
class EdgeDivergence:
    """The edge laws of two Erdős-Rényi families of equal size, in closed form."""

    forward: float
    """KL(first || second) in nats, over all pairs; infinite where the second can't have the first's graphs."""
    backward: float
    jeffreys: float
    """The sum of both."""
    js: float
    """Jensen-Shannon divergence of the edge counts, at most log 2."""
    w1: float
    """Wasserstein distance of the edge counts, in edges."""


class DistanceReport(Shown, Mapping[str, Distance]):
    """Measures by name, and in `edges` the closed forms where both families are Erdős-Rényi of one size, else None.

    `notes` say what a reader of these numbers should know, such as which tasks and rows they are of. Prints as a table;
    `to_dict` is what JSON takes.
    """

    def __init__(self, entries: Mapping[str, Distance], edges: EdgeDivergence | None, notes: Sequence[str] = ()) -> None:
        self._entries = dict(entries)
        self.edges = edges
        self.notes = list(notes)

    def __getitem__(self, metric: str) -> Distance:
        return self._entries[metric]

    def __iter__(self) -> Any:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def to_dict(self) -> dict[str, Any]:
        """{"metrics": {name: {"value", "p", ...}}, "edges": {...} or None}; infinite divergences are None.

        And "notes", a list of sentences, where there are any.
        """
        edges = None if self.edges is None else finite_parts(vars(self.edges))
        found = {"metrics": {name: finite_parts(vars(entry)) for name, entry in self.items()}, "edges": edges}
        return {**found, "notes": self.notes} if self.notes else found

    def metrics(self, prefix: str = "") -> dict[str, float]:
        """{"spectral_energy": value, "spectral_energy/p": .., ..} for a logger, each name after `prefix` and a slash.

        Closed forms of edges are "edges/forward" and so on. Infinite values stay infinite.
        """
        start = f"{prefix}/" if prefix else ""
        numbers: dict[str, float] = {}
        for name, entry in self.items():
            shown = {"": entry.value, "/p": entry.p, "/null_q95": entry.null_q95}
            numbers |= {f"{start}{name}{part}": float(value) for part, value in shown.items()}
        if self.edges is not None:
            numbers |= {f"{start}edges/{name}": float(value) for name, value in vars(self.edges).items()}
        return numbers

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "DistanceReport":
        """The same from what `to_dict` gave; ConfigError where it is something else."""
        try:
            entries = {name: one_distance(entry) for name, entry in values["metrics"].items()}
            return cls(entries, _edges(values["edges"]), values.get("notes", ()))
        except (AttributeError, KeyError, TypeError, ValueError):
            raise ConfigError(f"values = {short(values)}: must be what DistanceReport.to_dict gave.") from None

    def __str__(self) -> str:
        width = max([15, *map(len, self)]) + 1
        lines = [f"{'measure':{width}}{'value':>12}{'p':>8}{'null 95 %':>12}   95 % interval"]
        for name, entry in self.items():
            lines.append(
                f"{name:{width}}{entry.value:12.4g}{entry.p:8.3f}{entry.null_q95:12.4g}   {entry.low:.4g} to {entry.high:.4g}"
            )
        if self.edges is not None:
            edges = self.edges
            lines.append(
                f"edges in closed form: KL {edges.forward:.6g} and {edges.backward:.6g}, Jeffreys {edges.jeffreys:.6g}, "
                f"JS {edges.js:.6g}, W1 {edges.w1:.6g}"
            )
        return "\n".join([*lines, *(f"Note: {text}" for text in self.notes)])

    def __repr__(self) -> str:
        return f"DistanceReport({', '.join(f'{name}={entry.value:.4g}' for name, entry in self.items())})"


def distance(
    family_a: Any,
    family_b: Any,
    *,
    metrics: Sequence[str] | None = None,
    n_tasks: int = 500,
    n_samples: int = 256,
    seed: int = 0,
    permutations: int = 999,
    threads: int | None = None,
) -> DistanceReport:
    """Draws `n_tasks` tasks of either family and measures how far their laws are apart.

    Either is a family or a data set, as `summary` takes them; a data set's tasks are what they are, and both have as many rows
    as the one with fewer. `metrics` are some of:

    - "edge_kl": KL(A || B) of the numbers of edges, in closed form for two Erdős-Rényi families of one size, else of fitted
      normal laws; its p-value, null and interval are those of the fitted ones;
    - "edge_js", "degree_js_in", "degree_js_out": Jensen-Shannon divergences of pooled counts, each bin's plus 1/2;
    - "spectral_w1", "spectral_energy": of the spectra of the skeletons' normalised Laplacians, which reversals leave alone;
    - "graph_energy", "data_energy": energy distances of descriptors;
    - "data_gauss_kl": of normal laws fitted to the data's descriptors, both ways summed.

    Where either has classes or counts, the data's descriptors are also those of kinds: see Summary.statistics.

    None is all of them. `n_samples` rows are drawn of each task; with 0, measures of data are left out. Tasks are no training
    tasks; family B's seeds are those of `seed` + 1, so that a family differs from itself by chance alone. The same arguments
    give the same numbers, whatever the number of threads.

    Sources: Székely and Rizzo, "Energy statistics", J. Stat. Plan. Inference 143 (2013); Chung, "Spectral graph theory", 1997.

    Raises ConfigError for a wrong value, and for a data set of fewer than two tasks. The result is logged at level INFO.
    """
    report = measured(family_a, family_b, metrics, Plan.of(n_tasks, n_samples, seed, threads), permutations)
    return told(report, "family_a", "family_b", n_tasks)


def measured(
    family_a: Any, family_b: Any, metrics: Sequence[str] | None, asked: Plan, permutations: int = 999
) -> DistanceReport:
    """The report of `distance`, for those who tell it in their own words."""
    first, second = tasks_of(family_a, "family_a"), tasks_of(family_b, "family_b")
    plan = common_plan([first, second], asked)
    count = whole_number(permutations, "permutations", 1, 1_000_000)
    pair = first.sample(plan), second.sample(other_seed(plan))
    report = compared(*pair, plan, metrics=metrics, permutations=count, names=("family_a", "family_b"))
    if plan.n_samples < asked.n_samples:
        report.notes.append(f"{plan.n_samples:,} rows of each task, as many as the data set has.")
    return report


def common_plan(tasks: Sequence[Tasks], plan: Plan) -> Plan:
    """With as many rows as all have: descriptors of data depend on how many rows they are of."""
    return plan._replace(n_samples=min([plan.n_samples, *(one.rows for one in tasks if one.rows is not None)]))


def other_seed(plan: Plan) -> Plan:
    """For the second of a pair, so that a family differs from itself by chance alone."""
    return plan._replace(seed=(plan.seed + 1) % (1 << 63))


def compared(
    first: Sample,
    second: Sample,
    plan: Plan,
    *,
    metrics: Sequence[str] | None = None,
    permutations: int = 999,
    names: tuple[str, str],
) -> DistanceReport:
    """The report on two samples, which `names` are of."""
    if isinstance(metrics, str):
        raise ConfigError(f"metrics = {metrics!r}: must be a list of names, such as [{metrics!r}].")
    chosen = {} if metrics is None else {"metrics": plain(sequence(metrics, "metrics"), "metrics")}
    options = plan.options(permutations=permutations, **chosen)
    found: dict[str, Any] = json.loads(_ffi.sample_distance(first.handle, second.handle, options))
    entries = {name: one_distance(found[name]) for name in metric_sources() if name in found}
    lost: dict[str, list[str]] = found.get("notes", {"first": [], "second": []})
    of_each = zip(names, (first.notes + lost["first"], second.notes + lost["second"]), strict=True)
    notes = [f"{name}: {text}" for name, texts in of_each for text in texts]
    return DistanceReport(entries, _edges(found.get("edges")), notes)


def told(report: DistanceReport, first: str, second: str, n_tasks: int) -> DistanceReport:
    """The report, logged."""
    shown = ", ".join(f"{name} {entry.value:.4g} (p {entry.p:.3f})" for name, entry in report.items())
    _log.info("distances from %s to %s, %d tasks of each: %s", first, second, n_tasks, shown)
    return report


def one_distance(values: Mapping[str, float | None]) -> Distance:
    """A measure from the engine's numbers, where None is infinite."""
    return Distance(**_infinite(values))


def _edges(values: Mapping[str, float | None] | None) -> EdgeDivergence | None:
    return None if values is None else EdgeDivergence(**_infinite(values))


def _infinite(values: Mapping[str, float | None]) -> dict[str, float]:
    return {name: math.inf if value is None else float(value) for name, value in values.items()}
