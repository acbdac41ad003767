import SCMGraphs

extension MaximalAncestralGraph {
  /// Whether some nodes m-separate a and b: every path between the two has a node that blocks it.
  func isSeparated(_ a: Int, _ b: Int, given others: [Int]) -> Bool {
    let opening = openingColliders(others)
    // A node with whether the walk has come to it by an arrowhead; a and b themselves block nothing.
    var seen: Set<[Int]> = []
    var waiting = (0..<nodeCount).filter { self[a, $0] != .none }.map { [$0, self[a, $0] == .arrowhead ? 1 : 0] }
    while let step = waiting.popLast() {
      guard seen.insert(step).inserted else { continue }
      let node = step[0]
      if node == b { return false }
      for next in 0..<nodeCount where self[node, next] != .none {
        let isCollider = step[1] == 1 && self[next, node] == .arrowhead
        guard isCollider ? opening.contains(node) : !others.contains(node) else { continue }
        waiting.append([next, self[node, next] == .arrowhead ? 1 : 0])
      }
    }
    return true
  }

  /// The nodes with a directed path to one of those that are given, and these.
  private func openingColliders(_ others: [Int]) -> Set<Int> {
    var found = Set(others)
    var waiting = others
    while let node = waiting.popLast() {
      for parent in 0..<nodeCount where self[parent, node] == .arrowhead && self[node, parent] == .tail {
        if found.insert(parent).inserted { waiting.append(parent) }
      }
    }
    return found
  }
}
