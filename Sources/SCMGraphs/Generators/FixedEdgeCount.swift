public import SCMBase
public import SCMRandom

/// G(n, M): a uniformly random set of M forward pairs of a random node order.
///
/// M is `edgesPerNode * nodeCount`; where that is not an integer, each graph takes one of the two neighbours so that the
/// expected number of edges is exact.
///
/// - Complexity: O(n²) time for n nodes.
public struct FixedEdgeCount: GraphModel, Hashable {
  public static let kind = "fixed_edge_count"
  public static let summary =
    "A uniformly random set of exactly M = sparsity_param * n_nodes forward pairs of a random node order: the model G(n, M) of "
    + "Erdős and Rényi 1959. Where that is no whole number, M is one of the two next to it, with the right mean."
  public var edgesPerNode = 2.0

  public init() {}

  public func check(nodeCount: Int) throws(ConfigError) {
    try checkPairs(nodeCount: nodeCount)
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    let pairs = n * (n - 1) / 2
    let count = IntegerSteps(wanted: edgesPerNode * Double(n), steps: 0...pairs) { Double($0) }.pick(key)
    var words = key.words(purpose: .graph)
    var edges: [OrderedEdge] = []
    edges.reserveCapacity(count)
    // Selection sampling (Knuth, volume 2, algorithm S): each pair is taken with probability (still needed)/(still left).
    var left = pairs
    for from in 0..<n {
      for to in (from + 1)..<max(n, from + 1) where edges.count < count {
        if words.next(below: left) < count - edges.count { edges.append(OrderedEdge(from: from, to: to)) }
        left -= 1
      }
    }
    return edges
  }
}
