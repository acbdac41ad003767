public import SCMBase
public import SCMExperiments
public import SCMFamilies

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
    self.init(
      try DesignSample(family, design, taskCount: taskCount, seed: seed, threads: threads, isCancelled: isCancelled))
  }

  public init(_ sample: DesignSample) {
    taskCount = sample.taskCount
    laws = DesignSample.statistics.compactMap { statistic in
      let values = sample[statistic.name].compactMap(\.self)
      return values.isEmpty ? nil : (statistic.name, FamilySummary.Law(values))
    }
  }

  public var json: JSONValue {
    .object([
      "n_tasks": .integer(taskCount),
      "statistics": .array(
        laws.map { name, law in
          .object([
            "name": .string(name),
            "meaning": .string(DesignSample.statistics.first { $0.name == name }?.meaning ?? ""),
            "mean": .number(law.mean), "sd": .number(law.deviation),
            "quantiles": .array(law.quantiles.map(JSONValue.number)),
          ])
        }),
    ])
  }
}
