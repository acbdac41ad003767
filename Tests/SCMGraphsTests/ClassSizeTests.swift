import Foundation
import SCMGraphs
import Testing

/// The size of a Markov equivalence class against counts of all graphs and against known families of graphs.
struct ClassSizeTests {
  private func classOf(_ n: Int, _ edges: [(Int, Int)]) throws -> EquivalenceClass {
    var graph = AdjacencyMatrix(nodeCount: n)
    for (a, b) in edges { graph[a, b] = true }
    return EquivalenceClass(of: try DirectedAcyclicGraph(graph))
  }

  @Test(arguments: 1...5)
  func isTheNumberOfMembers(n: Int) throws {
    let graphs = EquivalenceClassTests.allGraphs(nodeCount: n)
    let members = Dictionary(grouping: graphs, by: \.pattern)
    for (_, group) in members {
      let found = EquivalenceClass(of: try DirectedAcyclicGraph(group[0]))
      // A hundred times what the logarithms of at most 120 members can lose.
      #expect(abs(exp(found.logSize) - Double(group.count)) < 1e-11 * Double(group.count))
      #expect(found.compelledEdgeCount + found.reversibleEdgeCount == group[0].edgeCount)
    }
  }

  /// A tree without v-structures may be rooted anywhere; a complete graph has any order.
  @Test func knownFamilies() throws {
    let path = try classOf(60, (1..<60).map { ($0 - 1, $0) })
    #expect(abs(path.logSize - log(60)) < 1e-12)
    let complete = try classOf(200, (0..<200).flatMap { j in (0..<j).map { ($0, j) } })
    #expect(abs(complete.logSize - lgamma(201)) < 1e-9)
    #expect(complete.reversibleEdgeCount == 19_900)
    // Two triangles that share an edge, a − b. With a and b first, either way: 2 graphs. With one of the two other nodes before a, or
    // before a and b: 2·2 each for the order of a and b. Both before would be a v-structure.
    let diamond = try classOf(4, [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3)])
    #expect(abs(exp(diamond.logSize) - 10) < 1e-12)
    let empty = try classOf(7, [])
    #expect(empty.logSize == 0 && empty.compelledEdgeCount == 0)
  }

  /// What takes time that doubles with each nested clique, or grows with the cube of the nodes, would not end here.
  @Test(.timeLimit(.minutes(1))) func largeFamilies() throws {
    let tree = try classOf(1500, (1..<1500).map { ($0 / 3, $0) })
    #expect(abs(tree.logSize - log(1500)) < 1e-11)
    // Node 2i + 1 is linked to 0, 2, … 2i, which are all linked: cliques on the way from one end to the other share nested sets. Its
    // numbers in another order have another clique first.
    var edges: [(Int, Int)] = []
    for i in 0..<40 {
      for j in 0...i { edges.append((2 * j, 2 * i + 1)) }
      for j in 0..<i { edges.append((2 * j, 2 * i)) }
    }
    let nested = try classOf(80, edges)
    let reversed = try classOf(80, edges.map { (79 - $0.0, 79 - $0.1) })
    #expect(nested.compelledEdgeCount == 0)
    #expect(abs(nested.logSize - reversed.logSize) < 1e-11 * nested.logSize)
  }
}
