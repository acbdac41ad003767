public import SCMBase
import SCMDatasets
public import SCMFamilies
public import SCMGraphs
public import SCMMechanisms
import SCMRandom

/// An analysis that was given up half-way because its caller said so.
public struct AnalysisCancelled: Error, Sendable, CustomStringConvertible {
  public let description = "The analysis was cancelled."

  public init() {}
}

/// Descriptors of a number of tasks, of a family or the caller's own: the raw material of summaries and distances.
public struct FamilySample: Sendable {
  /// The family whose law the tasks were drawn from; `nil` for tasks that somebody chose.
  public private(set) var family: SCMFamily?
  public private(set) var graphs: [GraphDescriptors]
  /// Empty where no rows were asked for.
  public private(set) var data: [DataDescriptors]
  /// Empty unless they were asked for.
  public private(set) var details: [TaskDetails]
  /// How many of the tasks come from each component of a mixture; all from the one of anything else.
  public private(set) var componentCounts: [Int]

  /// No task yet; ``append(_:)`` adds some.
  public init() {
    (family, graphs, data, details, componentCounts) = (nil, [], [], [], [])
  }

  /// Draws from a family's law.
  ///
  /// - Parameters:
  ///   - seed: tells samples of one family apart; the tasks are no training tasks and those of no fixed set.
  ///   - rowCount: rows of each task; 0 for graphs alone.
  ///   - detailed: whether ``details`` are wanted, which distances don't read. One row shows no effects.
  ///   - threads: any number gives the same sample.
  ///   - isCancelled: asked before each task, by every thread.
  /// - Throws: what the first task throws that can't be drawn, ``AnalysisCancelled``, or `ConfigError` for a negative number.
  public init(
    _ family: SCMFamily, taskCount: Int, seed: UInt64 = 0, rowCount: Int = 256, detailed: Bool = false,
    threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    try ConfigError.checkNotNegative(("taskCount", taskCount), ("rowCount", rowCount))
    let sequence = SeedSequence.analysis(base: seed)
    try self.init(
      family, seeds: (0..<UInt64(taskCount)).map { sequence[$0] }, rowCount: rowCount, detailed: detailed,
      threads: threads, isCancelled: isCancelled)
    self.family = family
  }

  /// The tasks of some seeds, over the caller's own graphs where there are any: one for each seed.
  public init(
    _ family: SCMFamily, seeds: [UInt64], graphs given: [DirectedAcyclicGraph]? = nil, rowCount: Int = 256,
    detailed: Bool = false, threads: Int = 1, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    requireInRelease(given.map { $0.count == seeds.count } ?? true, "Each seed has one graph.")
    let nodes = given?.reduce(0) { max($0, $1.nodeCount) } ?? family.nodeCounts.upperBound
    try Self.ensureRoom(tasks: seeds.count, rows: rowCount, nodes: nodes, threads: threads)
    let found = try measure(seeds.count, threads: threads, isCancelled: isCancelled) { index in
      let (task, rows) = try Self.draw(family, seed: seeds[index], over: given?[index], rowCount: rowCount)
      let showsEffects = detailed && rowCount > 1
      let effects = showsEffects ? try Self.effects(of: task, rows: rowCount) : nil
      return MeasuredTask(
        task.graph, rows: rows, valueKinds: task.valueKinds, detailed: detailed, effects: effects,
        lacksEffects: showsEffects && effects == nil, component: task.component)
    }
    var counts = [Int](repeating: 0, count: family.components.count)
    for task in found { counts[task.component] += 1 }
    self.init(found, componentCounts: counts)
  }

  /// `nil` where values are not finite, as all rows of the task are: with other noise, or with another row's parent, they may not be.
  private static func effects(of task: SCMInstance, rows: Int) throws -> MeasuredEffects? {
    do {
      return try task.measuredEffects(rows: rows)
    } catch let error where error.isDivergence {
      return nil
    }
  }

