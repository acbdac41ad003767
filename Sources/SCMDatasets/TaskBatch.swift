import SCMBase
public import SCMFamilies

/// A batch of tasks in flat arrays, as a training loop wants them.
///
///     var batch = TaskBatch(family, taskCount: 32, sampleCount: 1000)
///     try batch.fill(seeds: (0..<32).map { seeds[$0] }, threads: 2)
///
/// Filling again reuses the memory.
public struct TaskBatch: Sendable {
  public let family: SCMFamily
  public let taskCount: Int
  public let sampleCount: Int
  /// Nodes per task in the arrays; smaller tasks are padded with zeros.
  public var nodeCount: Int { family.nodeCounts.upperBound }
  /// `x[(task * sampleCount + row) * nodeCount + node]`.
  public private(set) var x: [Float]
  /// `adjacency[(task * nodeCount + parent) * nodeCount + child]`, 0 or 1.
  public private(set) var adjacency: [Float]
  public private(set) var nodeCounts: [Int32]
  /// The graphs' digests at level exact, 32 bytes each.
  public private(set) var digests: [UInt8]

  /// - Precondition: neither number is negative.
  public init(_ family: SCMFamily, taskCount: Int, sampleCount: Int) {
    requireInRelease(taskCount >= 0 && sampleCount >= 0, "A batch can't have a negative number of tasks or rows.")
    self.family = family
    self.taskCount = taskCount
    self.sampleCount = sampleCount
    let width = family.nodeCounts.upperBound
    x = [Float](repeating: 0, count: taskCount * sampleCount * width)
    adjacency = [Float](repeating: 0, count: taskCount * width * width)
    nodeCounts = [Int32](repeating: 0, count: taskCount)
    digests = [UInt8](repeating: 0, count: 32 * taskCount)
  }

  /// Draws the tasks of the seeds, of which there must be `taskCount`; the same bits for any number of threads.
  ///
  /// - Throws: the error of the first task that can't be drawn, or `ConfigError` for another number of seeds.
  public mutating func fill(
    seeds: [UInt64], avoiding reserved: HashRegistry? = nil, draw: UInt32 = 0, threads: Int = 1
  ) throws {
    guard seeds.count == taskCount else {
      throw ConfigError(
        path: "seeds", value: "\(seeds.count) seeds", reason: "must be \(taskCount), one for each task of the batch")
    }
    let batch = BatchFill(family: family, reserved: reserved, sampleCount: sampleCount, draw: draw)
    var progress = [Int64](repeating: 0, count: taskCount)
    _ = unsafe try batch.run(
      seeds: seeds, count: taskCount, progress: &progress, x: &x, adjacency: &adjacency, nodeCounts: &nodeCounts,
      hashes: &digests, threads: threads, shouldPause: { false })
  }
}
