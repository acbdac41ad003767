import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// Graphs of the caller's own: their order, and the refusal of cycles.
struct DirectedAcyclicGraphTests {
  @Test func theOrderTakesTheSmallestFreeLabel() throws {
    let graph = try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 5, edges: [(4, 0), (3, 1), (0, 1)]))
    #expect(graph.topologicalOrder == [2, 3, 4, 0, 1])
    #expect(try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 4)).topologicalOrder == [0, 1, 2, 3])
    #expect(try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 1)).topologicalOrder == [0])
    #expect(try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 0)).topologicalOrder == [])
  }

  /// Against the plain version: look for the smallest free label again and again.
  @Test(arguments: [2, 10, 65, 130]) func theOrderIsThatOfThePlainVersion(nodeCount n: Int) throws {
    for seed in 0..<20 as Range<UInt64> {
      let drawn = try ErdosRenyi(edgesPerNode: 0.5).sample(nodeCount: n, key: TaskKey(seed: seed))
      let graph = try DirectedAcyclicGraph(drawn.adjacency)
      var left = Set(0..<n)
      var order: [Int] = []
      while let next = left.filter({ node in drawn.adjacency.parents(of: node).allSatisfy { !left.contains($0) } })
        .min()
      {
        order.append(next)
        left.remove(next)
      }
      #expect(graph.topologicalOrder == order, "\(n) nodes, seed \(seed)")
      #expect(graph.adjacency == drawn.adjacency)
      #expect(graph.edgeCount == drawn.edgeCount && graph.nodeCount == n)
    }
  }

  @Test(arguments: [1, 2, 3, 64, 65, 130]) func aCycleIsRefusedInWords(length: Int) {
    let edges = (0..<length).map { ($0 + 1, ($0 + 1) % length + 1) }
    let error = #expect(throws: ConfigError.self) {
      try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: length + 2, edges: edges))
    }
    let names = length <= 12 ? (1...length).map { "\($0)" } : (1...12).map { "\($0)" } + ["..."]
    let cycle = (names + ["1"]).joined(separator: " -> ")
    #expect(error?.description == "adjacency = a graph with a cycle: must be acyclic; \(cycle) is a cycle.")
    #expect(AdjacencyMatrix(nodeCount: length + 2, edges: edges).cycle == Array(1...length))
  }

  @Test func theErrorNamesNoNodeBeforeOrBehindTheCycle() {
    // 0 → 5 → 3 → 4 → 5, and 4 → 1 behind it.
    let edges = [(0, 5), (5, 3), (3, 4), (4, 5), (4, 1)]
    let error = #expect(throws: ConfigError.self) {
      try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 6, edges: edges))
    }
    #expect(error?.reason == "must be acyclic; 3 -> 4 -> 5 -> 3 is a cycle")
  }

  @Test func aGraphWithoutACycleHasNone() throws {
    #expect(try ErdosRenyi(edgesPerNode: 3).sample(nodeCount: 70, key: TaskKey(seed: 7)).adjacency.cycle == nil)
    #expect(AdjacencyMatrix(nodeCount: 0).cycle == nil)
  }
}
