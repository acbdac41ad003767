public import SCMBase
import SCMDatasets
public import SCMFamilies

/// A fixed set on disk: one safetensors file, the same whichever language wrote it.
///
///     let set = try FixedSetFile(.preset("notears-linear"), seeds: [7, 8], sampleCount: 1000)
///     let file = try AtomicFile(replacing: "set.safetensors")
///     try set.write(to: file, threads: 2)
///
/// T tasks of at most N nodes:
///
///     X            float32 [T, rows, N]    0 past a task's own nodes
///     adjacency    float32 [T, N, N]       of 0 and 1
///     node_counts  int32   [T]
///     hashes       uint8   [T, 32]         of the graphs, level exact
///     seeds        uint8   [T, 8]          most significant byte first
///
/// and as metadata, all texts: `format`, `engine_version`, `config` (canonical JSON) and `fingerprint` of the family.
public struct FixedSetFile: Sendable {
  public let specification: FamilySpecification
  public let seeds: [UInt64]
  /// Rows of each task.
  public let sampleCount: Int
  let family: SCMFamily

  public static let format = "1"

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
  public var name: String {
    let parts = [Self.format, ancestralVersion, specification.fingerprint, "\(sampleCount)"]
    let digest = SHA256.digest(of: Array(parts.joined(separator: "\n").utf8) + Self.bytes(of: seeds))
    return "fixed-\(digest.prefix(16).hex).safetensors"
  }

  /// - Throws: where the tensors have more bytes than a file can.
  public func header() throws(ConfigError) -> SafetensorsHeader {
    try SafetensorsHeader(
      Self.layout(taskCount: seeds.count, sampleCount: sampleCount, width: width),
      metadata: [
        "format": Self.format, "engine_version": ancestralVersion, "config": specification.canonicalJSON,
        "fingerprint": specification.fingerprint,
      ])
  }

  static func layout(
    taskCount: Int, sampleCount: Int, width: Int
  ) -> [(name: String, type: SafetensorsHeader.ElementType, shape: [Int])] {
    [
      ("X", .float32, [taskCount, sampleCount, width]), ("adjacency", .float32, [taskCount, width, width]),
      ("node_counts", .int32, [taskCount]), ("hashes", .uint8, [taskCount, 32]), ("seeds", .uint8, [taskCount, 8]),
    ]
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
    try write(Self.bytes(of: seeds), "seeds", at: 0)
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

  /// Most significant byte first.
  static func bytes(of seeds: [UInt64]) -> [UInt8] {
    seeds.flatMap { seed in (0..<8).map { UInt8(truncatingIfNeeded: seed >> (56 - 8 * $0)) } }
  }

  static func seeds(in bytes: [UInt8]) -> [UInt64] {
    stride(from: 0, to: bytes.count, by: 8).map { bytes[$0..<$0 + 8].reduce(0) { $0 << 8 | UInt64($1) } }
  }
}
