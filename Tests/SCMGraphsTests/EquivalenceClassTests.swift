import SCMGraphs
import Testing

/// All DAGs with up to five nodes, counted at each level of identity.
struct EquivalenceClassTests {
  /// Each pair of nodes is unlinked, or linked either way; the acyclic ones of these graphs.
  static func allGraphs(nodeCount n: Int) -> [AdjacencyMatrix] {
    let pairs = (0..<n).flatMap { i in (0..<i).map { (i, $0) } }
    let states = pairs.reduce(1) { product, _ in product * 3 }
    return (0..<states).compactMap { state in
      var graph = AdjacencyMatrix(nodeCount: n)
      var rest = state
      for (i, j) in pairs {
        if rest % 3 == 1 { graph[i, j] = true }
        if rest % 3 == 2 { graph[j, i] = true }
        rest /= 3
      }
      return (try? DirectedAcyclicGraph(graph))?.adjacency
    }
  }

  /// OEIS A003024, A007984 and A003087.
  @Test func classesAreAsManyAsTheTablesSay() throws {
    for count in try Vectors.load().counts {
      let graphs = Self.allGraphs(nodeCount: count.nodes)
      #expect(graphs.count == count.graphs, "\(count)")
      #expect(Set(graphs.map { $0.digest(level: .exact) }).count == count.graphs, "\(count)")
      #expect(Set(graphs.map { $0.digest(level: .mec) }).count == count.mec, "\(count)")
      #expect(Set(graphs.map { $0.digest(level: .iso) }).count == count.iso, "\(count)")
    }
  }

  /// Verma and Pearl's criterion written out.
  @Test func patternsAreEqualExactlyForEqualSkeletonsAndVStructures() {
    var patterns: [[[Int]]: AdjacencyMatrix] = [:]
    for graph in Self.allGraphs(nodeCount: 4) {
      let skeleton = graph.edges.map { [min($0.parent, $0.child), max($0.parent, $0.child)] }
      let key = skeleton.sorted { $0.lexicographicallyPrecedes($1) } + graph.vStructures
      if let pattern = patterns[key] { #expect(pattern == graph.pattern, "\(graph.edges)") }
      patterns[key] = graph.pattern
    }
    #expect(patterns.count == 185)
    #expect(Set(patterns.values).count == 185)
  }

  @Test func theMecAndTheIsoLevelAreCoarserThanTheExactOne() {
    let (chain, fork) = (
      AdjacencyMatrix(nodeCount: 3, edges: [(0, 1), (1, 2)]), AdjacencyMatrix(nodeCount: 3, edges: [(1, 0), (1, 2)])
    )
    #expect(chain.digest(level: .mec) == fork.digest(level: .mec))
    #expect(chain.digest(level: .mec) == chain.transposed.digest(level: .mec))
    #expect(chain.digest(level: .iso) != fork.digest(level: .iso))
    #expect(chain.digest(level: .iso) == chain.transposed.digest(level: .iso))
    #expect(chain.digest(level: .mec) != fork.transposed.digest(level: .mec))
  }
}
