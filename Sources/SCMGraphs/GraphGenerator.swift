public import SCMBase
public import SCMRandom

/// A distribution of directed acyclic graphs.
public protocol GraphGenerator: Sendable {
  /// One graph: a pure function of the node count and the key.
  ///
  /// - Throws: when this distribution has no graph of that size.
  func sample(nodeCount: Int, key: TaskKey) throws(ConfigError) -> DirectedAcyclicGraph
}

/// A graph distribution that a configuration can name.
///
/// A new kind is one file with one such type, and its line in ``GraphModels/all``.
public protocol GraphModel: GraphGenerator, Configurable {
  /// The name in a configuration, such as "erdos_renyi".
  static var kind: String { get }
  /// What it is, with its paper, as the reference of all languages says it.
  static var summary: String { get }
  init()
  /// The expected number of edges is `edgesPerNode * nodeCount`, exactly, for every kind.
  var edgesPerNode: Double { get set }
  /// - Throws: when no graph of this kind with that many nodes has the density that is asked.
  func check(nodeCount: Int) throws(ConfigError)
  /// Edges between places of a topological order; nodes are put at the places by ``GraphGenerator/sample(nodeCount:key:)``.
  func orderedEdges(nodeCount: Int, key: TaskKey) -> [OrderedEdge]
  /// The node at each place: any with the same probability, unless a kind says otherwise.
  func order(nodeCount: Int, key: TaskKey) -> [Int]
}

extension GraphModel {
  /// This kind with its usual options.
  public init(edgesPerNode: Double) {
    self.init()
    self.edgesPerNode = edgesPerNode
  }

  public var fields: [Field<Self>] { [] }

  /// So that labels say nothing of the order.
  public func order(nodeCount: Int, key: TaskKey) -> [Int] {
    key.permutation(of: nodeCount, purpose: .permutation)
  }

  /// Draws the edges over places of an order and puts a node at each place.
  public func sample(nodeCount: Int, key: TaskKey) throws(ConfigError) -> DirectedAcyclicGraph {
    guard nodeCount >= 1 else {
      throw ConfigError(path: "n_nodes", value: "\(nodeCount)", reason: "must be at least 1")
    }
    try check(nodeCount: nodeCount)
    return sampleUnchecked(nodeCount: nodeCount, key: key)
  }

  /// As ``sample(nodeCount:key:)``, for a node count that has been checked.
  package func sampleUnchecked(nodeCount: Int, key: TaskKey) -> DirectedAcyclicGraph {
    DirectedAcyclicGraph(
      orderedEdges: orderedEdges(nodeCount: nodeCount, key: key), order: order(nodeCount: nodeCount, key: key))
  }

  /// That there is a pair of nodes for each edge.
  func checkPairs(nodeCount n: Int) throws(ConfigError) {
    try checkDensity(nodeCount: n, most: Double(n - 1) / 2, because: "there is one pair for each edge")
  }

  /// The sentence of a density that this kind can't have.
  func checkDensity(
    nodeCount: Int, least: Double = 0, most: Double, because reason: String
  ) throws(ConfigError) {
    // Half an ulp of slack: the complete graph's density is often not a Double.
    guard edgesPerNode >= least * (1 - 1e-12), edgesPerNode <= most * (1 + 1e-12) else {
      throw ConfigError(
        path: "sparsity_param", value: "\(edgesPerNode)",
        reason:
          "must be from \(least == 0 ? "0" : "\(least.raised)") to \(most.cut) expected edges per node for \(Self.kind) graphs of \(nodeCount) nodes: \(reason)"
      )
    }
  }
}

/// The graph distributions that a configuration can name.
public enum GraphModels {
  public static let all: [any GraphModel.Type] = [
    ErdosRenyi.self,
    ScaleFree.self,
    StochasticBlockModel.self,
    FixedEdgeCount.self,
    WattsStrogatz.self,
    RandomGeometric.self,
    FixedInDegree.self,
    UniformDAG.self,
    BackDoor.self,
    HiddenConfounder.self,
    Instrument.self,
    FrontDoor.self,
    Subnetwork.self,
  ]

  public static func named(_ kind: String) -> (any GraphModel.Type)? { all.first { $0.kind == kind } }
}

extension Double {
  /// Four decimals, downwards: a limit as a sentence says it.
  fileprivate var cut: Double { (self * 1e4).rounded(.down) / 1e4 }
  /// Upwards.
  fileprivate var raised: Double { (self * 1e4).rounded(.up) / 1e4 }
}
