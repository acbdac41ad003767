public import SCMBase

/// What becomes of a row's values before anyone reads them: errors of measurement, censoring, rounding, and then holes. The model's own
/// values are given on request, as `X_complete`.
///
/// A column's errors, bounds and bins are constants of the task, taken from the law of the SCM without intervention: in closed form where
/// all mechanisms are linear and the noise is Gaussian, else from calibration rows. Interventions don't move them.
public struct Observation: Configurable {
  /// What decides whether a cell is seen. Source: Rubin, "Inference and missing data", Biometrika 63 (1976).
  public enum Missingness: String, NamedChoice {
    case none
    /// Nothing: missing completely at random.
    case mcar
    /// Columns that are always seen: missing at random.
    case mar
    /// The cell's own value: missing not at random.
    case mnar
    /// Any columns, seen or not. Source: Mohan, Pearl, Tian, "Graphical models for inference with missing data", NeurIPS 2013.
    case graph
  }

  /// What stands in `X` where a cell isn't seen.
  public enum Hole: String, NamedChoice {
    case zero
    case nan
  }

  /// Which values of a censored column are not told.
  public enum Censoring: String, NamedChoice {
    /// Those below a bound, which stands in their place.
    case left
    /// Those above a bound.
    case right
    /// Those below a bound, in whose place a 0 stands.
    case zero
  }

  public var missing = Missingness.mcar
  public var rate = 0.2
  public var share = 1.0
  public var slope = 1.0
  public var causes = 1
  public var hole = Hole.zero
  public var errorShare = 0.0
  public var errorRatio = 0.3
  public var censoredShare = 0.0
  public var censoring = Censoring.left
  public var leastCensored = 0.1
  public var mostCensored = 0.4
  public var roundedShare = 0.0
  public var leastBins = 2
  public var mostBins = 8

  public init() {}

  public var fields: [Field<Self>] {
    [
      .choice(
        "missing", \.missing,
        "What decides whether a cell is seen: nothing (mcar), columns that are always seen (mar), its own value (mnar), any columns (graph); or none are missing."
      ),
      Field.number(
        "missing_rate", \.rate, in: .from(0.001, to: 0.99),
        "Probability that a cell of a column with holes is not seen."
      ).when { $0.missing != .none },
      Field.number(
        "missing_share", \.share, in: .from(0, to: 1),
        "Share of the shown columns that have holes; with mar at least one is always seen, and what is always seen is as it is."
      ).when { $0.missing != .none },
      Field.number(
        "missing_slope", \.slope, in: .from(-100, to: 100),
        "Weight of the standardised score of its causes in the probit of a cell's being seen."
      ).when(\.hasCauses),
      Field.integer(
        "missing_causes", \.causes, in: 1...16,
        "Columns that decide about a column with holes, or as many as there are."
      ).when { $0.missing == .mar || $0.missing == .graph },
      Field.choice("missing_value", \.hole, "What stands in X where a cell is not seen: zero or nan.")
        .when { $0.missing != .none },
      .number(
        "error_share", \.errorShare, in: .from(0, to: 1), "Share of the columns that are measured with an error."),
      Field.number(
        "error_ratio", \.errorRatio, in: .from(0, to: 1e3),
        "Standard deviation of the normal error, in those of the column itself."
      ).when { $0.errorShare > 0 },
      .number("censored_share", \.censoredShare, in: .from(0, to: 1), "Share of the columns that are censored."),
      Field.choice(
        "censoring", \.censoring,
        "What is censored: values below a bound (left) or above it (right), where the bound stands; or below it, where 0 stands (zero)."
      ).when { $0.censoredShare > 0 },
      Field.number(
        "censored_min", \.leastCensored, in: .from(0.001, to: 0.999),
        "Least share of a column's values that is censored."
      ).when { $0.censoredShare > 0 },
      Field.number("censored_max", \.mostCensored, in: .from(0.001, to: 0.999), "Largest such share.")
        .when { $0.censoredShare > 0 },
      .number("rounded_share", \.roundedShare, in: .from(0, to: 1), "Share of the columns that are rounded."),
      Field.integer(
        "bins_min", \.leastBins, in: 2...1024,
        "Least number of values of a rounded column: equal bins between the 1 % and 99 % quantiles, each told by its middle."
      ).when { $0.roundedShare > 0 },
      Field.integer("bins_max", \.mostBins, in: 2...1024, "Largest number of values.").when { $0.roundedShare > 0 },
    ]
  }

  private var hasCauses: Bool { missing == .mar || missing == .mnar || missing == .graph }

  func check() throws(ConfigError) {
    try ConfigError.checkBounds("censored", leastCensored, mostCensored)
    try ConfigError.checkBounds("bins", leastBins, mostBins)
  }

  /// - Parameter shown: the least number of columns of a task.
  func check(shown: Int) throws(ConfigError) {
    guard missing != .mar || shown >= 2 else {
      throw ConfigError(
        path: "missing", value: "\"mar\"",
        reason: "must be another one for tasks of one column, which can't be seen and have holes")
    }
  }

  /// Whether cells that aren't seen are told by their own value too, NaN; `nil` where there are none.
  var marksHoles: Bool? { missing == .none ? nil : hole == .nan }

  /// Whether anything of the SCM's own law is read.
  var readsMarginals: Bool { hasCauses || errorShare > 0 || censoredShare > 0 || roundedShare > 0 }
}
