import SCMGraphs
import Testing

@Suite struct CPDAGTests {
  private func graph(_ n: Int, _ edges: [(Int, Int)]) -> AdjacencyMatrix {
    var graph = AdjacencyMatrix(nodeCount: n)
    for (a, b) in edges { graph[a, b] = true }
    return graph
  }

  /// The specification's examples: a DAG, its directed and its undirected edges.
  private static let examples: [(Int, [(Int, Int)], [(Int, Int)], [(Int, Int)])] = [
    (3, [(0, 1), (1, 2)], [], [(0, 1), (1, 2)]),
    (3, [(1, 0), (1, 2)], [], [(0, 1), (1, 2)]),
    (3, [(0, 1), (2, 1)], [(0, 1), (2, 1)], []),
    (4, [(0, 2), (1, 2), (2, 3)], [(0, 2), (1, 2), (2, 3)], []),
    (4, [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)], [], [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]),
    (4, [(0, 1), (0, 2), (1, 3), (2, 3)], [(1, 3), (2, 3)], [(0, 1), (0, 2)]),
    (4, [(0, 1), (3, 1), (1, 2), (0, 2)], [(0, 1), (3, 1), (1, 2), (0, 2)], []),
    (4, [(0, 1), (0, 2), (0, 3), (1, 3), (2, 3)], [(0, 3), (1, 3), (2, 3)], [(0, 1), (0, 2)]),
    (
      8, [(0, 1), (2, 3), (2, 4), (1, 5), (3, 5), (5, 6), (5, 7), (4, 7)], [(1, 5), (3, 5), (4, 7), (5, 6), (5, 7)],
      [(0, 1), (2, 3), (2, 4)]
    ),
  ]

  @Test(arguments: 0..<9)
  func theExamplesHaveTheSpecificationsEdges(number: Int) {
    let (n, edges, directed, undirected) = Self.examples[number]
    #expect(graph(n, edges).cpdag == graph(n, directed + undirected + undirected.map { ($0.1, $0.0) }))
  }

  /// All DAGs of up to four nodes: one CPDAG for each class, and each directed exactly where all members of its class agree.
  @Test(arguments: [(1, 1), (2, 2), (3, 11), (4, 185)])
  func isTheUnionOfItsClass(n: Int, classes: Int) throws {
    let pairs = (0..<n).flatMap { i in (0..<n).filter { $0 != i }.map { (i, $0) } }
    var members: [AdjacencyMatrix: [AdjacencyMatrix]] = [:]
    for bits in 0..<(1 << pairs.count) {
      let candidate = graph(n, pairs.indices.filter { bits >> $0 & 1 == 1 }.map { pairs[$0] })
      guard (try? DirectedAcyclicGraph(candidate)) != nil else { continue }
      members[candidate.pattern, default: []].append(candidate)
    }
    #expect(members.count == classes)
    for (_, dags) in members {
      let union = graph(n, dags.flatMap(\.edges).map { ($0.parent, $0.child) })
      for dag in dags { #expect(dag.cpdag == union) }
    }
  }
}
