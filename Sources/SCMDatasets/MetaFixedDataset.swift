import SCMBase
public import SCMFamilies
public import SCMGraphs
import SCMRandom

/// A fixed list of tasks for validation and testing: element i is always the task of seed i.
///
///     let set = try MetaFixedDataset(family, taskCount: 100, sampleCount: 1000)
///     let first = set[0]
public struct MetaFixedDataset: RandomAccessCollection, Sendable {
  public typealias Element = MetaIterableDataset.Element

  public let family: SCMFamily
  public let seeds: [UInt64]
  public let sampleCount: Int
  private let tasks: [Element]

  /// The default seeds of a base seed; they are never those of a training stream.
  ///
  /// - Throws: `ConfigError` for a negative number of tasks; what a family throws.
  public init(_ family: SCMFamily, taskCount: Int, baseSeed: UInt64 = 0, sampleCount: Int) throws {
    try ConfigError.checkNotNegative(("taskCount", taskCount))
    let sequence = SeedSequence.fixed(base: baseSeed)
    try self.init(family, seeds: (0..<taskCount).map { sequence[UInt64($0)] }, sampleCount: sampleCount)
  }

  /// All tasks are drawn here, so that reading one can't fail.
  public init(_ family: SCMFamily, seeds: [UInt64], sampleCount: Int) throws {
    self.family = family
    self.seeds = seeds
    self.sampleCount = sampleCount
    tasks = try seeds.map { seed in
      let drawn = try family.drawTask(seed: seed, sampleCount: sampleCount)
      return Element(instance: drawn.task, samples: drawn.samples)
    }
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { tasks.count }
  public subscript(index: Int) -> Element { tasks[index] }

  /// The graphs' digests, for a training stream to keep clear of.
  public func graphHashes(level: GraphLevel = .exact) -> HashRegistry {
    HashRegistry(level: level, digests: tasks.map { $0.instance.adjacency.digest(level: level) })
  }
}
