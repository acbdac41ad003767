import SCMGraphs
import SCMRandom
import Testing

/// The projection against a linear model from which the hidden nodes are eliminated, in exact arithmetic.
struct LatentProjectionTests {
  /// B = W_OO + W_OH (I − W_HH)⁻¹ W_HO and Ω* = Ω_O + W_HOᵀ (I − W_HH)⁻ᵀ Ω_H (I − W_HH)⁻¹ W_HO.
  private func checkOracle(_ graph: DirectedAcyclicGraph, hiding hidden: [Int]) {
    let projection = LatentProjection(of: graph, hiding: hidden)
    let (name, o) = ("\(graph.adjacency.edges) without \(hidden)", projection.observed)
    #expect(o == (0..<graph.nodeCount).filter { !hidden.contains($0) }, "\(name)")
    let model = ExactLinearModel(graph.adjacency, seed: 7)
    let (w, omega) = (model.weights, model.noise)
    let through = ExactLinearModel.totalEffects(w[hidden, hidden]) * w[hidden, o]
    let b = w[o, o] + w[o, hidden] * through
    let noise = omega[o, o] + through.transposed * omega[hidden, hidden] * through
    #expect(ExactLinearModel.covariance(b, noise) == model.covariance[o, o], "\(name)")
    for i in o.indices {
      for j in o.indices {
        #expect(projection.directed[i, j] == (b[i, j] != .zero), "\(name): \(i), \(j)")
        #expect(projection.bidirected[i, j] == (i != j && noise[i, j] != .zero), "\(name): \(i), \(j)")
      }
    }
    let ancestors = graph.ancestors
    let kept = o.map { i in o.map { ancestors[i, $0] } }
    #expect(o.indices.map { i in o.indices.map { projection.ancestors[i, $0] } } == kept, "\(name)")
    #expect(throws: Never.self, "\(name)") { try DirectedAcyclicGraph(projection.directed) }
    expectOrder(of: projection.directedGraph, name)
  }

  /// All DAGs and all sets of hidden nodes.
  @Test(arguments: 1...4) func isWhatALinearModelIsWithoutTheHiddenNodes(nodeCount: Int) throws {
    for adjacency in EquivalenceClassTests.allGraphs(nodeCount: nodeCount) {
      let graph = try DirectedAcyclicGraph(adjacency)
      for hidden in Array(0..<nodeCount).subsets { checkOracle(graph, hiding: hidden) }
    }
  }

  @Test(arguments: [(9, 4), (20, 9), (70, 20)])
  func isWhatALinearModelIsWithoutTheHiddenNodesOfLargerGraphs(nodeCount: Int, hiddenCount: Int) throws {
    for (seed, graph) in try DirectedAcyclicGraph.random(nodeCount: nodeCount, count: 8).enumerated() {
      var words = TaskKey(seed: UInt64(seed)).words(purpose: .latent)
      checkOracle(graph, hiding: Array(words.permutation(of: nodeCount).prefix(hiddenCount)))
    }
  }

  @Test(arguments: [4, 12, 70]) func hidingSomeAndThenOthersIsHidingAll(nodeCount: Int) throws {
    for (seed, graph) in try DirectedAcyclicGraph.random(nodeCount: nodeCount, count: 40).enumerated() {
      var words = TaskKey(seed: UInt64(seed)).words(purpose: .latent)
      let hidden = Array(words.permutation(of: nodeCount).prefix(nodeCount / 2))
      let first = LatentProjection(of: graph, hiding: Array(hidden.prefix(hidden.count / 2)))
      let second = hidden.dropFirst(hidden.count / 2).compactMap { first.observed.firstIndex(of: $0) }
      #expect(
        first.hiding(second) == LatentProjection(of: graph, hiding: hidden), "\(graph.adjacency.edges), \(hidden)")
      #expect(
        LatentProjection(of: graph, hiding: hidden.reversed()) == LatentProjection(of: graph, hiding: hidden),
        "\(graph.adjacency.edges), \(hidden)")
    }
  }

  @Test func nothingHiddenIsTheGraph() throws {
    let graph = try ErdosRenyi(edgesPerNode: 2).sample(nodeCount: 20, key: TaskKey(seed: 3))
    let projection = LatentProjection(of: graph)
    #expect(projection.directedGraph == graph)
    #expect(projection.bidirected.edgeCount == 0)
    #expect(LatentProjection(of: graph, hiding: Array(0..<20)).nodeCount == 0)
  }
}
