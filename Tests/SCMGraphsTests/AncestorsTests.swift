import SCMGraphs
import Testing

struct AncestorsTests {
  /// Entry (i, j) of W + W² + … isn't zero, for generic weights, exactly where a path leads from i to j.
  private func expected(_ graph: DirectedAcyclicGraph) -> AdjacencyMatrix {
    let effects = ExactLinearModel(graph.adjacency, seed: 1).totalEffects
    var expected = AdjacencyMatrix(nodeCount: graph.nodeCount)
    for i in 0..<graph.nodeCount {
      for j in 0..<graph.nodeCount where i != j && effects[i, j] != .zero { expected[i, j] = true }
    }
    return expected
  }

  @Test(arguments: 1...4) func areThePairsWithATotalEffect(nodeCount: Int) throws {
    for adjacency in EquivalenceClassTests.allGraphs(nodeCount: nodeCount) {
      let graph = try DirectedAcyclicGraph(adjacency)
      #expect(graph.ancestors == expected(graph), "\(adjacency.edges)")
    }
  }

  @Test(arguments: [12, 70]) func areThePairsWithATotalEffectInLargerGraphs(nodeCount: Int) throws {
    for graph in try DirectedAcyclicGraph.random(nodeCount: nodeCount, count: 8) {
      #expect(graph.ancestors == expected(graph), "\(graph.adjacency.edges)")
    }
  }

  @Test func ofOneNodeOrNoEdgeThereAreNone() throws {
    for n in [0, 1, 65] {
      let graph = try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: n))
      #expect(graph.ancestors == AdjacencyMatrix(nodeCount: n))
    }
  }
}
