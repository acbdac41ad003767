import SCMGraphs
import SCMRandom
import Testing

/// The MAG against the covariance of the observed nodes of a linear model with random weights, in exact arithmetic.
struct MaximalAncestralGraphTests {
  private func check(_ graph: DirectedAcyclicGraph, hiding hidden: [Int]) {
    let projection = LatentProjection(of: graph, hiding: hidden)
    let mag = MaximalAncestralGraph(of: projection)
    let (o, ancestors) = (projection.observed, graph.ancestors)
    let covariance = ExactLinearModel(graph.adjacency, seed: 5).covariance[o, o]
    let name = "\(graph.adjacency.edges) without \(hidden)"
    for i in o.indices {
      #expect(mag[i, i] == .none, "\(name)")
      for j in 0..<i {
        var areSeparable = false
        for others in o.indices.filter({ $0 != i && $0 != j }).subsets {
          let isUncorrelated = covariance.isUncorrelated(i, j, given: others)
          #expect(mag.isSeparated(i, j, given: others) == isUncorrelated, "\(name): \(i), \(j) given \(others)")
          areSeparable = areSeparable || isUncorrelated
        }
        let (there, back): (EdgeMark, EdgeMark) =
          areSeparable
          ? (.none, .none) : (ancestors[o[j], o[i]] ? .tail : .arrowhead, ancestors[o[i], o[j]] ? .tail : .arrowhead)
        #expect((mag[i, j], mag[j, i]) == (there, back), "\(name): \(i), \(j)")
      }
    }
  }

  /// All DAGs, but for the names of their nodes, with all choices of up to two hidden ones.
  @Test(arguments: 1...5) func separatesWhatIsUncorrelated(nodeCount: Int) {
    for graph in DirectedAcyclicGraph.upward(nodeCount: nodeCount) {
      for hidden in Array(0..<nodeCount).subsets where hidden.count <= 2 { check(graph, hiding: hidden) }
    }
  }

  /// Names at random, and paths with several nodes between their ends.
  @Test func separatesWhatIsUncorrelatedInLargerGraphs() throws {
    for (seed, graph) in try DirectedAcyclicGraph.random(nodeCount: 9, count: 60).enumerated() {
      var words = TaskKey(seed: UInt64(seed)).words(purpose: .latent)
      check(graph, hiding: Array(words.permutation(of: 9).prefix(4)))
    }
  }

  /// 1 ↔ 2 ↔ 3 ↔ 4 with 2 → 4 and 3 → 1: no set separates 1 and 4, though the projection doesn't link them.
  @Test func anInducingPathIsAnEdge() throws {
    let edges = [(5, 1), (5, 2), (6, 2), (6, 3), (7, 3), (7, 4), (2, 4), (3, 1)]
    let graph = try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 8, edges: edges))
    let projection = LatentProjection(of: graph, hiding: [0, 5, 6, 7])
    #expect(!projection.directed.isAdjacent(0, 3) && !projection.bidirected[0, 3])
    let mag = MaximalAncestralGraph(of: projection)
    #expect(mag.marks == [0, 2, 3, 2, 2, 0, 2, 2, 2, 2, 0, 2, 2, 3, 2, 0])
  }

  /// The same marks where the nodes stand in several words of a row.
  @Test func nodesElsewhereHaveTheSameMarks() throws {
    let places = [0, 1, 30, 62, 63, 64, 70, 128, 129]
    for graph in try DirectedAcyclicGraph.random(nodeCount: 9, count: 40) {
      let edges = graph.adjacency.edges.map { (places[$0.parent], places[$0.child]) }
      let wide = try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 130, edges: edges))
      let mag = MaximalAncestralGraph(of: LatentProjection(of: wide, hiding: [places[2], places[5], places[8]]))
      // As the hidden ones are gone, what stands behind them moves up.
      let kept = [0, 1, 61, 62, 68, 126]
      let marks = kept.flatMap { i in kept.map { mag[i, $0].rawValue } }
      #expect(marks == MaximalAncestralGraph(of: LatentProjection(of: graph, hiding: [2, 5, 8])).marks)
      #expect(mag.marks.count { $0 != 0 } == marks.count { $0 != 0 })
    }
  }

  @Test func isTheGraphWhereNothingIsHidden() throws {
    for graph in try DirectedAcyclicGraph.random(nodeCount: 70, count: 4) {
      let mag = MaximalAncestralGraph(of: LatentProjection(of: graph))
      for i in 0..<70 {
        for j in 0..<70 {
          let mark: EdgeMark = graph.adjacency[i, j] ? .arrowhead : graph.adjacency[j, i] ? .tail : .none
          #expect(mag[i, j] == mark)
        }
      }
    }
  }
}
