public import SCMBase
public import SCMGraphs
public import SCMMechanisms
public import SCMRandom

/// A distribution of SCMs, composed of a graph generator, a mechanism factory and a noise law, or a mixture of such families.
///
///     let family = try SCMFamily(FamilyConfig())
///     let task = try family.sampleTask(seed: 7)
///     let rows = try task.sample(1000)
public struct SCMFamily: Sendable {
  /// A family that tasks come from.
  ///
  /// A class, as a copy for each task would count the references of all that a family holds, which threads share.
  public final class Component: Sendable {
    /// The shares of this one and of those before it.
    public let threshold: Double
    public let family: PlainFamily
    /// About the most memory that a task's mechanisms and calibration take.
    let largestTask: Int

    init(threshold: Double, _ family: PlainFamily) {
      self.threshold = threshold
      self.family = family
      largestTask = family.largestTask
    }
  }

  /// The families that tasks come from; one where this is no mixture.
  public let components: [Component]
  /// The node counts that a task may have.
  public let nodeCounts: ClosedRange<Int>

  private init(_ components: [Component]) {
    self.components = components
    let least = components.reduce(Int.max) { min($0, $1.family.nodeCounts.lowerBound) }
    nodeCounts = least...components.reduce(least) { max($0, $1.family.nodeCounts.upperBound) }
  }

  /// A family of the caller's own strategies.
  ///
  /// - Throws: when a size is out of its range; what a graph generator can't do shows at the first task.
  public init(
    nodeCounts: ClosedRange<Int>, graphGenerator: any GraphGenerator, mechanismFactory: any MechanismFactory,
    noise: NoiseSource = NoiseSource(.gaussian), standardization: FamilyConfig.Standardization = .none,
    calibrationRows: Int = 256, divergence: FamilyConfig.Divergence = .refuse
  ) throws(ConfigError) {
    let family = try PlainFamily(
      nodeCounts: nodeCounts, graphGenerator: graphGenerator, mechanismFactory: mechanismFactory, noise: noise,
      standardization: standardization, calibrationRows: calibrationRows, divergence: divergence)
    self.init([Component(threshold: 1, family)])
  }

  public init(_ config: FamilyConfig) throws(ConfigError) {
    self.init([Component(threshold: 1, try PlainFamily(config))])
  }

  /// A mixture: each task's component is chosen by its own key.
  public init(_ mixture: FamilyMixture) throws(ConfigError) {
    let total = mixture.components.reduce(0) { $0 + $1.weight }
    var components: [Component] = []
    var sum = 0.0
    for component in mixture.components {
      sum += component.weight
      components.append(Component(threshold: sum / total, try PlainFamily(component.specification)))
    }
    self.init(components)
  }

  public init(_ specification: FamilySpecification) throws(ConfigError) {
    switch specification {
    case .family(let config): try self.init(config)
    case .mixture(let mixture): try self.init(mixture)
    case .network(let network): try self.init(network)
    }
  }

  /// The family whose tasks all have a network's graph and laws, and rows of their own.
  public init(_ network: BayesianNetwork) throws(ConfigError) {
    self.init([Component(threshold: 1, try PlainFamily(network))])
  }

  /// The configuration of a family that is no mixture and was made from one.
  public var config: FamilyConfig? { components.count == 1 ? components[0].family.config : nil }

  /// Whether one task may take longer than a caller would wait without looking up: what takes much memory takes long.
  package var hasLongTasks: Bool { nodeCounts.upperBound > 200 || components.contains { $0.largestTask > 1 << 22 } }

  /// Whether nodes may have other values than continuous ones, classes or counts.
  public var mayBeDiscrete: Bool { components.contains { $0.family.mechanismFactory.mayBeDiscrete } }

  /// The number of the component that a seed's task comes from; 0 for a plain family.
  public func component(ofSeed seed: UInt64) -> Int { component(of: TaskKey(seed: seed)) }

  /// The family that a seed's task comes from, whose noise and standardisation are the task's.
  public func family(ofSeed seed: UInt64) -> PlainFamily { components[component(ofSeed: seed)].family }

  private func component(of key: TaskKey) -> Int {
    guard components.count > 1 else { return 0 }
    // Site 1: the node count of a range reads site 0.
    let u = Double(unit: key.block(0, site: 1, purpose: .family).word64(0))
    // The first whose cumulative share is above u; a share of 0 is never one.
    var (low, high) = (0, components.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if u < components[middle].threshold { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// How many of some seeds' tasks come from each component; all from the one of a plain family.
  public func componentCounts(_ seeds: some Sequence<UInt64>) -> [Int] {
    var counts = [Int](repeating: 0, count: components.count)
    for seed in seeds { counts[component(ofSeed: seed)] += 1 }
    return counts
  }

  /// The graph of one task, without its mechanisms.
  public func sampleGraph(seed: UInt64) throws(ConfigError) -> DirectedAcyclicGraph {
    let key = TaskKey(seed: seed)
    return try components[component(of: key)].family.sampleGraph(key: key)
  }

  /// The task of one seed: graph, mechanisms, and the constants of its standardisation.
  ///
  /// - Throws: `ConfigError` where the generator has no such graph, `SamplingError` where calibration meets a value that is
  ///   not finite.
  public func sampleTask(seed: UInt64) throws -> SCMInstance {
    try instance(over: sampleGraph(seed: seed), seed: seed)
  }

  /// The family's mechanisms over a graph of the caller's own; those of a network have its own graph alone.
  public func instance(over graph: DirectedAcyclicGraph, seed: UInt64) throws(SamplingError) -> SCMInstance {
    try instance(over: graph, seed: seed, workspace: SamplingWorkspace())
  }

  package func instance(
    over graph: DirectedAcyclicGraph, seed: UInt64, workspace: SamplingWorkspace
  ) throws(SamplingError) -> SCMInstance {
    let key = TaskKey(seed: seed)
    let index = component(of: key)
    // Only what is larger than any task of most families is counted anew for each task.
    let isLarge =
      components[index].largestTask >= memoryWorthAsking
      || graph.nodeCount > components[index].family.nodeCounts.upperBound
    return try components[index].family.instance(
      over: graph, key: key, component: index, isLarge: isLarge, workspace: workspace)
  }
}
