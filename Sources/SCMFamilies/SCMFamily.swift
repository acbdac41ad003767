public import SCMBase
public import SCMGraphs
public import SCMMechanisms
public import SCMRandom

/// A distribution of SCMs, composed of a graph generator, a mechanism factory and a noise law.
///
///     let family = try SCMFamily(FamilyConfig())
///     let task = try family.sampleTask(seed: 7)
///     let rows = try task.sample(1000)
public struct SCMFamily: Sendable {
  /// The node counts that a task may have; it is drawn per task where there is more than one.
  public let nodeCounts: ClosedRange<Int>
  public let graphGenerator: any GraphGenerator
  public let mechanismFactory: any MechanismFactory
  public let noise: NoiseSource
  public let standardization: FamilyConfig.Standardization
  public let calibrationRows: Int
  /// The configuration that the family was made from, if it was made from one.
  public let config: FamilyConfig?
  /// The families of a mixture with their cumulative shares; empty for a plain family. The properties above are then those of
  /// the first component, but for the node counts, which cover all.
  public private(set) var components: [(threshold: Double, family: SCMFamily)] = []

  /// About the most memory that a task's mechanisms and calibration take.
  private var largestTask = 0

  /// Whether one task may take longer than a caller would wait without looking up: what takes much memory takes long.
  package var hasLongTasks: Bool {
    nodeCounts.upperBound > 200 || max(largestTask, components.map(\.family.largestTask).max() ?? 0) > 1 << 22
  }

  /// A family of the caller's own strategies.
  ///
  /// - Throws: when a size is out of its range; what a graph generator can't do shows at the first task.
  public init(
    nodeCounts: ClosedRange<Int>, graphGenerator: any GraphGenerator, mechanismFactory: any MechanismFactory,
    noise: NoiseSource = NoiseSource(.gaussian), standardization: FamilyConfig.Standardization = .none,
    calibrationRows: Int = 256
  ) throws(ConfigError) {
    guard nodeCounts.lowerBound >= 1, nodeCounts.upperBound <= 2048 else {
      throw ConfigError(path: "n_nodes", value: "\(nodeCounts)", reason: "must lie within 1...2048")
    }
    guard (16...65_536).contains(calibrationRows) else {
      throw ConfigError(
        path: "calibration_rows", value: "\(calibrationRows)", reason: "must be an integer from 16 to 65536")
    }
    self.init(
      nodeCounts: nodeCounts, graphGenerator: graphGenerator, mechanismFactory: mechanismFactory, noise: noise,
      standardization: standardization, calibrationRows: calibrationRows, config: nil)
  }

  public init(_ config: FamilyConfig) throws(ConfigError) {
    // Once more through the reader: a configuration made in code may hold anything.
    let config = try FamilyConfig(config.relevantMembers)
    let proportions = config.normalizedProportions
    let models = config.mechanismModels.compactMap { model in
      proportions[model.kind].map { (model: model, weight: $0) }
    }
    self.init(
      nodeCounts: config.nodeCounts, graphGenerator: try config.graphModel(),
      mechanismFactory: MixedMechanisms(models, roots: config.roots, noiseScale: config.noiseScale),
      noise: try config.noise(),
      standardization: config.standardization, calibrationRows: config.calibrationRows, config: config)
  }

  /// A mixture: each task's component is chosen by its own key.
  public init(_ mixture: FamilyMixture) throws(ConfigError) {
    let total = mixture.components.reduce(0) { $0 + $1.weight }
    var components: [(threshold: Double, family: SCMFamily)] = []
    var sum = 0.0
    for component in mixture.components {
      sum += component.weight
      components.append((threshold: sum / total, family: try SCMFamily(component.config)))
    }
    let first = components[0].family
    let least = components.reduce(Int.max) { min($0, $1.family.nodeCounts.lowerBound) }
    let most = components.reduce(0) { max($0, $1.family.nodeCounts.upperBound) }
    self.init(
      nodeCounts: least...most, graphGenerator: first.graphGenerator, mechanismFactory: first.mechanismFactory,
      noise: first.noise, standardization: first.standardization, calibrationRows: first.calibrationRows, config: nil)
    self.components = components
  }

