import SCMBase
public import SCMGraphs

/// The sortability of a score, which says how well it orders the nodes as the graph does: 1 where it grows along every directed path, 0 where it falls.
///
/// Pairs joined by a path of exactly k edges count once for each k; ties count half. `nil` without edges.
///
/// Scores that are equal but for rounding are tied, or it would decide: the variances of columns that were standardised in float32
/// differ by some 1e-7, and of two columns each explains the same of the other.
///
/// Source: Reisach, Seiler, Weichwald, "Beware of the simulated DAG!", NeurIPS 2021, section 3.1.
///
/// - Parameters:
///   - scored: the nodes that have a score, one truth value each; `nil` for all. Paths may lead through others.
///   - tolerance: scores that differ by at most this share of the larger one are tied.
/// - Complexity: O(n⁴/64) for n nodes.
public func sortability(
  of scores: [Double], in graph: AdjacencyMatrix, among scored: [Bool]? = nil, tolerance: Double = 1e-6
) -> Double? {
  let n = graph.nodeCount
  let children = (0..<n).map { graph.children(of: $0) }
  // `reached[i]`: the nodes at the end of a path of k edges from i.
  var reached = (0..<n).map { NodeSet(children[$0], nodeCount: n) }
  let direct = reached
  var (paths, ordered) = (0, 0.0)
  for _ in 1..<max(n, 2) {
    var (found, walked) = (0, 0)
    for i in 0..<n where !Interruption.isRequested {
      reached[i].forEach { j in
        walked += 1
        if let scored, !scored[i] || !scored[j] { return }
        found += 1
        let difference = scores[j] - scores[i]
        let isTied = abs(difference) <= tolerance * max(abs(scores[i]), abs(scores[j]))
        ordered += isTied ? 0.5 : (difference > 0 ? 1 : 0)
      }
    }
    guard walked > 0 else { break }
    paths += found
    reached = reached.map { set in
      guard !Interruption.isRequested else { return set }
      var next = NodeSet([], nodeCount: n)
      set.forEach { next.formUnion(direct[$0]) }
      return next
    }
  }
  return paths > 0 ? ordered / Double(paths) : nil
}

/// A set of nodes as bits.
private struct NodeSet {
  private var words: [UInt64]

  init(_ nodes: [Int], nodeCount: Int) {
    words = [UInt64](repeating: 0, count: (nodeCount + 63) / 64)
    for node in nodes { words[node >> 6] |= 1 << UInt64(node & 63) }
  }

  mutating func formUnion(_ other: NodeSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  func forEach(_ body: (Int) -> Void) {
    for (index, word) in words.enumerated() {
      var word = word
      while word != 0 {
        body(64 * index + word.trailingZeroBitCount)
        word &= word &- 1
      }
    }
  }
}
