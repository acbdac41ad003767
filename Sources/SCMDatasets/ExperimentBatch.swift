package import SCMBase
package import SCMExperiments
package import SCMFamilies

/// A batch of experiments and the digests of their graphs, whose memory is used again; as ``TaskBatch`` of plain tasks.
///
/// The design must have one layout for all batches.
package struct ExperimentBatch: Sendable {
  package private(set) var data: ExperimentData
  /// The whole graphs' digests at level exact, 32 bytes each.
  package private(set) var digests: [UInt8]
  private let fill: ExperimentFill

  /// - Throws: `ConfigError` where the family can't have the design.
  package init(_ family: SCMFamily, _ design: Design, taskCount: Int) throws(ConfigError) {
    fill = try ExperimentFill(family, design)
    data = ExperimentData(fill.layout, taskCount: taskCount)
    digests = [UInt8](repeating: 0, count: 32 * taskCount)
  }

  /// Draws the experiments of the seeds, of which there must be as many as tasks; the same bits for any number of threads.
  ///
  /// - Throws: the error of the first task that can't be drawn, or `ConfigError` for another number of seeds.
  package mutating func fill(seeds: [UInt64], threads: Int = 1) throws {
    guard seeds.count == data.taskCount else {
      throw ConfigError(
        path: "seeds", value: "\(seeds.count) seeds",
        reason: "must be \(data.taskCount ?? 1), one for each task of the batch")
    }
    try unsafe fill.run(seeds, into: &data, hashes: &digests, threads: threads)
  }
}
