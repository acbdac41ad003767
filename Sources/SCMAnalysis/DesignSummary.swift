public import SCMBase
import SCMDatasets
public import SCMExperiments
public import SCMFamilies
import SCMRandom

/// What a design does to a family's tasks: statistics of its experiments over a sample of tasks that are no training tasks.
public struct DesignSummary: Sendable {
  public let taskCount: Int
  /// By name, those that the design has, in the order in which they are listed.
  public let laws: [(name: String, law: FamilySummary.Law)]

  /// - Parameters:
  ///   - seed: tells samples of one family apart.
  ///   - threads: any number gives the same summary.
  /// - Throws: what a task throws that can't be drawn, or ``AnalysisCancelled``.
  public init(
    _ family: SCMFamily, _ design: Design, taskCount: Int = 200, seed: UInt64 = 0, threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    let fill = try ExperimentFill(family, design)
    let seeds = SeedSequence.analysis(base: seed)
    let tasks = try parallelMap(taskCount, threads: threads, isCancelled: isCancelled) { index -> [Double?] in
      let seed = seeds[UInt64(index)]
      let data = ExperimentTable(try fill.batch(firstSeed: seed).experiments([seed]))
      return Self.statistics.map { $0.value(data) }
    }
    guard tasks.count == taskCount else { throw AnalysisCancelled() }
    self.taskCount = taskCount
    laws = Self.statistics.enumerated().compactMap { place, statistic in
      let values = tasks.compactMap { $0[place] }
      return values.isEmpty ? nil : (statistic.name, FamilySummary.Law(values))
    }
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
      "effect_spread", "Standard deviation of the units' effects, in standard deviations of the outcome.",
      { $0.effectSpread }
    ),
    (
      "confounding_bias",
      "How far the difference of the arms' mean outcomes is from the ATE, in standard deviations of the outcome.",
      { $0.confoundingBias }
    ),
  ]

  public var json: JSONValue {
    .object([
      "n_tasks": .integer(taskCount),
      "statistics": .array(
        laws.map { name, law in
          .object([
            "name": .string(name),
            "meaning": .string(Self.statistics.first { $0.name == name }?.meaning ?? ""),
            "mean": .number(law.mean), "sd": .number(law.deviation),
            "quantiles": .array(law.quantiles.map(JSONValue.number)),
          ])
        }),
    ])
  }
}
