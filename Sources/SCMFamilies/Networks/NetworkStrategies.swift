import SCMBase
import SCMGraphs
import SCMMechanisms
import SCMRandom

/// The graph of a network, for every task.
struct NetworkGraph: GraphGenerator {
  let graph: DirectedAcyclicGraph

  func sample(nodeCount: Int, key: TaskKey) throws(ConfigError) -> DirectedAcyclicGraph {
    guard nodeCount == graph.nodeCount else {
      throw ConfigError(
        path: "n_nodes", value: "\(nodeCount)",
        reason: "must be \(graph.nodeCount), the number of the network's variables")
    }
    return graph
  }
}

/// The laws of a network as mechanisms, made once for all tasks.
struct NetworkMechanisms: MechanismFactory {
  let mechanisms: [any Mechanism]
  /// What the variables' values are.
  let kinds: [ValueKind]
  let mayBeDiscrete: Bool

  init(_ network: BayesianNetwork) {
    let parents = network.graph.adjacency.parents
    mechanisms = network.variables.enumerated().map { node, variable -> any Mechanism in
      switch variable.law {
      case .table(let states, let probabilities):
        TableMechanism(
          parentClasses: parents[node].map { network.variables[$0].states.count }, classCount: states.count,
          probabilities: probabilities.map { Float($0) })
      case .linearGaussian(let intercept, let coefficients, let variance):
        LinearMechanism(
          weights: coefficients.map { Float($0) }, bias: Float(intercept), noiseScale: Float(variance.squareRoot()))
      }
    }
    kinds = mechanisms.map { $0.values }
    mayBeDiscrete = kinds.contains { $0 != .continuous }
  }

  var mayNeedRows: Bool { false }

  func valueKinds(parentCounts: [Int], key: TaskKey) -> [ValueKind] { kinds }

  func makeMechanisms(parentCounts: [Int], key: TaskKey) -> [any Mechanism] { mechanisms }
}

extension PlainFamily {
  /// The family of what is no mixture.
  init(_ single: FamilySpecification) throws(ConfigError) {
    switch single {
    case .family(let config): try self.init(config)
    case .network(let network): try self.init(network)
    case .mixture: throw ConfigError(path: "mixture", value: "in a mixture", reason: "must be a single family")
    }
  }

  /// The family of a network: its noise is normal, which linear-Gaussian laws read and tables don't.
  init(_ network: BayesianNetwork) throws(ConfigError) {
    let count = network.variables.count
    try self.init(
      nodeCounts: count...count, graphGenerator: NetworkGraph(graph: network.graph),
      mechanismFactory: NetworkMechanisms(network), noise: NoiseSource(.gaussian), standardization: .none,
      calibrationRows: 256, divergence: .refuse, network: network)
  }
}
