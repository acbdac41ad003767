public import SCMBase
public import SCMRandom

/// Keeps each forward pair of a random node order with equal probability: G(n, p) with p = 2k/(n − 1).
///
///     let graph = try ErdosRenyi(edgesPerNode: 2).sample(nodeCount: 20, key: TaskKey(seed: 7))
///
/// The expected number of edges is k·n, the "ER-k" of the literature. Zero edges per node give the empty graph, (n − 1)/2
/// the complete one.
///
/// - Complexity: O(n²) time and space for n nodes.
public struct ErdosRenyi: GraphModel, Hashable {
  public static let kind = "erdos_renyi"
  public static let summary =
    "Keeps each forward pair of a random node order with equal probability (Erdős and Rényi 1959)."
  public var edgesPerNode = 2.0

  public init() {}

  public func check(nodeCount: Int) throws(ConfigError) {
    try checkPairs(nodeCount: nodeCount)
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    let keeps = Bernoulli(n > 1 ? 2 * edgesPerNode / Double(n - 1) : 0)
    return key.orderedPairs(nodeCount: n, keeping: keeps)
  }
}

extension TaskKey {
  /// The forward pairs that their own words keep, all with one probability. Pair t, in the order of rows, reads word t of the purpose
  /// `graph`.
  func orderedPairs(nodeCount n: Int, keeping: Bernoulli) -> [OrderedEdge] {
    var edges: [OrderedEdge] = []
    edges.reserveCapacity(4 * n)
    // The pairs of the row at hand, from one number up to another.
    var (from, rowStart, rowEnd) = (0, 0, n - 1)
    var first = 0
    unsafe forEachTile(ofWords: n * (n - 1) / 2, purpose: .graph) { words, size in
      unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: size) { kept in
        // Which pairs are kept nobody foresees, a processor neither: no branch.
        var count = 0
        for t in 0..<size {
          unsafe kept[count] = first + t
          unsafe count += keeping.holds(words[(t & 3) * blocksPerTile + t >> 2]) ? 1 : 0
        }
        for pair in 0..<count {
          let t = unsafe kept[pair]
          while t >= rowEnd {
            from += 1
            (rowStart, rowEnd) = (rowEnd, rowEnd + n - 1 - from)
          }
          edges.append(OrderedEdge(from: from, to: from + 1 + t - rowStart))
        }
      }
      first += size
    }
    return edges
  }

  /// The forward pairs that their own words keep. Pair t, in the order of rows, reads word t of the purpose `graph`.
  @inline(__always)
  func orderedPairs(nodeCount n: Int, keeping: (Int, Int) -> Bernoulli) -> [OrderedEdge] {
    var edges: [OrderedEdge] = []
    edges.reserveCapacity(4 * n)
    var (from, to) = (0, 1)
    unsafe forEachTile(ofWords: n * (n - 1) / 2, purpose: .graph) { words, size in
      for t in 0..<size {
        if unsafe keeping(from, to).holds(words[(t & 3) * blocksPerTile + t >> 2]) {
          edges.append(OrderedEdge(from: from, to: to))
        }
        to += 1
        if to == n { (from, to) = (from + 1, from + 2) }
      }
    }
    return edges
  }
}
