import SCMBase
public import SCMGraphs
public import SCMMechanisms
public import SCMRandom

/// A family of one graph generator, one mechanism factory and one noise law: what every ``SCMFamily`` is made of.
public struct PlainFamily: Sendable {
  /// The node counts that a task may have; it is drawn per task where there is more than one.
  public let nodeCounts: ClosedRange<Int>
  public let graphGenerator: any GraphGenerator
  public let mechanismFactory: any MechanismFactory
  public let noise: NoiseSource
  /// The law of nodes without parents, where they have one of their own.
  public let rootNoise: NoiseSource?
  public let standardization: FamilyConfig.Standardization
  public let calibrationRows: Int
  public let divergence: FamilyConfig.Divergence
  /// The configuration that the family was made from, if it was made from one.
  public let config: FamilyConfig?
  /// The network whose graph and laws all tasks have, if there is one.
  public let network: BayesianNetwork?

  /// A family of the caller's own strategies.
  init(
    nodeCounts: ClosedRange<Int>, graphGenerator: any GraphGenerator, mechanismFactory: any MechanismFactory,
    noise: NoiseSource, standardization: FamilyConfig.Standardization, calibrationRows: Int,
    divergence: FamilyConfig.Divergence, network: BayesianNetwork? = nil
  ) throws(ConfigError) {
    try Kernels.check()
    guard Limits.nodes.contains(nodeCounts.lowerBound), Limits.nodes.contains(nodeCounts.upperBound) else {
      throw ConfigError(path: "n_nodes", value: "\(nodeCounts)", reason: "must lie within \(Limits.nodes)")
    }
    guard (16...65_536).contains(calibrationRows) else {
      throw ConfigError(
        path: "calibration_rows", value: "\(calibrationRows)", reason: "must be an integer from 16 to 65536")
    }
    try noise.law.checkParameters()
    self.nodeCounts = nodeCounts
    self.graphGenerator = graphGenerator
    self.mechanismFactory = mechanismFactory
    self.noise = noise
    rootNoise = nil
    self.standardization = standardization
    self.calibrationRows = calibrationRows
    self.divergence = divergence
    self.network = network
    config = nil
  }

  init(_ config: FamilyConfig) throws(ConfigError) {
    try Kernels.check()
    let config = try config.checked()
    let proportions = config.normalizedProportions
    let models = config.mechanismModels.compactMap { model in
      proportions[model.kind].map { (model: model, weight: $0) }
    }
    nodeCounts = config.nodeCounts
    graphGenerator = try config.graphModel()
    mechanismFactory = MixedMechanisms(
      models, roots: config.roots, rootNoiseScale: config.rootNoiseScale, noiseScale: config.noiseScale,
      functionRange: config.functionRange, outers: config.outers, discretized: config.discretized,
      classReading: config.classReading)
    noise = try config.noise()
    rootNoise = try config.rootNoise()
    standardization = config.standardization
    calibrationRows = config.calibrationRows
    divergence = config.divergence
    self.config = config
    network = nil
  }

  /// The first rows of the data that means and deviations are from, where they are from the data.
  package var momentRows: Int? { standardization.mode.moments == .data ? calibrationRows : nil }

  /// About the most memory that a task's mechanisms and calibration take.
  var largestTask: Int {
    byteCount(parentCounts: [Int](repeating: nodeCounts.upperBound - 1, count: nodeCounts.upperBound))
  }

  /// About what a task takes beside its rows: its mechanisms, and the rows at which it is calibrated.
  private func byteCount(parentCounts: [Int]) -> Int {
    mechanismFactory.byteCount(parentCounts: parentCounts, calibrationRows: calibrationRows)
      + 5 * parentCounts.count * calibrationRows
  }

  func sampleGraph(key: TaskKey) throws(ConfigError) -> DirectedAcyclicGraph {
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

  /// - Parameter isLarge: whether to count what the task takes before it is made.
  func instance(
    over graph: DirectedAcyclicGraph, key: TaskKey, component: Int, isLarge: Bool, workspace: SamplingWorkspace
  ) throws(SamplingError) -> SCMInstance {
    // Tables are of the very parents that they were made for.
    if let network, network.graph.adjacency != graph.adjacency {
      throw SamplingError(description: "The graph is another one than the network's, which its laws are for.")
    }
    if isLarge {
      do throws(MemoryError) {
        try ensureMemory(
          byteCount(parentCounts: graph.adjacency.parents.map(\.count)), for: "task seed \(key.seed): its mechanisms")
      } catch {
        throw SamplingError(description: error.description)
      }
    }
    let instance = SCMInstance(
      key: key, graph: graph, noise: noise, rootNoise: rootNoise, component: component, factory: mechanismFactory)
    try instance.checkMechanisms()
    guard standardization.mode.scales || mechanismFactory.mayNeedRows else { return instance }
    return try instance.standardized(standardization.mode, calibrationRows: calibrationRows, workspace: workspace)
  }

  /// What each node's values are in the task of a key; empty where all are continuous.
  package func valueKinds(of graph: DirectedAcyclicGraph, key: TaskKey) -> [ValueKind] {
    guard mechanismFactory.mayBeDiscrete else { return [] }
    return mechanismFactory.valueKinds(parentCounts: graph.adjacency.parents.counts, key: key)
  }

  private func nodeCount(key: TaskKey) -> Int {
    guard nodeCounts.count > 1 else { return nodeCounts.lowerBound }
    var words = key.words(purpose: .family)
    return nodeCounts.lowerBound + words.next(below: nodeCounts.count)
  }
}
