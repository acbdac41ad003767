public import SCMBase
import SCMDatasets
public import SCMFamilies

/// A fixed set on disk: one safetensors file, the same whichever language wrote it.
///
///     let set = try FixedSetFile(.preset("notears-linear"), seeds: [7, 8], sampleCount: 1000)
///     let file = try AtomicFile(replacing: "set.safetensors")
///     try set.write(to: file, threads: 2)
///
/// Its tensors and metadata are listed by ``FixedSetLayout``.
public struct FixedSetFile: Sendable {
  public let specification: FamilySpecification
  public let seeds: [UInt64]
  /// Rows of each task.
  public let sampleCount: Int
  let family: SCMFamily

  /// - Throws: for a configuration that is wrong, or a task that is too large to be held in memory.
  public init(_ specification: FamilySpecification, seeds: [UInt64], sampleCount: Int) throws(ConfigError) {
    self.specification = specification
    self.seeds = seeds
    self.sampleCount = sampleCount
    family = try SCMFamily(specification)
    let most = Self.mostValues / width
    guard (0...most).contains(sampleCount) else {
      throw ConfigError(
        path: "rows", value: "\(sampleCount)", reason: "must be from 0 to \(most) for tasks of \(width) nodes")
    }
  }

  /// Values of one task: 2 GiB.
  private static let mostValues = 1 << 29
  /// Values of the tasks that are drawn together, rows and graphs.
  private static let valuesPerBatch = 1 << 21

  /// The most nodes of a task.
  public var width: Int { family.nodeCounts.upperBound }

  /// Tasks that are drawn together: one for each thread where memory allows it, and more where they are small.
  private func batchCount(threads: Int) -> Int {
    let values = (sampleCount + width) * width
    return max(1, min(threads, Self.mostValues / values), min(256, Self.valuesPerBatch / values))
  }

  /// The name under which `MetaFixedDataset(cache_dir=…)` of the Python front looks for these tasks.
  public var name: String { layout.name(seeds: seeds) }

  /// - Throws: where the tensors have more bytes than a file can.
  public func header() throws(ConfigError) -> SafetensorsHeader { try layout.header(taskCount: seeds.count) }

  private var layout: FixedSetLayout {
    FixedSetLayout(
      config: specification.canonicalJSON, fingerprint: specification.fingerprint, sampleCount: sampleCount,
      width: width)
  }

  /// Draws the tasks, some at a time, and writes each where it belongs. The file is not committed.
  ///
  /// - Parameters:
  ///   - threads: any number gives the same bytes.
  ///   - progress: told how many tasks are written.
  public func write(to file: AtomicFile, threads: Int = 1, progress: (Int) -> Void = { _ in }) throws {
    let header = try header()
    let start = header.bytes
    try file.write(contentsOf: start, at: 0)
    func write<Value: BitwiseCopyable>(_ values: [Value], _ name: String, at task: Int) throws {
      guard let tensor = header[name], !seeds.isEmpty else { return }
      let size = tensor.bytes.count / seeds.count
      try file.write(contentsOf: values, at: start.count + tensor.bytes.lowerBound + task * size)
    }
    try forEachBatch(threads: threads) { first, batch in
      try batch.fill(seeds: Array(seeds[first..<first + batch.taskCount]), threads: threads)
      try write(batch.x, "X", at: first)
      try write(batch.adjacency, "adjacency", at: first)
      try write(batch.nodeCounts, "node_counts", at: first)
      try write(batch.digests, "hashes", at: first)
      progress(first + batch.taskCount)
    }
    try write(FixedSetLayout.bytes(of: seeds), "seeds", at: 0)
  }

  /// Empty batches for all tasks in order, each with the number of its first task; memory is used again.
  func forEachBatch(threads: Int, _ body: (_ first: Int, _ batch: inout TaskBatch) throws -> Void) throws {
    let batchCount = batchCount(threads: threads)
    var batch = TaskBatch(family, taskCount: 0, sampleCount: sampleCount)
    for first in stride(from: 0, to: seeds.count, by: batchCount) {
      let count = min(batchCount, seeds.count - first)
      if batch.taskCount != count { batch = TaskBatch(family, taskCount: count, sampleCount: sampleCount) }
      try body(first, &batch)
    }
  }
}
