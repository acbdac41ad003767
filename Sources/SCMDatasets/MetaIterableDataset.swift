public import SCMFamilies
public import SCMRandom

/// An endless stream of training tasks: task i is a pure function of the family, the base seed and i.
///
///     let stream = MetaIterableDataset(family, sampleCount: 1000, baseSeed: 0)
///     for task in stream.prefix(3) { print(task.instance.graph.edgeCount) }
public struct MetaIterableDataset: Sequence, Sendable {
  public let family: SCMFamily
  /// Rows of each task.
  public let sampleCount: Int
  public let seeds: SeedSequence
  /// The number of the first task; a stream is resumed by this one integer.
  public let start: UInt64
  public let reserved: HashRegistry

  /// - Parameter sampleCount: rows of each task; a task of a negative number can't be drawn.
  public init(
    _ family: SCMFamily, sampleCount: Int, baseSeed: UInt64 = 0, epoch: UInt64? = nil, startingAt start: UInt64 = 0,
    reserved: HashRegistry = HashRegistry()
  ) {
    self.family = family
    self.sampleCount = sampleCount
    seeds = .training(base: baseSeed, epoch: epoch)
    self.start = start
    self.reserved = reserved
  }

  /// A task with its rows.
  public struct Element: Sendable {
    public let instance: SCMInstance
    public let samples: SampleMatrix
  }

  /// Task number `index`; tasks can be asked for in any order.
  public func task(_ index: UInt64) throws -> Element {
    let drawn = try family.drawTask(seed: seeds[index], avoiding: reserved, sampleCount: sampleCount)
    return Element(instance: drawn.task, samples: drawn.samples)
  }

  /// Ends at the first task that can't be drawn; ``task(_:)`` says why.
  public func makeIterator() -> some IteratorProtocol<Element> {
    var index = start
    return AnyIterator {
      defer { index &+= 1 }
      return try? task(index)
    }
  }
}
