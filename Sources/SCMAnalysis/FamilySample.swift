import SCMBase
public import SCMFamilies
import SCMRandom

/// An analysis that was given up half-way because its caller said so.
public struct AnalysisCancelled: Error, Sendable, CustomStringConvertible {
  public let description = "The analysis was cancelled."

  public init() {}
}

/// What a number of a family's tasks look like: the raw material of summaries and distances.
public struct FamilySample: Sendable {
  public let family: SCMFamily
  public let graphs: [GraphDescriptors]
  /// Empty where no rows were asked for.
  public let data: [DataDescriptors]
  /// Empty unless they were asked for.
  public let details: [TaskDetails]
  /// How many of the tasks come from each component of a mixture; all from the one of a plain family.
  public let componentCounts: [Int]

  /// - Parameters:
  ///   - seed: tells samples of one family apart; the tasks are no training tasks and those of no fixed set.
  ///   - rowCount: rows of each task; 0 for graphs alone.
  ///   - detailed: whether ``details`` are wanted, which distances don't read.
  ///   - threads: any number gives the same sample.
  ///   - isCancelled: asked before each task, by every thread.
  /// - Throws: what the first task throws that can't be drawn, or ``AnalysisCancelled``.
  public init(
    _ family: SCMFamily, taskCount: Int, seed: UInt64 = 0, rowCount: Int = 256, detailed: Bool = false,
    threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws {
    self.family = family
    // The far half of the fixed seeds, where no set's region lies.
    let sequence = SeedSequence.fixed(base: seed)
    let nodes = family.nodeCounts.upperBound
    // What each task leaves, and what each thread works with: rows, their squares and their moments in Float64, and matrices.
    let (kept, worked) = (1024 + 64 * nodes, 48 * rowCount * nodes + 48 * nodes * nodes)
    try ensureMemory(
      taskCount * kept + min(threads, taskCount) * worked, for: "a sample of \(taskCount) tasks of \(rowCount) rows")
    let results = try parallelMap(taskCount, threads: threads, isCancelled: isCancelled) { index in
      let task = try family.sampleTask(seed: sequence[1 << 63 | UInt64(index)])
      let rows = rowCount > 0 ? try task.sample(rowCount) : nil
      return (
        GraphDescriptors(task.graph), rows.map { DataDescriptors($0, graph: task.adjacency) },
        detailed ? try TaskDetails(task, rows: rows) : nil
      )
    }
    guard results.count == taskCount else { throw AnalysisCancelled() }
    componentCounts = family.componentCounts((0..<UInt64(taskCount)).map { sequence[1 << 63 | $0] })
    graphs = results.map(\.0)
    data = results.compactMap(\.1)
    details = results.compactMap(\.2)
  }
}
