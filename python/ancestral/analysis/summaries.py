"""What is in a family."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import _ffi
from ._families import as_family, handle_of, options_text


@dataclass(frozen=True)
class Law:
    """One number over tasks."""

    mean: float
    sd: float
    quantiles: tuple[float, float, float, float, float]
    """At shares 0.05, 0.25, 0.5, 0.75 and 0.95."""


@dataclass(frozen=True)
class Summary:
    """A family over a sample of its tasks; prints as a table."""

    n_tasks: int
    statistics: Mapping[str, Law]
    """By name: counts of nodes, edges, roots, leaves and v-structures, the longest path, then descriptors of graphs and data.

    Descriptors of graphs are shares of what their nodes allow, so that sizes compare. Then comes the Markov equivalence class:
    `reversible_edges`, a share, and `mec_bits`, the base-2 logarithm of its size. Last comes what causes what, measured:
    `signal_share`, the mean share of a node's variance that its parents account for, and `signal_to_noise`, the median of that
    share over the rest's; `edge_effect` and `edge_effect_q10`, mean and 0.1-quantile over edges of the change of a child, in
    its standard deviations, when one parent takes another row's value; `weak_edges`, the share of edges below 0.05."""
    in_degrees: list[float]
    """The share of nodes with 0, 1, ... parents."""
    out_degrees: list[float]
    """The share of nodes with 0, 1, ... children."""
    degrees: list[float]
    """The share of nodes with 0, 1, ... neighbours."""
    variance_along_order: list[float | None]
    """The geometric mean of the nodes' variances in each tenth of the causal order; None for a tenth without nodes.

    Empty without rows."""
    component_counts: list[int]
    """How many tasks came from each family of a mixture."""
    warnings: list[str]
    """What a reader of results on this family should know, such as that its data give the causal order away."""

    def to_dict(self) -> dict[str, Any]:
        """What JSON takes; a number that isn't finite is None."""
        statistics = {
            name: {
                "mean": _or_none(law.mean),
                "sd": _or_none(law.sd),
                "quantiles": [_or_none(value) for value in law.quantiles],
            }
            for name, law in self.statistics.items()
        }
        return {**vars(self), "statistics": statistics}

    def metrics(self, prefix: str = "") -> dict[str, float]:
        """{"edges/mean": .., "edges/sd": .., "edges/median": .., ..} for a logger, each name after `prefix` and a slash."""
        start = f"{prefix}/" if prefix else ""
        numbers: dict[str, float] = {}
        for name, law in self.statistics.items():
            shown = {"mean": law.mean, "sd": law.sd, "median": law.quantiles[2]}
            numbers |= {f"{start}{name}/{part}": float(value) for part, value in shown.items()}
        return numbers

    def __str__(self) -> str:
        lines = [f"{self.n_tasks} tasks", f"{'':24}{'mean':>11}{'sd':>11}{'5 %':>11}{'median':>11}{'95 %':>11}"]
        for name, law in self.statistics.items():
            shown = (law.mean, law.sd, law.quantiles[0], law.quantiles[2], law.quantiles[4])
            lines.append(f"{name:24}" + "".join(f"{_rounded(value):11.4g}" for value in shown))
        return "\n".join([*lines, *(f"Warning: {text}" for text in self.warnings)])


def summary(family: Any, n_tasks: int = 500, *, n_samples: int = 256, seed: int = 0, threads: int | None = None) -> Summary:
    """Describes a family by `n_tasks` of its tasks, with `n_samples` rows each; 0 rows describe the graphs alone.

    The family is given as SCMFamily.from_config takes it. Raises ConfigError for a wrong value.
    """
    options = options_text(n_tasks, n_samples, seed, threads)
    found: dict[str, Any] = json.loads(_ffi.family_summary(handle_of(as_family(family)), options))
    statistics = {
        name: Law(law["mean"], law["sd"], tuple(law["quantiles"])) for name, law in _ordered(found["statistics"]).items()
    }
    return Summary(
        found["n_tasks"],
        statistics,
        found["in_degrees"],
        found["out_degrees"],
        found["degrees"],
        found["variance_along_order"],
        found["component_counts"],
        found["warnings"],
    )


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _rounded(value: float) -> float:
    """Without the dust of sums that should be 0."""
    return 0.0 if abs(value) < 1e-12 else value


# JSON from the engine has its keys sorted; readers want what belongs together side by side.
_ORDER = (
    *("nodes", "edges", "root_count", "leaf_count", "v_structure_count", "longest_path"),
    *("density", "in_degree_sd", "out_degree_sd", "max_degree", "roots", "leaves", "depth", "transitivity", "v_structures"),
    *("algebraic_connectivity", "log_variance_mean", "log_variance_sd", "correlation_mean", "correlation_q90"),
    *("effective_rank", "skewness", "excess_kurtosis", "explained", "nonlinearity", "var_sortability", "r2_sortability"),
    *("reversible_edges", "mec_bits", "signal_share", "signal_to_noise", "edge_effect", "edge_effect_q10", "weak_edges"),
)


def _ordered(statistics: Mapping[str, Any]) -> dict[str, Any]:
    known = [name for name in _ORDER if name in statistics]
    return {name: statistics[name] for name in [*known, *(name for name in statistics if name not in _ORDER)]}
