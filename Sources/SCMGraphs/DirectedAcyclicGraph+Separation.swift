import SCMBase

extension DirectedAcyclicGraph {
  /// Whether some nodes d-separate two others: every path between a and b has a node that blocks it, one of `others` that is no
  /// collider on it, or a collider none of whose descendants, itself included, is one of `others`.
  ///
  /// Source: Shachter, "Bayes-ball: the rational pastime", UAI 1998.
  ///
  /// - Parameter others: nodes apart from a and b.
  /// - Precondition: all are nodes of the graph, and a and b are two that aren't among the others.
  /// - Complexity: O(n²/64 + edges).
  public func isSeparated(_ a: Int, _ b: Int, given others: [Int]) -> Bool {
    let nodes = 0..<nodeCount
    requireInRelease(
      nodes.contains(a) && nodes.contains(b) && others.allSatisfy(nodes.contains), "A node must be one of the graph.")
    requireInRelease(
      a != b && !others.contains(a) && !others.contains(b), "The nodes that separate two are none of them.")
    let reversed = adjacency.transposed
    var isGiven = [Bool](repeating: false, count: nodeCount)
    for node in others { isGiven[node] = true }
    var cameFromParent = [Bool](repeating: false, count: nodeCount)
    var cameFromChild = cameFromParent
    var waiting: [(node: Int, fromParent: Bool)] = [(a, false)]
    while let (node, fromParent) = waiting.popLast() {
      guard !(fromParent ? cameFromParent[node] : cameFromChild[node]) else { continue }
      if fromParent { cameFromParent[node] = true } else { cameFromChild[node] = true }
      if node == b { return false }
      if !isGiven[node] { adjacency.forEachChild(of: node) { waiting.append(($0, true)) } }
      // At a collider the ball turns back only where it is given; a descendant that is turns it back on its way down.
      if fromParent == isGiven[node] {
        reversed.forEachChild(of: node) { waiting.append(($0, false)) }
      }
    }
    return true
  }
}
