"""Evaluation: the results of a network by family, as a table and as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._analysis.shown import Shown, finite_parts
from .bootstrap import Estimate
from .curves import PrecisionRecall
from .given_graphs import Array
from .reliability import Reliability
from .task_measures import MEASURES


@dataclass(frozen=True, eq=False)
class NetworkResult(Mapping[str, Estimate]):
    """One network, or the baseline, on one family: estimates by the names of measures."""

    estimates: Mapping[str, Estimate]
    per_task: Mapping[str, Array]
    """Of each task, float64 [n_tasks] in the order of the set, but for measures of all tasks together."""
    draws: Mapping[str, Array]
    """The bootstrap samples behind the intervals."""
    precision_recall: PrecisionRecall
    reliability: Reliability | None
    """None for scores that are no probabilities."""

    def __getitem__(self, measure: str) -> Estimate:
        return self.estimates[measure]

    def __iter__(self) -> Iterator[str]:
        return iter(self.estimates)

    def __len__(self) -> int:
        return len(self.estimates)


@dataclass(frozen=True, eq=False)
class FamilyResult(Mapping[str, Estimate]):
    """A network on one family, and a baseline beside it: the network's estimates by the names of measures."""

    n_tasks: int
    network: NetworkResult
    baseline: NetworkResult | None
    differences: Mapping[str, Estimate]
    """Network minus baseline on the same tasks, by measure."""

    def __getitem__(self, measure: str) -> Estimate:
        return self.network[measure]

    def __iter__(self) -> Iterator[str]:
        return iter(self.network)

    def __len__(self) -> int:
        return len(self.network)

    def to_dict(self) -> dict[str, Any]:
        """The form that JSON takes; a number that isn't finite is None."""
        calibration = self.network.reliability
        return {
            "n_tasks": self.n_tasks,
            "network": _plain(self.network),
            "baseline": None if self.baseline is None else _plain(self.baseline),
            "differences": _plain(self.differences),
            "reliability": None if calibration is None else calibration.to_dict(),
        }


class Evaluation(Shown, Mapping[str, FamilyResult]):
    """A network by family: results by the families' names.

        found = evaluation.evaluate(network, data_module)
        print(found)
        print(found["test/id"]["auroc"].mean, found["test/id"].differences["auroc"].low)

    Prints as tables; `to_dict` is what JSON takes.
    """

    def __init__(self, families: Mapping[str, FamilyResult], baseline: str | None) -> None:
        self._families = dict(families)
        self.baseline = baseline
        """What the baseline is called; None where there is none."""

    def __getitem__(self, family: str) -> FamilyResult:
        return self._families[family]

    def __iter__(self) -> Iterator[str]:
        return iter(self._families)

    def __len__(self) -> int:
        return len(self._families)

    @property
    def measures(self) -> list[str]:
        """The names of the measures."""
        return list(next(iter(self._families.values())))

    def to_dict(self) -> dict[str, Any]:
        """{"baseline": its name, "families": {name: {"n_tasks", "network", "baseline", "differences", "reliability"}}}.

        Estimates are {measure: {"mean", "low", "high"}}; a number that isn't finite is None.
        """
        return {"baseline": self.baseline, "families": {name: found.to_dict() for name, found in self.items()}}

    def metrics(self, prefix: str = "") -> dict[str, float]:
        """{"test_id/auroc": mean, ..} for a logger, after `prefix` and a slash; "/" in a name of a family becomes "_"."""
        start = f"{prefix}/" if prefix else ""
        return {
            f"{start}{name.replace('/', '_')}/{measure}": one.mean
            for name, found in self.items()
            for measure, one in found.items()
        }

    def __str__(self) -> str:
        return "\n\n".join("\n".join(self._table(measure)) for measure in self.measures)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}: {self[name][self.measures[0]].mean:.4g}" for name in self)
        return f"Evaluation({self.measures[0]} of {shown})"

    def _table(self, measure: str) -> list[str]:
        """A line for each family: the network, the baseline and their difference, each with its interval."""
        better = "higher" if MEASURES[measure].higher_is_better else "lower"
        width = max(6, *(len(name) for name in self)) + 2
        compared = any(measure in one.differences for one in self.values())
        heads = ["network", *([self.baseline or "", "difference"] if compared else [])]
        rows: list[list[str]] = []
        for found in self.values():
            cells = [found[measure]]
            if measure in found.differences and found.baseline is not None:
                cells += [found.baseline[measure], found.differences[measure]]
            rows.append([_cell(one) for one in cells])
        room = max(27, *(len(cell) for row in rows for cell in row))
        lines = [
            f"{MEASURES[measure].title} ({better} is better)",
            f"{'':{width}}{'tasks':>6}" + "".join(f"  {head:<{room}}" for head in heads),
        ]
        for (name, found), row in zip(self.items(), rows, strict=True):
            lines.append(f"{name:{width}}{found.n_tasks:>6}" + "".join(f"  {cell:<{room}}" for cell in row))
        return [line.rstrip() for line in lines]


def _cell(found: Estimate) -> str:
    return f"{found.mean:.3f} ({found.low:.3f} to {found.high:.3f})"


def _plain(estimates: Mapping[str, Estimate]) -> dict[str, Any]:
    return {name: finite_parts(found._asdict()) for name, found in estimates.items()}