  public init(_ specification: FamilySpecification) throws(ConfigError) {
    switch specification {
    case .family(let config): try self.init(config)
    case .mixture(let mixture): try self.init(mixture)
    }
  }

  /// The number of the component that a seed's task comes from; 0 for a plain family.
  public func component(ofSeed seed: UInt64) -> Int {
    guard components.count > 1 else { return 0 }
    // Site 1: the node count of a range reads site 0.
    let u = Double(unit: TaskKey(seed: seed).block(0, site: 1, purpose: .family).word64(0))
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
    var counts = [Int](repeating: 0, count: max(components.count, 1))
    for seed in seeds { counts[component(ofSeed: seed)] += 1 }
    return counts
  }

  private init(
    nodeCounts: ClosedRange<Int>, graphGenerator: any GraphGenerator, mechanismFactory: any MechanismFactory,
    noise: NoiseSource, standardization: FamilyConfig.Standardization, calibrationRows: Int, config: FamilyConfig?
  ) {
    self.nodeCounts = nodeCounts
    self.graphGenerator = graphGenerator
    self.mechanismFactory = mechanismFactory
    self.noise = noise
    self.standardization = standardization
    self.calibrationRows = calibrationRows
    self.config = config
    let most = nodeCounts.upperBound
    largestTask = byteCount(parentCounts: [Int](repeating: most - 1, count: most))
  }

  /// About what a task takes beside its rows: its mechanisms, and the rows at which it is calibrated.
  private func byteCount(parentCounts: [Int]) -> Int {
    mechanismFactory.byteCount(parentCounts: parentCounts, calibrationRows: calibrationRows)
      + 5 * parentCounts.count * calibrationRows
  }

  /// The graph of one task, without its mechanisms.
  public func sampleGraph(seed: UInt64) throws(ConfigError) -> DirectedAcyclicGraph {
    guard components.isEmpty else { return try components[component(ofSeed: seed)].family.sampleGraph(seed: seed) }
    let key = TaskKey(seed: seed)
    let count = nodeCount(key: key)
    let graph = try graphGenerator.sample(nodeCount: count, key: key)
    // A generator of the caller's own may return anything, and arrays of fixed width wait for its result.
    guard graph.nodeCount == count else {
      throw ConfigError(
        path: "graph_generator", value: "a graph of \(graph.nodeCount) nodes",
        reason: "must have the \(count) nodes asked for")
    }
    return graph
  }

  /// The task of one seed: graph, mechanisms, and the constants of its standardisation.
  ///
  /// - Throws: `ConfigError` where the generator has no such graph, `SamplingError` where calibration meets a value that is
  ///   not finite.
  public func sampleTask(seed: UInt64) throws -> SCMInstance {
    try instance(over: sampleGraph(seed: seed), seed: seed)
  }

  /// The family's mechanisms over a graph of the caller's own.
  public func instance(over graph: DirectedAcyclicGraph, seed: UInt64) throws(SamplingError) -> SCMInstance {
    try instance(over: graph, seed: seed, workspace: SamplingWorkspace())
  }

  package func instance(
    over graph: DirectedAcyclicGraph, seed: UInt64, workspace: SamplingWorkspace
  ) throws(SamplingError) -> SCMInstance {
    guard components.isEmpty else {
      let index = component(ofSeed: seed)
      var instance = try components[index].family.instance(over: graph, seed: seed, workspace: workspace)
      instance.component = index
      return instance
    }
    // Only what is larger than any task of most families is counted anew for each task.
    if largestTask >= memoryWorthAsking || graph.nodeCount > nodeCounts.upperBound {
      try ensureMemory(
        byteCount(parentCounts: graph.adjacency.parents.map(\.count)), for: "task seed \(seed): its mechanisms")
    }
    let instance = SCMInstance(
      seed: seed, graph: graph, noise: noise,
      mechanisms: { mechanismFactory.makeMechanisms(parentCounts: $0, key: TaskKey(seed: seed)) })
    return try instance.standardized(standardization, calibrationRows: calibrationRows, workspace: workspace)
  }

  private func nodeCount(key: TaskKey) -> Int {
    guard nodeCounts.count > 1 else { return nodeCounts.lowerBound }
    var words = key.words(purpose: .family)
    return nodeCounts.lowerBound + words.next(below: nodeCounts.count)
  }
}
