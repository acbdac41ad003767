public import SCMBase

/// Treatment, outcome and potential outcomes: context rows as observed, query rows with the truth of both arms.
///
/// Three things are told apart. `y1 - y0` is the effect in one unit, both arms with the same noise. `mu1 - mu0` is the effect given
/// all that comes before the treatment in that row (CATE), the mean over the noise of what comes after. `ate` is the mean over the
/// population.
///
/// Source: Pearl, "Causality", 2nd edition, Cambridge 2009, chapters 3 and 7; Imbens, Rubin, "Causal inference for statistics, social,
/// and biomedical sciences", Cambridge 2015.
public struct Effects: Configurable {
  /// Which node is treated.
  public enum TreatmentRole: String, NamedChoice {
    case any
    case withDescendant = "with_descendant"
    /// A node without parents that has a descendant.
    case root
    /// The one that the graph's structure names; see `instrument` and `front_door`.
    case graph
  }

  /// Which node is the outcome.
  public enum OutcomeRole: String, NamedChoice {
    case descendant
    case any
  }

  public enum Covariates: String, NamedChoice {
    /// All that are no descendants of the treatment.
    case preTreatment = "pre_treatment"
    /// All but treatment and outcome, descendants of the treatment too.
    case all
    /// The treatment's parents.
    case adjustment
  }

  /// What a treatment is.
  public enum TreatmentKind: String, NamedChoice {
    /// 1 where the node's own value is above a quantile of its law, else 0.
    case threshold
    /// 1 with probability Φ(score), where the score is linear in what the node's mechanism makes of its parents.
    case probit
    /// 1 with probability σ(score).
    case logistic
    /// The node's own value.
    case continuous
  }

  /// The treatment of query rows.
  public enum Assignment: String, NamedChoice {
    case observed
    /// Each arm with probability 1/2.
    case coin
  }

  /// What becomes of a graph in which treatment and outcome can't be had as asked.
  public enum Impossible: String, NamedChoice {
    /// The roles are drawn among those pairs of the graph that have them; a graph without any is drawn again.
    case roles
    /// The task is drawn again, and counted like a rejection.
    case task
  }

  public var treatment = TreatmentRole.withDescendant
  public var outcome = OutcomeRole.descendant
  public var covariates = Covariates.preTreatment
  public var kind = TreatmentKind.threshold
  public var leastThreshold = 0.25
  public var mostThreshold = 0.75
  public var slope = 1.0
  public var intercept = 0.0
  public var assignment = Assignment.observed
  public var draws = 32
  public var populationRows = 1024
  public var grid = 16
  public var impossible = Impossible.roles

  public init() {}

  public var fields: [Field<Self>] {
    [
      .choice(
        "treatment", \.treatment,
        "Node that is treated: any, with_descendant, root (without parents, with a descendant), or graph: as its structure says."
      ),
      .choice("outcome", \.outcome, "Node that is the outcome: a descendant of the treatment, or any other."),
      .choice(
        "covariates", \.covariates,
        "Nodes that are shown beside treatment and outcome: pre_treatment (no descendants of the treatment), all, or adjustment (its "
          + "parents)."),
      .choice(
        "treatment_kind", \.kind,
        "What a treatment is: threshold (1 where the node is above a quantile of its law), probit or logistic (1 with a probability "
          + "that its parents decide), or continuous. Under any standardization, mechanisms read 0 and 1 as they are."),
      Field.number(
        "threshold_min", \.leastThreshold, in: .from(0, to: 1), "Least quantile of a threshold, uniform per task."
      ).when { $0.kind == .threshold },
      Field.number("threshold_max", \.mostThreshold, in: .from(0, to: 1), "Largest quantile of a threshold.")
        .when { $0.kind == .threshold },
      Field.number(
        "treatment_slope", \.slope, in: .from(-1e6, to: 1e6),
        "Slope of the score in what the mechanism makes of its parents, in standard deviations of the node over calibration_rows rows."
      ).when(\.hasScore),
      Field.number(
        "treatment_intercept", \.intercept, in: .from(-1e6, to: 1e6),
        "Score of parents that make the node's mean over these rows."
      )
      .when(\.hasScore),
      Field.choice(
        "assignment", \.assignment, "Treatment of query rows: as observed, or by coin, each arm with probability 1/2."
      ).when { $0.kind != .continuous },
      .integer(
        "mu_draws", \.draws, in: 2...(1 << 20),
        "Draws of the noise behind a conditional mean; none are needed where what lies between is linear."),
      .integer(
        "population_rows", \.populationRows, in: 2...(1 << 24),
        "Rows behind a dose response, and behind an average effect, which needs none where what lies between is linear."
      ),
      Field.integer("grid", \.grid, in: 2...1024, "Values of a continuous treatment at which the outcome is told.")
        .when { $0.kind == .continuous },
      .choice(
        "impossible", \.impossible,
        "What becomes of a graph without treatment and outcome as asked: roles (drawn among the pairs that are) or task (drawn again)."
      ),
    ]
  }

  var hasScore: Bool { kind == .probit || kind == .logistic }
  var isBinary: Bool { kind != .continuous }
  /// The values of the treatment at which the outcome is told.
  var armCount: Int { isBinary ? 2 : grid }

  func check() throws(ConfigError) {
    try ConfigError.checkBounds("threshold", leastThreshold, mostThreshold)
    if treatment == .graph, outcome == .any {
      throw ConfigError(
        path: "outcome", value: "\"any\"", reason: "must be \"descendant\" with treatment = graph, which names both")
    }
  }

  func check(nodeCounts: ClosedRange<Int>) throws(ConfigError) {
    guard nodeCounts.lowerBound >= 2 else {
      throw ConfigError(
        path: "treatment", value: "\"\(treatment.rawValue)\"",
        reason: "must have an outcome beside it: n_nodes must be at least 2, and may be \(nodeCounts.lowerBound)")
    }
  }
}
