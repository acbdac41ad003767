import SCMDatasets
import SCMExperiments
import SCMFamilies

/// Some tasks of a fixed set in memory, plain ones or experiments: the content of every tensor of its file but the seeds.
struct SetBatch {
  let taskCount: Int
  // One of the two.
  private var rows: TaskBatch?
  private var experiments: ExperimentBatch?

  /// - Throws: `ConfigError` where the family can't have the design.
  init(_ family: SCMFamily, sampleCount: Int, design: Design?, taskCount: Int) throws {
    self.taskCount = taskCount
    if let design {
      experiments = try ExperimentBatch(family, design, taskCount: taskCount)
    } else {
      rows = TaskBatch(family, taskCount: taskCount, sampleCount: sampleCount)
    }
  }

  /// Draws the tasks of the seeds, of which there must be `taskCount`; the same bits for any number of threads.
  mutating func fill(seeds: [UInt64], threads: Int) throws {
    try rows?.fill(seeds: seeds, threads: threads)
    try experiments?.fill(seeds: seeds, threads: threads)
  }

  /// The bytes of each tensor by its name, task after task.
  var tensors: [(name: String, bytes: [UInt8])] {
    if let rows {
      return [
        ("X", Self.memory(rows.x)), ("adjacency", Self.memory(rows.adjacency)),
        ("node_counts", Self.memory(rows.nodeCounts)), ("hashes", rows.digests),
      ]
    }
    guard let experiments else { return [] }
    let data = experiments.data
    return data.names.map { ($0, data.bytes($0) ?? []) } + [("hashes", experiments.digests)]
  }

  private static func memory<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] {
    unsafe values.withUnsafeBytes { unsafe Array($0) }
  }
}
