import SCMBase
public import SCMFamilies
public import SCMGraphs
import SCMRandom

/// The data of a run: an endless training stream of one family, and fixed sets of any families that the stream keeps clear of.
///
///     let data = try DataModule(
///       train: family, validation: ["val": family], test: ["test/id": family, "test/scale-free": other], sampleCount: 1000)
///     for task in data.training { … }
///
/// A fixed set's tasks depend on the base seed and its name, so that sets share no task and adding one moves no other.
public struct DataModule: Sendable {
  /// Endless; see ``MetaIterableDataset``.
  public let training: MetaIterableDataset
  public let validation: [String: MetaFixedDataset]
  public let test: [String: MetaFixedDataset]
  /// The graphs of all fixed sets.
  public let reserved: HashRegistry
  /// How much of the training family they take.
  public let reservedMass: ReservedMass

  /// - Parameter level: how the training stream tells its graphs from those of the fixed sets.
  /// - Throws: `DisjointnessError` where hardly a graph is left for training; `ConfigError` for a negative number of tasks, or a name
  ///   that both a validation and a test set have, whose tasks would be the same; what a family throws.
  public init(
    train: SCMFamily, validation: [String: SCMFamily] = [:], test: [String: SCMFamily] = [:], sampleCount: Int,
    validationCount: Int = 128, testCount: Int = 128, baseSeed: UInt64 = 0, disjoint level: GraphLevel = .exact
  ) throws {
    try ConfigError.checkNotNegative(("validationCount", validationCount), ("testCount", testCount))
    if let name = validation.keys.filter({ test[$0] != nil }).min() {
      throw ConfigError(path: "test", value: "\"\(name)\"", reason: "must have another name than each validation set")
    }
    var reserved = HashRegistry(level: level)
    func sets(_ families: [String: SCMFamily], count: Int) throws -> [String: MetaFixedDataset] {
      var sets: [String: MetaFixedDataset] = [:]
      for (name, family) in families.sorted(by: { $0.key < $1.key }) {
        let set = try MetaFixedDataset(
          family, seeds: Self.seeds(of: name, baseSeed: baseSeed, count: count), sampleCount: sampleCount)
        set.graphHashes(level: level).digests.forEach { reserved.add($0) }
        sets[name] = set
      }
      return sets
    }
    self.validation = try sets(validation, count: validationCount)
    self.test = try sets(test, count: testCount)
    self.reserved = reserved
    reservedMass = try ReservedMass(train, reserved: reserved, baseSeed: baseSeed)
    try reservedMass.check(train, reserved: reserved)
    training = MetaIterableDataset(train, sampleCount: sampleCount, baseSeed: baseSeed, reserved: reserved)
  }

  /// The seeds of the fixed set of a name, such as "test/id"; see ``SeedSequence/set(named:base:)``. None where `count` is negative.
  public static func seeds(of name: String, baseSeed: UInt64, count: Int) -> [UInt64] {
    let sequence = SeedSequence.set(named: name, base: baseSeed)
    return (0..<UInt64(max(count, 0))).map { sequence[$0] }
  }
}
