"""The options of a design. Written by `make config` from the engine's schema: edit the sentences there."""

# No `X | None` and no `list[str]` here: OmegaConf reads these annotations as they stand.
from dataclasses import dataclass, field
from typing import List, Optional

from .design_parts import part

__all__ = [
    "Counterfactuals",
    "Effects",
    "Hidden",
    "Interventions",
    "Knowledge",
    "Observation",
    "Selection",
]


@part("interventions")
@dataclass(frozen=True)
class Interventions:
    """What is done to some of the rows."""

    n_samples: int = 100
    """Rows under interventions, shared out to the regimes. From 1 to 16777216."""
    regimes: Optional[int] = 10
    """Number of regimes, or the least of a range; null for one a node. From 1 to 4096."""
    regimes_max: Optional[int] = None
    """Largest number of regimes, where it is drawn per task; null for regimes. From 1 to 4096."""
    targets: int = 1
    """Targets of a regime, or the least of a range. From 1 to 2048."""
    targets_max: Optional[int] = None
    """Largest number of targets, where it is drawn per regime; null for targets. From 1 to 2048."""
    allocation: str = "balanced"
    """How nodes become targets: uniform in each regime; balanced, each as often as any other but for one time; or every_node,
    each in exactly one regime. One of uniform, balanced, every_node."""
    kind: str = "do"
    """What happens to a target: do (held at a value), stochastic (a value afresh in each row), shift (a value is added),
    noise_scale (its noise is multiplied), mechanism (another one of the family), coefficient (linear weights are moved) or
    edge_removal (parents are replaced by draws of their own). One of do, stochastic, shift, noise_scale, mechanism,
    coefficient, edge_removal."""
    values: str = "normal"
    """Law of the values: normal, uniform, signed_uniform or marginal (the node's own value in another row, one of
    calibration_rows that nobody is shown). Under each but marginal, a node of classes takes one of them, all with equal
    probability, and a count the value rounded, 0 where that is below. One of normal, uniform, signed_uniform, marginal."""
    value_mean: float = 0.0
    """Mean of normal values. From -1e6 to 1e6."""
    value_deviation: float = 2.0
    """Standard deviation of normal values. From 0 to 1e6."""
    value_min: float = 1.0
    """Least uniform value, or magnitude of signed_uniform. From -1e6 to 1e6."""
    value_max: float = 3.0
    """Largest uniform value, or magnitude of signed_uniform. From -1e6 to 1e6."""
    values_per: str = "row"
    """What has a value of its own: each row, or each regime as a whole. One of row, regime."""
    values_scaled: bool = False
    """Whether values are in units of the node's own law: its observational mean plus its standard deviation times the value, as
    calibration_rows rows have them; a shift adds both. True or False."""
    factor_min: float = 2.0
    """Least factor of the noise, uniform for each target. From 0 to 1e6."""
    factor_max: float = 5.0
    """Largest factor of the noise. From 0 to 1e6."""
    coefficient_min: float = 2.0
    """Least magnitude of what is added to a linear weight, of either sign. From 0 to 1e6."""
    coefficient_max: float = 5.0
    """Largest magnitude of what is added to a linear weight. From 0 to 1e6."""
    removal: float = 0.5
    """Probability that a parent of a target is removed; one is in any case, where the target has parents. Above 0, at most
    1."""
    noise: str = "fresh"
    """Noise of the rows under interventions: fresh, or shared: row k of each regime has that of observational row k. One of
    fresh, shared."""
    order: str = "by_regime"
    """Order of the rows: by_regime, interleaved (one of each regime in turn) or shuffled. One of by_regime, interleaved,
    shuffled."""
    known_targets: bool = True
    """Whether targets are input; where not, they are named truth_targets, truth_intervened and truth_values. True or False."""


@part("counterfactuals")
@dataclass(frozen=True)
class Counterfactuals:
    """Both worlds of each row: as it is, and under its regime."""


@part("hidden")
@dataclass(frozen=True)
class Hidden:
    """Variables that are not shown."""

    count: Optional[int] = None
    """Number of hidden nodes, or the least of a range; null for a share. From 0 to 2047."""
    count_max: Optional[int] = None
    """Largest number of hidden nodes, where it is drawn per task; null for count. From 0 to 2047."""
    share: float = 0.2
    """Share of the nodes that is hidden, or the least of a range. From 0 to 1."""
    share_max: Optional[float] = None
    """Largest share, where it is drawn per task; null for share. From 0 to 1."""
    which: str = "any"
    """Nodes that may be hidden: any, sources (without parents) or confounders (sources with two children at least). One of any,
    confounders, sources."""
    scarcity: str = "fewer"
    """What becomes of a graph with too few such nodes: fewer are hidden, or the task is drawn again (redraw). One of fewer,
    redraw."""


