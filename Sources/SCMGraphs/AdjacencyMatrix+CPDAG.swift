extension AdjacencyMatrix {
  /// The completed partially directed graph of this DAG's Markov equivalence class: an edge is directed where all its members agree,
  /// and stands in both directions where they don't.
  ///
  /// Source: Meek, "Causal inference and causal explanation with background knowledge", UAI 1995: rules 1 to 3 on the pattern.
  ///
  /// - Complexity: O(edges · n²) for each round, of which there are at most as many as edges; few in practice.
  public var cpdag: AdjacencyMatrix {
    var graph = pattern
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
    func adjacent(_ i: Int, _ j: Int) -> Bool { self[i, j] || self[j, i] }
    var parents: [Int] = []
    for c in 0..<nodeCount where c != a && c != b {
      // Rule 1: c → a − b with c and b not adjacent. Rule 2: a → c → b.
      if directed(c, a), !adjacent(c, b) { return true }
      if directed(a, c), directed(c, b) { return true }
      if undirected(a, c), directed(c, b) { parents.append(c) }
    }
    // Rule 3: a − c → b ← d − a with c and d not adjacent.
    for (index, c) in parents.enumerated() {
      for d in parents.dropFirst(index + 1) where !adjacent(c, d) { return true }
    }
    return false
  }
}
