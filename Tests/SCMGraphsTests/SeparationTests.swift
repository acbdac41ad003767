import SCMGraphs
import Testing

struct SeparationTests {
  private func check(_ graph: DirectedAcyclicGraph) {
    let covariance = ExactLinearModel(graph.adjacency, seed: 3).covariance
    for i in 0..<graph.nodeCount {
      for j in 0..<graph.nodeCount where j != i {
        for others in (0..<graph.nodeCount).filter({ $0 != i && $0 != j }).subsets {
          #expect(
            graph.isSeparated(i, j, given: others) == covariance.isUncorrelated(i, j, given: others),
            "\(graph.adjacency.edges): \(i), \(j) given \(others)")
        }
      }
    }
  }

  /// All DAGs, but for the names of their nodes, against a linear model with random weights in exact arithmetic.
  @Test(arguments: 2...5) func nodesAreSeparatedWhereTheyAreUncorrelated(nodeCount: Int) {
    for graph in DirectedAcyclicGraph.upward(nodeCount: nodeCount) { check(graph) }
  }

  @Test func nodesAreSeparatedWhereTheyAreUncorrelatedInLargerGraphs() throws {
    for graph in try DirectedAcyclicGraph.random(nodeCount: 8, count: 16) { check(graph) }
  }
}
