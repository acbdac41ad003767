import SCMGraphs

extension AdjacencyMatrix {
  init(nodeCount: Int, edges: [(Int, Int)]) {
    self.init(nodeCount: nodeCount)
    for (parent, child) in edges { self[parent, child] = true }
  }

  /// The same graph with node i called `labels[i]`.
  func relabelled(_ labels: [Int]) -> AdjacencyMatrix {
    AdjacencyMatrix(nodeCount: nodeCount, edges: edges.map { (labels[$0.parent], labels[$0.child]) })
  }

  func isAdjacent(_ a: Int, _ b: Int) -> Bool { self[a, b] || self[b, a] }

  /// Triples whose three pairs are linked.
  var triangleCount: Int {
    edges.reduce(0) { sum, edge in sum + children(of: edge.child).count { self[edge.parent, $0] } }
  }

  /// Unshielded colliders a → c ← b, a < b.
  var vStructures: [[Int]] {
    (0..<nodeCount).flatMap { child -> [[Int]] in
      let parents = parents(of: child)
      return parents.flatMap { a in parents.filter { a < $0 && !isAdjacent(a, $0) }.map { [a, child, $0] } }
    }
  }
}
