public import SCMBase
import SCMDatasets
public import SCMExperiments
public import SCMFamilies

/// A fixed set on disk: one safetensors file, the same whichever language wrote it.
///
///     let set = try FixedSetFile(.preset("notears-linear"), seeds: [7, 8], sampleCount: 1000)
///     let file = try AtomicFile(replacing: "set.safetensors")
///     try set.write(to: file, threads: 2)
///
/// With a design its tasks are experiments; so are those of a family whose nodes may have classes or counts, which have to be told.
/// Its tensors and metadata are listed by ``FixedSetLayout``.
public struct FixedSetFile: Sendable {
  public let specification: FamilySpecification
  /// What is done to each task, and what is shown of it; `nil` for plain tasks.
  public let design: Design?
  public let seeds: [UInt64]
  /// Rows of each task, where they were asked for without a design; else 0.
  public let sampleCount: Int
  private let family: SCMFamily
  private let layout: FixedSetLayout

  /// Plain tasks, or where ``Design/plainRows(_:of:)`` says so those of a design of rows alone.
  ///
  /// - Throws: for a configuration that is wrong, or a task that is too large to be held in memory.
  public init(_ specification: FamilySpecification, seeds: [UInt64], sampleCount: Int) throws(ConfigError) {
    let family = try SCMFamily(specification)
    let width = family.nodeCounts.upperBound
    let most = Self.mostValues / width
    guard (0...most).contains(sampleCount) else {
      throw ConfigError(
        path: "rows", value: "\(sampleCount)", reason: "must be from 0 to \(most) for tasks of \(width) nodes")
    }
    try self.init(
      specification, family, seeds, design: Design.plainRows(sampleCount, of: family), sampleCount: sampleCount)
  }

  /// - Throws: for a configuration that is wrong, a design that the family can't have, or a task that is too large to be held in memory.
  public init(_ specification: FamilySpecification, seeds: [UInt64], design: Design) throws(ConfigError) {
    let family = try SCMFamily(specification)
    try design.check(family)
    try self.init(specification, family, seeds, design: design, sampleCount: 0)
    guard layout.valuesPerTask <= Self.mostValues else {
      throw ConfigError(
        path: "design", value: "\(layout.valuesPerTask) numbers a task",
        reason: "must have at most \(Self.mostValues), fewer rows or regimes")
    }
  }

  private init(
    _ specification: FamilySpecification, _ family: SCMFamily, _ seeds: [UInt64], design: Design?, sampleCount: Int
  ) throws(ConfigError) {
    self.specification = specification
    self.family = family
    self.seeds = seeds
    self.design = design
    self.sampleCount = sampleCount
    layout =
      if let design {
        try FixedSetLayout(
          config: specification.canonicalJSON, fingerprint: design.fingerprint(family: specification.fingerprint),
          design: design, nodeCounts: family.nodeCounts, mayBeDiscrete: family.mayBeDiscrete)
      } else {
        FixedSetLayout(
          config: specification.canonicalJSON, fingerprint: specification.fingerprint, sampleCount: sampleCount,
          width: family.nodeCounts.upperBound)
      }
  }

  /// Values of one task: 2 GiB.
  private static let mostValues = 1 << 29
  /// Values of the tasks that are drawn together, rows and graphs.
  private static let valuesPerBatch = 1 << 21

  /// The most nodes of a task.
  public var width: Int { family.nodeCounts.upperBound }

  /// Of the family, or of the design's experiments on its tasks: 64 hex digits.
  public var fingerprint: String { layout.fingerprint }

  /// Tasks that are drawn together: one for each thread where memory allows it, and more where they are small.
  private func batchCount(threads: Int) -> Int {
    let values = max(1, layout.valuesPerTask)
    return max(1, min(threads, Self.mostValues / values), min(256, Self.valuesPerBatch / values))
  }

  /// The name under which `MetaFixedDataset(cache_dir=…)` of the Python front looks for these tasks.
  public var name: String { layout.name(seeds: seeds) }

  /// - Throws: where the tensors have more bytes than a file can.
  public func header() throws(ConfigError) -> SafetensorsHeader { try layout.header(taskCount: seeds.count) }

  /// Draws the tasks, some at a time, and writes each where it belongs. The file is not committed.
  ///
  /// - Parameters:
  ///   - threads: any number gives the same bytes.
  ///   - progress: told how many tasks are written.
  public func write(to file: AtomicFile, threads: Int = 1, progress: (Int) -> Void = { _ in }) throws {
    let header = try header()
    let start = header.bytes
    try file.write(contentsOf: start, at: 0)
    func write(_ bytes: [UInt8], _ name: String, at task: Int) throws {
      guard let tensor = header[name], !seeds.isEmpty else { return }
      let size = tensor.bytes.count / seeds.count
      try file.write(contentsOf: bytes, at: start.count + tensor.bytes.lowerBound + task * size)
    }
    try forEachBatch(threads: threads) { first, batch in
      try batch.fill(seeds: Array(seeds[first..<first + batch.taskCount]), threads: threads)
      for (name, bytes) in batch.tensors { try write(bytes, name, at: first) }
      progress(first + batch.taskCount)
    }
    try write(FixedSetLayout.bytes(of: seeds), "seeds", at: 0)
  }

  /// Empty batches for all tasks in order, each with the number of its first task; memory is used again.
  func forEachBatch(threads: Int, _ body: (_ first: Int, _ batch: inout SetBatch) throws -> Void) throws {
    let batchCount = batchCount(threads: threads)
    func empty(_ count: Int) throws -> SetBatch {
      try SetBatch(family, sampleCount: sampleCount, design: design, taskCount: count)
    }
    var batch = try empty(min(batchCount, seeds.count))
    for first in stride(from: 0, to: seeds.count, by: batchCount) {
      let count = min(batchCount, seeds.count - first)
      if batch.taskCount != count { batch = try empty(count) }
      try body(first, &batch)
    }
  }
}
