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
