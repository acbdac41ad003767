extension AdjacencyMatrix {
  /// The nodes of a cycle in the order of its edges, beginning with its smallest label; `nil` where the graph is a DAG.
  ///
  /// A node that is its own parent is a cycle of one.
  ///
  /// - Complexity: O(n²) time for n nodes.
  public var cycle: [Int]? {
    let parents = parents
    var missing = parents.counts
    var free = missing.indices.filter { missing[$0] == 0 }
    while let node = free.popLast() {
      forEachChild(of: node) { child in
        missing[child] -= 1
        if missing[child] == 0 { free.append(child) }
      }
    }
    guard var node = missing.firstIndex(where: { $0 > 0 }) else { return nil }
    // Each node that is left has a parent that is left, so that a walk upwards comes back to where it was.
    var step = [Int](repeating: -1, count: nodeCount)
    var walk: [Int] = []
    while step[node] < 0 {
      step[node] = walk.count
      walk.append(node)
      guard let parent = parents[node].first(where: { missing[$0] > 0 }) else { return nil }
      node = parent
    }
    let found = Array(walk[step[node]...].reversed())
    guard let least = found.indices.min(by: { found[$0] < found[$1] }) else { return nil }
    return Array(found[least...] + found[..<least])
  }

  /// A cycle as a sentence says it: "3 -> 4 -> 3". Long ones are cut.
  ///
  /// - Parameter name: of a node.
  package static func words(ofCycle cycle: [Int], _ name: (Int) -> String = { "\($0)" }) -> String {
    let shown = cycle.prefix(12).map(name) + (cycle.count > 12 ? ["..."] : []) + cycle.prefix(1).map(name)
    return shown.joined(separator: " -> ")
  }
}
