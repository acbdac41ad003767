public import SCMBase
public import SCMRandom

/// Small worlds: a ring on which each node is linked to its nearest neighbours, with some links rewired.
///
/// A ring with m neighbours on either side has n·m edges, and rewiring keeps them. For densities between, m is drawn per graph
/// so that the expected number of edges is exactly `edgesPerNode * nodeCount`. Edges point along a random order that is
/// independent of the ring.
///
/// Source: Watts and Strogatz, "Collective dynamics of 'small-world' networks", Nature 393 (1998).
///
/// - Complexity: O(n²) space, O(n·m) expected time.
public struct WattsStrogatz: GraphModel, Hashable {
  public static let kind = "watts_strogatz"
  public static let summary =
    "A ring of near neighbours with some links rewired, along a random node order (Watts and Strogatz 1998). A node is linked to m others "
    + "on either side; where sparsity_param is no whole number, m is drawn per task from the two next to it, with the right mean."
  public var edgesPerNode: Double
  /// The probability that a link is rewired.
  public var rewiring: Double

  public init() { self.init(edgesPerNode: 2) }

  public init(edgesPerNode: Double, rewiring: Double = 0.3) {
    self.edgesPerNode = edgesPerNode
    self.rewiring = rewiring
  }

  public var fields: [Field<Self>] {
    [
      .number(
        "watts_strogatz_rewiring", \.rewiring, in: .from(0, to: 1), "Probability that a link of the ring is rewired.")
    ]
  }

  public func check(nodeCount n: Int) throws(ConfigError) {
    try checkDensity(
      nodeCount: n, most: Double((n - 1) / 2), because: "a ring links each node to m neighbours on either side, m < n/2"
    )
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    let m = IntegerSteps(wanted: edgesPerNode * Double(n), steps: 0...((n - 1) / 2)) { Double(n * $0) }.pick(key)
    let rewires = Bernoulli(rewiring)
    var words = key.words(purpose: .graph)
    var links = AdjacencyMatrix(nodeCount: n)
    func link(_ a: Int, _ b: Int, _ value: Bool) {
      links[a, b] = value
      links[b, a] = value
    }
    for step in 1..<(m + 1) { for node in 0..<n { link(node, (node + step) % n, true) } }
    var degrees = [Int](repeating: 2 * m, count: n)
    for step in 1..<(m + 1) {
      for node in 0..<n {
        let old = (node + step) % n
        let word = words.next64()
        guard rewires.holds(UInt32(truncatingIfNeeded: word >> 32)), degrees[node] < n - 1 else { continue }
        // Uniform among the nodes that this one is not linked to, in the order of labels.
        var skip = words.next(below: n - 1 - degrees[node])
        let free = (0..<n).first { candidate in
          guard candidate != node, !links[node, candidate] else { return false }
          defer { skip -= 1 }
          return skip == 0
        }
        guard let free else { continue }
        link(node, old, false)
        link(node, free, true)
        degrees[old] -= 1
        degrees[free] += 1
      }
    }
    return links.oriented(alongRandomOrderOf: key)
  }
}

extension AdjacencyMatrix {
  /// The edges of a symmetric matrix, pointing along a random order (purpose BLOCKS) that is independent of the labels.
  func oriented(alongRandomOrderOf key: TaskKey) -> [OrderedEdge] {
    var words = key.words(purpose: .blocks)
    let place = words.permutation(of: nodeCount)
    return edges.compactMap { a, b in
      a < b ? OrderedEdge(from: min(place[a], place[b]), to: max(place[a], place[b])) : nil
    }
  }
}
