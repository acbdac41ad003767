import SCMBase
public import SCMExperiments
public import SCMFamilies
import SCMGraphs
import SCMRandom

extension MetaIterableDataset {
  /// The experiment of task number `index` under a design: a pure function of the family, the design, the base seed and the number.
  ///
  /// - Throws: `ConfigError` where the family can't have the design.
  public func experiment(_ index: UInt64, _ design: Design, draw: UInt32 = 0) throws -> ExperimentData {
    try family.experiments(design, seeds: [seeds[index]], avoiding: reserved, draw: draw)
  }
}

extension SCMFamily {
  /// The experiments of some seeds as one batch; the same bits for any number of threads.
  ///
  /// - Throws: `ConfigError` where the family can't have the design, and what the first task throws that can't be drawn.
  public func experiments(
    _ design: Design, seeds: [UInt64], avoiding reserved: HashRegistry? = nil, draw: UInt32 = 0, threads: Int = 1
  ) throws -> ExperimentData {
    try ExperimentFill(self, design, reserved: reserved, draw: draw, firstSeed: seeds.first)
      .experiments(seeds, threads: threads)
  }

  /// Fills a batch of as many tasks again, whose memory is used again; designs whose batches differ in size are refused.
  public func experiments(
    _ design: Design, seeds: [UInt64], into data: inout ExperimentData, avoiding reserved: HashRegistry? = nil,
    draw: UInt32 = 0, threads: Int = 1
  ) throws {
    let fill = try ExperimentFill(self, design, reserved: reserved, draw: draw, firstSeed: seeds.first)
    guard data.taskCount == seeds.count, data.layout.sizes == fill.layout.sizes,
      data.names == fill.layout.entries.map({ $0.name })
    else {
      throw ConfigError(
        path: "data", value: "\(data.taskCount ?? 1) tasks",
        reason: "must be a batch of \(seeds.count) tasks of this design")
    }
    try unsafe fill.run(seeds, into: &data, threads: threads)
  }
}

extension ExperimentFill {
  /// The experiments of the seeds of one batch, which begins with the first that rows and layout were decided by.
  package func experiments(_ seeds: [UInt64], threads: Int = 1) throws -> ExperimentData {
    var data = ExperimentData(layout, taskCount: seeds.count)
    try unsafe run(seeds, into: &data, threads: threads)
    return data
  }

  /// Fills all arrays, and 32 bytes a task with the digests of the graphs.
  func run(
    _ seeds: [UInt64], into data: inout ExperimentData, hashes: UnsafeMutablePointer<UInt8>? = nil, threads: Int
  ) throws {
    var progress = [Int64](repeating: 0, count: seeds.count)
    _ = unsafe try data.withArrays {
      unsafe try run(
        seeds: seeds, count: seeds.count, progress: &progress, into: $0, hashes: hashes, threads: threads,
        shouldPause: { false })
    }
  }
}
