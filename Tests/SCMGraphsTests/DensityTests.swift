import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// `edgesPerNode` means the same for every kind: the expected number of edges is k·n, or the graph is refused.
struct DensityTests {
  private static let kinds = GraphModels.all.map { $0.kind }
  /// Those that have graphs of one node, which aren't those with a node for each role.
  private static let kindsOfOneNode = GraphModels.all.filter { !($0.init() is any EffectStructure) }.map { $0.kind }

  private func model(_ kind: String, _ edgesPerNode: Double) throws -> any GraphModel {
    var model = try #require(GraphModels.named(kind)).init()
    model.edgesPerNode = edgesPerNode
    return model
  }

  @Test(arguments: kinds, [5, 6, 10, 20, 50, 100])
  func meanEdgesAreTheDensityTimesNodes(kind: String, nodeCount n: Int) throws {
    // Large graphs take long, so they have one density: 1 for 50 nodes, 2 for 100.
    for density in n <= 20 ? [0.5, 1, 2] : [Double(n) / 50] {
      let model = try model(kind, density)
      do {
        try model.check(nodeCount: n)
      } catch {
        #expect(error.path == "sparsity_param" && error.reason.hasPrefix("must be "), "\(error)")
        continue
      }
      let edges = Sample(try (0..<20_000).map { try model.sample(nodeCount: n, key: TaskKey(seed: $0)).edgeCount })
      let name = "\(kind), \(n) nodes, k = \(density)"
      expectMean(edges, density * Double(n), name)
      #expect(abs(edges.mean / (density * Double(n)) - 1) < 0.01, "\(name): \(edges.mean)")
    }
  }

  /// A copy of all edges for each tile of pairs would take minutes here.
  @Test func theLargestCompleteGraphsAreDrawn() throws {
    let n = Limits.nodes.upperBound
    let complete = try model(ErdosRenyi.kind, Double(n - 1) / 2)
    for seed in 0..<3 as Range<UInt64> {
      #expect(try complete.sample(nodeCount: n, key: TaskKey(seed: seed)).edgeCount == n * (n - 1) / 2)
    }
  }

  @Test(arguments: [
    (ErdosRenyi.kind, 5, 2.0), (ErdosRenyi.kind, 20, 9.5), (ScaleFree.kind, 5, 1.2), (ScaleFree.kind, 20, 5),
  ]) func theDensestGraphsAreDrawnAndDenserOnesRefused(kind: String, nodeCount n: Int, most: Double) throws {
    let densest = try model(kind, most).sample(nodeCount: n, key: TaskKey(seed: 0))
    #expect(densest.edgeCount == Int((most * Double(n)).rounded()))
    let denser = try model(kind, most + 0.001)
    let error = #expect(throws: ConfigError.self) { try denser.sample(nodeCount: n, key: TaskKey(seed: 0)) }
    let sentence = try #require(error).description
    #expect(
      sentence.hasPrefix(
        "sparsity_param = \(most + 0.001): must be from 0 to \(most) expected edges per node for \(kind) graphs of \(n) nodes: "
      ))
  }

  @Test(arguments: kinds) func densitiesThatAreNoneAreRefused(kind: String) throws {
    for density in [-0.1, .nan, .infinity, -.infinity] {
      let model = try model(kind, density)
      #expect(throws: ConfigError.self, "\(density)") { try model.sample(nodeCount: 10, key: TaskKey(seed: 0)) }
    }
  }

  @Test(arguments: kinds) func graphsWithoutNodesAreRefused(kind: String) throws {
    let model = try model(kind, 0)
    for n in [0, -1] {
      let error = #expect(throws: ConfigError.self) { try model.sample(nodeCount: n, key: TaskKey(seed: 0)) }
      #expect(error?.description == "n_nodes = \(n): must be at least 1.")
    }
  }

  @Test(arguments: kindsOfOneNode) func oneNodeHasNoEdges(kind: String) throws {
    var model = try model(kind, 0)
    if kind == StochasticBlockModel.kind { model = StochasticBlockModel(edgesPerNode: 0, blockCount: 1) }
    if var network = model as? Subnetwork {
      network.edgeList = [0, 1]
      model = network
    }
    let graph = try model.sample(nodeCount: 1, key: TaskKey(seed: 0))
    #expect(graph.edgeCount == 0 && graph.topologicalOrder == [0])
    model.edgesPerNode = 0.5
    let denser = model
    #expect(throws: ConfigError.self) { try denser.sample(nodeCount: 1, key: TaskKey(seed: 0)) }
  }
}
