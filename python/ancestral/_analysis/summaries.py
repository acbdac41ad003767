"""Summary: the statistics of a family or of a data set, over a sample of tasks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, overload

from .._engine import _ffi
from .engine_names import statistics_of
from .given_tasks import NamedFamilies, is_several, tasks_by_name, tasks_of
from .laws import Law, law_lines, law_metrics, plain_laws
from .plan import Plan
from .shown import Shown, counted
from .tasks import Tasks


@dataclass(frozen=True)
class Summary(Shown):
    """A family over a sample of its tasks, or a data set; prints as a table."""

    n_tasks: int
    statistics: Mapping[str, Law]
    """By name: counts of nodes, edges, roots, leaves and v-structures, the longest path, then descriptors of graphs and data.

    Descriptors of graphs are shares of what their nodes allow, so that sizes compare. Then comes the Markov equivalence class:
    `reversible_edges`, a share, and `mec_bits`, the base-2 logarithm of its size. Last comes what causes what, measured:
    `signal_share`, the mean share of a node's variance that its parents account for, and `signal_to_noise`, the median of that
    share over the rest's; `edge_effect` and `edge_effect_q10`, mean and 0.1-quantile over edges of how much a child changes, in
    its standard deviations, when one parent takes another row's value: the root mean square over √2, |weight| · sd(parent) /
    sd(child) where the mechanism is linear; `weak_edges`, the share of edges below 0.05. A node with
    classes counts there as the vector that is 1 at its class. These run the mechanisms again, so data sets and mechanisms
    written in Python don't have them; tasks in which that gives values beyond float32 are left out, as a note tells.

    Columns with classes, whose numbers are names, have no part in moments, correlations and sortabilities. Where there are
    classes or counts, `binary_nodes`, `categorical_nodes` and `count_nodes` are shares of the nodes, `class_balance` the mean
    entropy of a class column over that of equally frequent classes, and `edge_information` the mean mutual information of an
    edge's ends in nats, less what chance gives; numbers are cut at their quartiles for it. Missing cells have no part in
    anything: a correlation is over the rows that have both."""
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
    """The number of tasks from each family of a mixture."""
    warnings: list[str]
    """Sentences that a reader of results on this family should know, such as that its data give the causal order away."""
    notes: list[str] = field(default_factory=list[str])
    """Sentences for a reader of these numbers: which tasks and rows they are of, and what could not be measured."""

    def to_dict(self) -> dict[str, Any]:
        """The form that JSON takes; a number that isn't finite is None."""
        return {**vars(self), "statistics": plain_laws(self.statistics)}

    def metrics(self, prefix: str = "") -> dict[str, float]:
        """{"edges/mean": .., "edges/sd": .., "edges/median": .., ..} for a logger, each name after `prefix` and a slash."""
        return law_metrics(self.statistics, prefix)

    def __str__(self) -> str:
        words = [*(f"Warning: {text}" for text in self.warnings), *(f"Note: {text}" for text in self.notes)]
        return "\n".join([counted(self.n_tasks, "task"), *law_lines(self.statistics), *words])


@overload
def summary(  # pyright: ignore[reportOverlappingOverload] - Any is what else a family may be given as.
    family: NamedFamilies, n_tasks: int = 500, *, n_samples: int = 256, seed: int = 0, threads: int | None = None
) -> dict[str, Summary]: ...
@overload
def summary(family: Any, n_tasks: int = 500, *, n_samples: int = 256, seed: int = 0, threads: int | None = None) -> Summary: ...
def summary(
    family: Any, n_tasks: int = 500, *, n_samples: int = 256, seed: int = 0, threads: int | None = None
) -> Summary | dict[str, Summary]:
    """Describes a family by `n_tasks` of its tasks, with `n_samples` rows each; 0 rows describe the graphs alone.

    The family is given as SCMFamily.from_config takes it, or as an SCMFamily, with strategies written in Python too. A data set
    is described instead of a family: a MetaFixedDataset, a CorpusDataset or any other with a length whose items are (X,
    adjacency), a pair of stacks X [B, rows, n] and adjacency [B, n, n] with a node_mask [B, n] where they are padded, or a list
    of tasks or batches. Of a data set with more tasks, `n_tasks` are taken at equal steps, and the first `n_samples` rows of
    each. A DataModule, or a mapping of names to families, gives a dictionary of summaries.

    Raises ConfigError for a wrong value, and for data that aren't finite, or whose graphs aren't DAGs of their size.
    """
    plan = Plan.of(n_tasks, n_samples, seed, threads, detailed=True)
    if is_several(family):
        return {name: summarised(tasks, plan) for name, tasks in tasks_by_name(family).items()}
    return summarised(tasks_of(family), plan)


def summarised(tasks: Tasks, plan: Plan) -> Summary:
    """The summary of tasks in any form."""
    sample = tasks.sample(plan)
    found: dict[str, Any] = json.loads(_ffi.sample_summary(sample.handle))
    laws = found["statistics"]
    # JSON from the engine has its keys sorted; readers want what belongs together side by side.
    statistics = {name: Law.of(laws[name]) for name in statistics_of() if name in laws}
    return Summary(
        found["n_tasks"],
        statistics,
        list(map(float, found["in_degrees"])),
        list(map(float, found["out_degrees"])),
        list(map(float, found["degrees"])),
        [None if variance is None else float(variance) for variance in found["variance_along_order"]],
        found["component_counts"],
        found["warnings"],
        [*sample.notes, *found["notes"]],
    )
