import SCMBase

extension DirectedAcyclicGraph {
  /// Which node is an ancestor of which: `ancestors[i, j]` is true where a directed path leads from i to j. No node is its own ancestor.
  ///
  /// Row i holds the descendants of i, column j the ancestors of j: the transitive closure of the graph.
  ///
  /// - Complexity: O(edges · n/64).
  public var ancestors: AdjacencyMatrix {
    var ancestors = adjacency
    // From the last node on, so that a child's row is complete before a parent takes it over.
    for node in topologicalOrder.reversed() {
      adjacency.forEachChild(of: node) { ancestors.addChildren(of: $0, to: node) }
    }
    return ancestors
  }
}

extension AdjacencyMatrix {
  /// Whether each node can be reached from some along directed edges; those themselves can. The transposed graph gives what reaches them.
  package func isReached(from nodes: [Int]) -> [Bool] {
    var isReached = [Bool](equal: false, count: nodeCount)
    var waiting: [Int] = []
    waiting.reserveCapacity(nodeCount)
    for node in nodes where !isReached[node] {
      isReached[node] = true
      waiting.append(node)
    }
    while let node = waiting.popLast() {
      forEachChild(of: node) {
        guard !isReached[$0] else { return }
        isReached[$0] = true
        waiting.append($0)
      }
    }
    return isReached
  }
}
