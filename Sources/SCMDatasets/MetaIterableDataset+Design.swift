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
    try fill.run(seeds, into: &data, threads: threads)
  }
}

extension ExperimentFill {
  /// Fills all arrays, and the digests of the graphs where there is room for them: 32 bytes each.
  func run(_ seeds: [UInt64], into data: inout ExperimentData, digests: inout [UInt8], threads: Int) throws {
    var progress = [Int64](repeating: 0, count: seeds.count)
    let count = seeds.count
    unsafe try data.withArrays { arrays in
      try unsafe seeds.withUnsafeBufferPointer { seeds in
        try unsafe progress.withUnsafeMutableBufferPointer { progress in
          try unsafe digests.withUnsafeMutableBufferPointer { digests in
            guard let seeds = seeds.baseAddress, let progress = progress.baseAddress else { return }
            let hashes = digests.count < 32 * count ? nil : digests.baseAddress
            _ = unsafe try run(
              seeds: seeds, count: count, progress: progress, into: arrays, hashes: hashes, threads: threads,
              shouldPause: { false })
          }
        }
      }
    }
  }

  /// The experiments of the seeds of one batch, which begins with the first that rows and layout were decided by.
  package func experiments(_ seeds: [UInt64], threads: Int = 1) throws -> ExperimentData {
    var data = ExperimentData(layout, taskCount: seeds.count)
    try run(seeds, into: &data, threads: threads)
    return data
  }

  fileprivate func run(_ seeds: [UInt64], into data: inout ExperimentData, threads: Int) throws {
    var digests: [UInt8] = []
    try run(seeds, into: &data, digests: &digests, threads: threads)
  }
}
