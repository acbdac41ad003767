import SCMGraphs
import SCMRandom
import Testing

struct InterventionalCPDAGTests {
  /// A small graph as bits: bit i·n + j is the edge i → j.
  private struct Bits {
    let n: Int

    func bits(_ graph: AdjacencyMatrix) -> UInt32 {
      graph.edges.reduce(0) { $0 | 1 << UInt32($1.parent * n + $1.child) }
    }

    func skeleton(_ graph: UInt32) -> UInt32 {
      (0..<(n * n)).reduce(graph) { graph >> UInt32($1) & 1 == 1 ? $0 | 1 << UInt32($1 % n * n + $1 / n) : $0 }
    }

    /// The graph without the edges into some nodes.
    func cut(_ graph: UInt32, _ nodes: [Int]) -> UInt32 {
      nodes.reduce(graph) { graph, j in (0..<n).reduce(graph) { $0 & ~(1 << UInt32($1 * n + j)) } }
    }
  }

  /// Hauser and Bühlmann's theorem 10: the graphs of a class have one pattern, and for each regime, cut, one skeleton.
  private func classes(_ graphs: [AdjacencyMatrix], _ targets: [[Int]]) -> [[UInt32]: (
    union: UInt32, graphs: [AdjacencyMatrix]
  )] {
    var classes: [[UInt32]: (union: UInt32, graphs: [AdjacencyMatrix])] = [:]
    for graph in graphs {
      let b = Bits(n: graph.nodeCount)
      let bits = b.bits(graph)
      let key = [b.bits(graph.pattern)] + targets.map { b.skeleton(b.cut(bits, $0)) }
      classes[key, default: (0, [])].union |= bits
      classes[key, default: (0, [])].graphs.append(graph)
    }
    return classes
  }

  /// All DAGs with up to four nodes and all families of one or more of their single nodes and pairs.
  @Test(arguments: [2, 3]) func isTheUnionOfItsClass(nodeCount n: Int) {
    let graphs = EquivalenceClassTests.allGraphs(nodeCount: n)
    let choices = Array(0..<n).subsets.filter { 1...2 ~= $0.count }
    for chosen in Array(choices.indices).subsets { check(graphs, chosen.map { choices[$0] }) }
  }

  /// The same of four nodes, by a sample of the 1024 families: each single regime, each pair of them, and every 17th.
  @Test func isTheUnionOfItsClassOfFourNodes() {
    let graphs = EquivalenceClassTests.allGraphs(nodeCount: 4)
    let choices = Array(0..<4).subsets.filter { 1...2 ~= $0.count }
    for (number, chosen) in Array(choices.indices).subsets.enumerated() where chosen.count <= 2 || number % 17 == 0 {
      check(graphs, chosen.map { choices[$0] })
    }
  }

  private func check(_ graphs: [AdjacencyMatrix], _ targets: [[Int]]) {
    for (_, members) in classes(graphs, targets) {
      for graph in members.graphs {
        let found = Bits(n: graph.nodeCount).bits(graph.cpdag(targets: targets))
        #expect(found == members.union, "\(graph.edges), \(targets)")
      }
    }
  }

  /// Classes of five nodes, where rule 3 and longer chains of reasons come in.
  @Test func isTheUnionOfItsClassOfFiveNodes() {
    let graphs = EquivalenceClassTests.allGraphs(nodeCount: 5)
    for targets in [[], [[2]], [[0, 3], [4]]] { check(graphs, targets) }
  }

  /// Tried on every edge until nothing changes.
  @Test(arguments: [7, 20, 70]) func isWhatThePlainRulesGive(nodeCount: Int) throws {
    for (seed, graph) in try DirectedAcyclicGraph.random(nodeCount: nodeCount, count: 40).enumerated() {
      var words = TaskKey(seed: UInt64(seed)).words(purpose: .user)
      let targets = (0..<(seed % 4)).map { _ in Array(words.permutation(of: nodeCount).prefix(1 + seed % 3)) }
      let found = graph.adjacency.cpdag(targets: targets)
      #expect(found == graph.adjacency.plainCPDAG(targets: targets), "seed \(seed): \(targets)")
      #expect(graph.adjacency.cpdag == graph.adjacency.plainCPDAG(targets: []), "seed \(seed)")
    }
  }

  @Test func aChainIsDirectedFromTheTargetOn() {
    let chain = AdjacencyMatrix(nodeCount: 4, edges: [(0, 1), (1, 2), (2, 3)])
    #expect(chain.cpdag(targets: [[1]]) == chain)
    #expect(
      chain.cpdag(targets: [[3]]) == AdjacencyMatrix(nodeCount: 4, edges: [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3)]))
    #expect(chain.cpdag(targets: [[0, 1, 2, 3]]) == chain.cpdag)
    #expect(chain.cpdag(targets: [[]]) == chain.cpdag)
    #expect(chain.cpdag(targets: (0..<4).map { [$0] }) == chain)
  }
}

extension AdjacencyMatrix {
  /// Meek's rules 1 to 3 as they are written.
  fileprivate func plainCPDAG(targets: [[Int]]) -> AdjacencyMatrix {
    var graph = pattern
    for (a, b) in edges where targets.contains(where: { $0.contains(a) != $0.contains(b) }) { graph[b, a] = false }
    var changed = true
    while changed {
      changed = false
      for (a, b) in graph.edges where graph[b, a] && graph[a, b] && graph.isForced(a, b) {
        graph[b, a] = false
        changed = true
      }
    }
    return graph
  }

  /// Whether an undirected edge a − b must be a → b, lest a new v-structure or a cycle arise.
  private func isForced(_ a: Int, _ b: Int) -> Bool {
    func directed(_ i: Int, _ j: Int) -> Bool { self[i, j] && !self[j, i] }
    func undirected(_ i: Int, _ j: Int) -> Bool { self[i, j] && self[j, i] }
    var parents: [Int] = []
    for c in 0..<nodeCount where c != a && c != b {
      // Rule 1: c → a − b with c and b not adjacent. Rule 2: a → c → b.
      if directed(c, a), !isAdjacent(c, b) { return true }
      if directed(a, c), directed(c, b) { return true }
      if undirected(a, c), directed(c, b) { parents.append(c) }
    }
    // Rule 3: a − c → b ← d − a with c and d not adjacent.
    for (index, c) in parents.enumerated() {
      for d in parents.dropFirst(index + 1) where !isAdjacent(c, d) { return true }
    }
    return false
  }
}