  /// A task with its rows, where any are asked for; a divergent one gives way to another, unless its graph is the caller's.
  private static func draw(
    _ family: SCMFamily, seed: UInt64, over graph: DirectedAcyclicGraph?, rowCount: Int
  ) throws -> (SCMInstance, SampleMatrix?) {
    guard graph == nil, rowCount > 0 else {
      let task = try graph.map { try family.instance(over: $0, seed: seed) } ?? family.sampleTask(seed: seed)
      return (task, rowCount > 0 ? try task.sample(rowCount) : nil)
    }
    let drawn = try family.drawTask(seed: seed, sampleCount: rowCount)
    return (drawn.task, drawn.samples)
  }

  /// Tasks whose models nobody knows: graphs, and the rows of each or none at all.
  ///
  /// - Parameters:
  ///   - rows: a cell that is NaN is missing.
  ///   - valueKinds: what the values of each graph's nodes are; empty where all are continuous.
  /// - Precondition: as many matrices as graphs, or none, each with a column for each node; so with kinds.
  public init(
    _ given: [DirectedAcyclicGraph], rows: [SampleMatrix], valueKinds: [[ValueKind]] = [], detailed: Bool = false,
    threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    requireInRelease(rows.isEmpty || rows.count == given.count, "Each graph has its rows, or none has.")
    requireInRelease(valueKinds.isEmpty || valueKinds.count == given.count, "Each graph has its kinds, or none has.")
    try Self.ensureRoom(
      tasks: given.count, rows: rows.reduce(0) { max($0, $1.rowCount) },
      nodes: given.reduce(0) { max($0, $1.nodeCount) }, threads: threads)
    let found = try measure(given.count, threads: threads, isCancelled: isCancelled) { index in
      MeasuredTask(
        given[index], rows: rows.isEmpty ? nil : rows[index], valueKinds: valueKinds.isEmpty ? [] : valueKinds[index],
        detailed: detailed, effects: nil)
    }
    self.init(found, componentCounts: [given.count])
  }

  /// What could not be measured, in words.
  public var notes: [String] {
    var notes: [String] = []
    let unexplained = data.count { !$0.haveCorrelationsInverse }
    if unexplained > 0 {
      notes.append(
        "explained and r2_sortability can't be measured in \(unexplained) of \(data.count) tasks, and count as 0 and 0.5 there: "
          + "correlations have no inverse where a column is constant or a sum of others, or where there are no more rows than columns."
      )
    }
    let unmeasured = details.count(where: \.lacksEffects)
    if unmeasured > 0 {
      let names = TaskDetails.laws.filter { $0.source == .model }.map { $0.name }
      notes.append(
        "\(names.joined(separator: ", ")) can't be measured in \(unmeasured) of \(details.count) tasks, and leave these out: with the noise "
          + "or a parent of another row a node has a value there that is not finite.")
    }
    return notes
  }

  /// Adds tasks. What was drawn from a family's law together with anything else is no sample of that law any more.
  ///
  /// - Throws: where only one of the two has rows, or details.
  public mutating func append(_ other: FamilySample) throws(ConfigError) {
    guard !graphs.isEmpty else { return self = other }
    guard !other.graphs.isEmpty else { return }
    guard data.isEmpty == other.data.isEmpty, details.isEmpty == other.details.isEmpty else {
      throw ConfigError(
        path: "rows", value: other.data.isEmpty ? "0" : "more than 0",
        reason: "must be as with the tasks before: rows for all or for none, details for all or for none")
    }
    family = nil
    graphs += other.graphs
    data += other.data
    details += other.details
    for (index, count) in other.componentCounts.enumerated() {
      if index < componentCounts.count { componentCounts[index] += count } else { componentCounts.append(count) }
    }
  }

  private init(_ tasks: [MeasuredTask], componentCounts: [Int]) {
    family = nil
    graphs = tasks.map(\.graph)
    data = tasks.compactMap(\.data)
    details = tasks.compactMap(\.details)
    self.componentCounts = componentCounts
  }

  /// What each task leaves, and what each thread works with: rows, their squares and their moments in Float64, and matrices.
  private static func ensureRoom(tasks: Int, rows: Int, nodes: Int, threads: Int) throws {
    let (kept, worked) = (1024 + 64 * nodes, 48 * rows * nodes + 48 * nodes * nodes)
    try ensureMemory(
      tasks * kept + min(threads, tasks) * worked, for: "a sample of \(tasks) tasks of \(rows) rows")
  }
}
