import SCMBase

extension AdjacencyMatrix {
  /// The completed partially directed graph of this DAG's Markov equivalence class: an edge is directed where all its members agree,
  /// and stands in both directions where they don't.
  ///
  /// Source: Meek, "Causal inference and causal explanation with background knowledge", UAI 1995: rules 1 to 3 on the pattern.
  ///
  /// - Complexity: as ``pattern``, then O(n/64) for each edge and each pair of edges − that meets a directed one; few in practice.
  public var cpdag: AdjacencyMatrix { cpdag(targets: []) }

  /// The interventional essential graph (I-CPDAG): what observational rows and rows under interventions on known targets tell of this
  /// DAG. An edge is directed where all DAGs agree that no such rows tell from it, and stands in both directions where they don't.
  ///
  ///     // 0 → 1 → 2 is directed from the cut on, once node 1 has been intervened on.
  ///     graph.cpdag(targets: [[1]])
  ///
  /// - Parameter targets: the nodes that each regime intervenes on, in any order: `[[0], [2, 3]]` are two regimes. An intervention
  ///   cuts all edges into its targets. The observational regime is always counted in, so that none changes nothing; it tells
  ///   no more than they do where each node is left alone by one of them.
  ///
  /// - Precondition: targets are nodes of the graph.
  ///
  /// Source: Hauser and Bühlmann, "Characterization and greedy learning of interventional Markov equivalence classes of directed
  /// acyclic graphs", JMLR 13 (2012): theorem 10, by which a regime directs the edges between its targets and other nodes, and
  /// theorem 18, whose strongly protected arrows follow from these and the v-structures by Meek's rules 1 to 3.
  ///
  /// - Complexity: as ``cpdag``, and the targets' edges.
  public func cpdag(targets: [[Int]]) -> AdjacencyMatrix {
    var closure = MeekClosure(of: pattern)
    let parents = targets.isEmpty ? nil : parents
    var isTarget = [Bool](repeating: false, count: nodeCount)
    for nodes in targets {
      requireInRelease(nodes.allSatisfy(isTarget.indices.contains), "A target must be a node of the graph.")
      for node in nodes { isTarget[node] = true }
      for node in nodes {
        forEachChild(of: node) { if !isTarget[$0] { closure.direct(node, $0) } }
        for parent in parents?[node] ?? [] where !isTarget[parent] { closure.direct(parent, node) }
      }
      for node in nodes { isTarget[node] = false }
    }
    closure.close()
    return closure.graph
  }
}

/// Directs edges that stand in both directions where the directed ones force them, by Meek's rules 1 to 3.
///
/// The rules follow each edge that is directed to what it forces, a word of 64 nodes at a time; the tests hold it against the rules
/// tried on every edge until nothing changes.
private struct MeekClosure {
  private(set) var graph: AdjacencyMatrix
  private var reversed: AdjacencyMatrix
  private var news: [(parent: Int, child: Int)]

  init(of graph: AdjacencyMatrix) {
    self.graph = graph
    reversed = graph.transposed
    news = graph.edges.filter { !graph[$0.child, $0.parent] }
  }

  /// Makes a − b into a → b; a → b stays.
  mutating func direct(_ a: Int, _ b: Int) {
    guard graph[b, a] else { return }
    graph[b, a] = false
    reversed[a, b] = false
    news.append((a, b))
  }

  mutating func close() {
    while let (a, b) = news.popLast() {
      for w in 0..<graph.wordsPerRow {
        // Rule 1: a → b − z with a and z not adjacent.
        forEach(undirected(b, w) & ~adjacent(a, w), w) { $0.direct(b, $1) }
        // Rule 2, with the new edge first or last: a → b → z with a − z, and z → a → b with z − b.
        forEach(children(b, w) & undirected(a, w), w) { $0.direct(a, $1) }
        forEach(parents(a, w) & undirected(b, w), w) { $0.direct($1, b) }
        // Rule 3: a → b ← d and z − a, z − b, z − d with a and d not adjacent.
        forEach(undirected(a, w) & undirected(b, w), w) { if $0.hasOther(of: a, b, $1) { $0.direct($1, b) } }
      }
    }
  }

  /// Whether there is a node d ≠ a with d → b and d − z that isn't adjacent to a.
  private func hasOther(of a: Int, _ b: Int, _ z: Int) -> Bool {
    (0..<graph.wordsPerRow).contains { w in
      var found = parents(b, w) & undirected(z, w) & ~adjacent(a, w)
      if a >> 6 == w { found &= ~(1 << UInt64(a & 63)) }
      return found != 0
    }
  }

  private mutating func forEach(_ nodes: UInt64, _ w: Int, _ body: (inout Self, Int) -> Void) {
    var left = nodes
    while left != 0 {
      body(&self, 64 * w + left.trailingZeroBitCount)
      left &= left &- 1
    }
  }

  private func out(_ node: Int, _ w: Int) -> UInt64 { graph.words[node * graph.wordsPerRow + w] }
  private func into(_ node: Int, _ w: Int) -> UInt64 { reversed.words[node * graph.wordsPerRow + w] }
  private func undirected(_ node: Int, _ w: Int) -> UInt64 { out(node, w) & into(node, w) }
  private func adjacent(_ node: Int, _ w: Int) -> UInt64 { out(node, w) | into(node, w) }
  private func children(_ node: Int, _ w: Int) -> UInt64 { out(node, w) & ~into(node, w) }
  private func parents(_ node: Int, _ w: Int) -> UInt64 { into(node, w) & ~out(node, w) }
}