@part("effects")
@dataclass(frozen=True)
class Effects:
    """Treatment, outcome and potential outcomes."""

    treatment: str = "with_descendant"
    """Node that is treated: any, with_descendant, root (without parents, with a descendant), or graph: as its structure says.
    One of any, with_descendant, root, graph."""
    outcome: str = "descendant"
    """Node that is the outcome: a descendant of the treatment, or any other. One of descendant, any."""
    covariates: str = "pre_treatment"
    """Nodes that are shown beside treatment and outcome: pre_treatment (no descendants of the treatment), all, or adjustment
    (its parents). One of pre_treatment, all, adjustment."""
    treatment_kind: str = "threshold"
    """What a treatment is: threshold (1 where the node is above a quantile of its law), probit or logistic (1 with a
    probability that its parents decide), or continuous. Under any standardization, mechanisms read 0 and 1 as they are. One of
    threshold, probit, logistic, continuous."""
    threshold_min: float = 0.25
    """Least quantile of a threshold, uniform per task. From 0 to 1."""
    threshold_max: float = 0.75
    """Largest quantile of a threshold. From 0 to 1."""
    treatment_slope: float = 1.0
    """Slope of the score in what the mechanism makes of its parents, in standard deviations of the node over calibration_rows
    rows. From -1e6 to 1e6."""
    treatment_intercept: float = 0.0
    """Score of parents that make the node's mean over these rows. From -1e6 to 1e6."""
    assignment: str = "observed"
    """Treatment of query rows: as observed, or by coin, each arm with probability 1/2. One of observed, coin."""
    mu_draws: int = 32
    """Draws of the noise behind a conditional mean; none are needed where what lies between is linear. From 2 to 1048576."""
    population_rows: int = 1024
    """Rows behind a dose response, and behind an average effect, which needs none where what lies between is linear. From 2 to
    16777216."""
    grid: int = 16
    """Values of a continuous treatment at which the outcome is told. From 2 to 1024."""
    impossible: str = "roles"
    """What becomes of a graph without treatment and outcome as asked: roles (drawn among the pairs that are) or task (drawn
    again). One of roles, task."""


@part("selection")
@dataclass(frozen=True)
class Selection:
    """Which rows come to be seen."""

    kept: float = 0.5
    """Probability that a row is kept: exact where all mechanisms are linear and the noise is Gaussian, else by calibration
    rows. From 0.02 to 0.999."""
    slope: float = 1.0
    """Weight β of the score. From -100 to 100."""
    causes: int = 1
    """Variables in the score, hidden ones too, or as many as there are. From 1 to 16."""


@part("observation")
@dataclass(frozen=True)
class Observation:
    """Holes, errors, bounds and bins of what is seen."""

    missing: str = "mcar"
    """What decides whether a cell is seen: nothing (mcar), columns that are always seen (mar), its own value (mnar), any
    columns (graph); or none are missing. One of none, mcar, mar, mnar, graph."""
    missing_rate: float = 0.2
    """Probability that a cell of a column with holes is not seen. From 0.001 to 0.99."""
    missing_share: float = 1.0
    """Share of the shown columns that have holes; with mar at least one is always seen, and what is always seen is as it is.
    From 0 to 1."""
    missing_slope: float = 1.0
    """Weight of the standardised score of its causes in the probit of a cell's being seen. From -100 to 100."""
    missing_causes: int = 1
    """Columns that decide about a column with holes, or as many as there are. From 1 to 16."""
    missing_value: str = "zero"
    """What stands in X where a cell is not seen: zero or nan. One of zero, nan."""
    error_share: float = 0.0
    """Share of the columns that are measured with an error. From 0 to 1."""
    error_ratio: float = 0.3
    """Standard deviation of the normal error, in those of the column itself. From 0 to 1000."""
    censored_share: float = 0.0
    """Share of the columns that are censored. From 0 to 1."""
    censoring: str = "left"
    """What is censored: values below a bound (left) or above it (right), where the bound stands; or below it, where 0 stands
    (zero). One of left, right, zero."""
    censored_min: float = 0.1
    """Least share of a column's values that is censored. From 0.001 to 0.999."""
    censored_max: float = 0.4
    """Largest such share. From 0.001 to 0.999."""
    rounded_share: float = 0.0
    """Share of the columns that are rounded. From 0 to 1."""
    bins_min: int = 2
    """Least number of values of a rounded column: equal bins between the 1 % and 99 % quantiles, each told by its middle. From
    2 to 1024."""
    bins_max: int = 8
    """Largest number of values. From 2 to 1024."""


@part("knowledge")
@dataclass(frozen=True)
class Knowledge:
    """What is known of the graph beforehand."""

    kind: str = "edges"
    """What is revealed of a pair (i, j): edges i -> j, or that i is one of the ancestors of j. One of edges, ancestors."""
    unknown_min: float = 0.5
    """Least probability that a pair stays unknown. From 0 to 1."""
    unknown_max: float = 1.0
    """Largest probability that a pair stays unknown. From 0 to 1."""


@dataclass(frozen=True)
class DesignFields:
    """One field for each option of the engine that stands alone, and for each part."""

    n_samples: int = 1000
    """Rows without an intervention, or the least of a range. From 1 to 16777216."""
    n_samples_max: Optional[int] = None
    """Largest number of rows, where it is drawn; null for n_samples. From 1 to 16777216."""
    n_samples_law: str = "uniform"
    """Law of the number of rows: uniform or log_uniform. One of uniform, log_uniform."""
    n_samples_per: str = "per_task"
    """What has a number of rows of its own: per_task (arrays are padded to the largest) or per_batch (no padding). One of
    per_task, per_batch."""
    query: float = 0.0
    """Rows at the end that are asked about and no statistic may see: a share of the rows where below 1, else their number. From
    0 to 16777216."""
    interventions: Optional[Interventions] = None
    """What is done to some of the rows; null for nothing."""
    counterfactuals: Optional[Counterfactuals] = None
    """Both worlds of each row: as it is, and under its regime; null for one world."""
    hidden: Optional[Hidden] = None
    """Variables that are not shown; null for none."""
    effects: Optional[Effects] = None
    """Treatment, outcome and potential outcomes; null for none."""
    selection: Optional[Selection] = None
    """Which rows come to be seen; null for all."""
    observation: Optional[Observation] = None
    """Holes, errors, bounds and bins of what is seen; null for the values as they are."""
    knowledge: Optional[Knowledge] = None
    """What is known of the graph beforehand; null for nothing."""
    outputs: List[str] = field(default_factory=list[str])
    """What else is told of a task. 0 to 6 values, each one of ancestors, order, cpdag, mag, truth_noise, complete."""

    def __post_init__(self) -> None:
        """Nothing yet: Design checks the values."""
