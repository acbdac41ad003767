"""Law: one statistic over tasks, and how several of them print, are logged and become JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .shown import finite


@dataclass(frozen=True)
class Law:
    """One number over tasks."""

    mean: float
    sd: float
    quantiles: tuple[float, float, float, float, float]
    """At shares 0.05, 0.25, 0.5, 0.75 and 0.95."""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Law":
        """From the engine's JSON, which writes a whole number without a point."""
        q05, q25, q50, q75, q95 = map(float, entry["quantiles"])
        return cls(float(entry["mean"]), float(entry["sd"]), (q05, q25, q50, q75, q95))


def plain_laws(statistics: Mapping[str, Law]) -> dict[str, Any]:
    """The form that JSON takes; a number that isn't finite is None."""
    return {
        name: {
            "mean": finite(law.mean),
            "sd": finite(law.sd),
            "quantiles": [finite(value) for value in law.quantiles],
        }
        for name, law in statistics.items()
    }


def law_metrics(statistics: Mapping[str, Law], prefix: str) -> dict[str, float]:
    """{"edges/mean": .., "edges/sd": .., "edges/median": .., ..}, each name after `prefix` and a slash."""
    start = f"{prefix}/" if prefix else ""
    numbers: dict[str, float] = {}
    for name, law in statistics.items():
        shown = {"mean": law.mean, "sd": law.sd, "median": law.quantiles[2]}
        numbers |= {f"{start}{name}/{part}": float(value) for part, value in shown.items()}
    return numbers


def law_lines(statistics: Mapping[str, Law]) -> list[str]:
    """A table, a line for each statistic."""
    lines = [f"{'':24}{'mean':>11}{'sd':>11}{'5 %':>11}{'median':>11}{'95 %':>11}"]
    for name, law in statistics.items():
        shown = (law.mean, law.sd, law.quantiles[0], law.quantiles[2], law.quantiles[4])
        lines.append(f"{name:24}" + "".join(f"{_rounded(value):11.4g}" for value in shown))
    return lines


def _rounded(value: float) -> float:
    """Without the dust of sums that should be 0."""
    return 0.0 if abs(value) < 1e-12 else value
