import SCMBase
import SCMDatasets
public import SCMExperiments
public import SCMFamilies
import SCMRandom

/// Statistics of a design's experiments on a number of a family's tasks: the raw material of ``DesignSummary`` and ``DesignDistance``.
public struct DesignSample: Sendable {
  public let taskCount: Int
  /// By task and then by statistic; `nil` where a task has no such number.
  private let values: [[Double?]]

  /// - Parameters:
  ///   - seed: tells samples of one family apart; the tasks are no training tasks and those of no fixed set.
  ///   - threads: any number gives the same sample.
  /// - Throws: `ConfigError` where the family can't have the design or a number is negative, what a task throws that can't be drawn, or ``AnalysisCancelled``.
  public init(
    _ family: SCMFamily, _ design: Design, taskCount: Int = 200, seed: UInt64 = 0, threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    try ConfigError.checkNotNegative(("taskCount", taskCount))
    let fill = try ExperimentFill(family, design)
    let seeds = SeedSequence.analysis(base: seed)
    values = try parallelMap(taskCount, threads: threads, isCancelled: isCancelled) { index in
      let seed = seeds[UInt64(index)]
      let data = ExperimentTable(try fill.batch(firstSeed: seed).experiments([seed]), design)
      return Self.statistics.map { $0.value(data) }
    }
    guard values.count == taskCount else { throw AnalysisCancelled() }
    self.taskCount = taskCount
  }

  /// A statistic of each task; empty where there is none of that name.
  subscript(name: String) -> [Double?] {
    guard let place = Self.statistics.firstIndex(where: { $0.name == name }) else { return [] }
    return values.map { $0[place] }
  }

  /// Each with a sentence; `nil` where a task has no such number.
  static let statistics: [(name: String, meaning: String, value: @Sendable (ExperimentTable) -> Double?)] = [
    ("rows", "Rows of a task.", { Double($0.rowCount) }),
    ("shown_variables", "Variables that are shown.", { Double($0.variableCount) }),
    ("observational_share", "Share of the rows without an intervention.", { $0.observationalShare }),
    ("regimes", "Regimes with an intervention.", { $0.regimeCount.map(Double.init) }),
    ("targets_per_regime", "Shown targets of a regime.", { $0.targetsPerRegime }),
    (
      "target_shift", "How far a regime moves its targets' means, in observational standard deviations.",
      { $0.shifts(ofTargets: true) }
    ),
    (
      "descendant_shift",
      "How far a regime moves the means of its targets' descendants, in observational standard deviations.",
      { $0.shifts(ofTargets: false) }
    ),
    ("confounded_pairs", "Share of the pairs of shown variables with a hidden common cause.", { $0.confoundedShare }),
    ("known_pairs", "Share of the ordered pairs that are known beforehand.", { $0.knownShare }),
    ("treated_share", "Share of the context rows that are treated.", { $0.treatedShare }),
    ("least_propensity", "Least probability of either arm in a context row.", { $0.leastPropensity }),
    ("average_effect", "|ATE|, in standard deviations of the outcome.", { $0.averageEffect }),
    (
      "dose_range",
      "How far the mean outcome moves over the grid of a continuous treatment, in standard deviations of the outcome.",
      { $0.doseRange }
    ),
    (
      "effect_spread", "Standard deviation of the units' effects, in standard deviations of the outcome.",
      { $0.effectSpread }
    ),
    (
      "confounding_bias",
      "How far the difference of the arms' mean outcomes is from the ATE, in standard deviations of the outcome.",
      { $0.confoundingBias }
    ),
    ("missing_cells", "Share of the cells that are not seen.", { $0.missingShare }),
    (
      "censored_cells", "Share of the seen cells of continuous, unrounded columns that stand at a bound.",
      { $0.censoredShare }
    ),
    (
      "rounded_cells", "Share of the seen cells of continuous columns that are rounded to bins.", { $0.roundedShare }
    ),
    ("kept_share", "Share of the drawn rows that selection kept.", { $0.keptShare }),
    ("retries", "How often selection drew a row again.", { $0.retries }),
  ]
}
