public import SCMBase
import SCMRandom

/// How far what two designs do to their families is apart, by each number that tells what a design does, each with its permutation test
/// and interval.
///
///     let distance = try DesignDistance(DesignSample(family, first), DesignSample(family, second, seed: 1))
///     distance["targets_per_regime"]?.pValue
///
/// Each number is compared as a law over tasks, by the energy distance in units of its pooled deviation, so that means, spreads and
/// shapes all count. ``joint`` compares all numbers that every task of both has at once.
///
/// Source: Székely, Rizzo, "Energy statistics: a class of statistics based on distances", J. Stat. Plan. Inference 143 (2013).
public struct DesignDistance: Sendable {
  /// By name, in the order of a summary, ``joint`` last.
  public let statistics: [(name: String, result: ResampledStatistic)]
  /// What only one of the two designs has, so that nothing is compared.
  public let onlyFirst: [String]
  public let onlySecond: [String]

  /// The name of the distance of all numbers together.
  public static let joint = "design_energy"
  /// Among the numbers that tell the relabellings of statistics apart, which stay what they are where others are added.
  private static let jointNumber = 14

  /// - Parameter seed: of the relabellings.
  public init(
    _ first: DesignSample, _ second: DesignSample, permutations: Int = 999, bootstraps: Int = 200, seed: UInt64 = 0,
    threads: Int = 1, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    guard first.taskCount > 1, second.taskCount > 1 else {
      throw ConfigError(
        path: "tasks", value: "\(min(first.taskCount, second.taskCount))",
        reason: "must be at least 2 under each design")
    }
    let total = first.taskCount + second.taskCount
    try ensureMemory(4 * total * total + 512 * total, for: "the distances of \(total) tasks")
    var (statistics, onlyFirst, onlySecond): ([(String, ResampledStatistic)], [String], [String]) = ([], [], [])
    var whole = [[Double]](repeating: [], count: total)
    let counts = (first.taskCount, second.taskCount)
    func compare(_ name: String, _ vectors: [[Double]], _ counts: (Int, Int), number: Int) throws {
      let statistic = EnergyDistance(scaled: vectors, isCancelled)
      statistics.append(
        (
          name,
          try statistic.resampled(
            counts, permutations: permutations, bootstraps: bootstraps,
            seed: SeedSequence.retry(of: seed, attempt: UInt32(number + 1)), threads: threads, isCancelled: isCancelled)
        ))
    }
    for (place, (name, _, _)) in DesignSample.statistics.enumerated() {
      let number = place < Self.jointNumber ? place : place + 1
      let (a, b) = (first[name].compactMap(\.self), second[name].compactMap(\.self))
      if a.isEmpty || b.isEmpty {
        if !a.isEmpty { onlyFirst.append(name) }
        if !b.isEmpty { onlySecond.append(name) }
        continue
      }
      guard a.count > 1, b.count > 1 else { continue }
      try compare(name, (a + b).map { [$0] }, (a.count, b.count), number: number)
      guard (a.count, b.count) == counts else { continue }
      for (task, value) in (a + b).enumerated() { whole[task].append(value) }
    }
    try compare(Self.joint, whole, counts, number: Self.jointNumber)
    guard !isCancelled() else { throw AnalysisCancelled() }
    (self.statistics, self.onlyFirst, self.onlySecond) = (statistics, onlyFirst, onlySecond)
  }

  public subscript(name: String) -> ResampledStatistic? { statistics.first { $0.name == name }?.result }

  /// `{"metrics": [{"name", "value", "p", "null_mean", "null_q95", "low", "high"}, …], "only_first": […], "only_second": […]}`.
  public var json: JSONValue {
    .object([
      "metrics": .array(
        statistics.map { name, result in .object(result.members.merging(["name": .string(name)]) { $1 }) }),
      "only_first": .array(onlyFirst.map(JSONValue.string)), "only_second": .array(onlySecond.map(JSONValue.string)),
    ])
  }
}
