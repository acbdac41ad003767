public import SCMBase
public import SCMRandom

/// The node at place i of a random order takes min(i, m) parents, uniformly among those before it.
///
/// A graph with m has exactly m·n − m(m + 1)/2 edges. For the densities between, m is drawn per graph so that the expected
/// number of edges is exactly `edgesPerNode * nodeCount`.
///
/// Source: the `uniform_indegree` graphs of Ormaniec, Sussex, Lorch, Schölkopf, Krause, "Standardizing structural causal models",
/// ICLR 2025.
///
/// - Complexity: O(n·m) time.
public struct FixedInDegree: GraphModel, Hashable {
  public static let kind = "fixed_in_degree"
  public static let summary =
    "Each node takes the same number of parents among those before it in a random order, as far as there are so many: the "
    + "uniform_indegree graphs of Ormaniec et al., \"Standardizing structural causal models\", ICLR 2025. m parents give "
    + "m n - m(m + 1)/2 edges; m is drawn per task from the two whole numbers whose densities lie next to sparsity_param, with the right "
    + "mean."
  public var edgesPerNode = 2.0

  public init() {}

  public func check(nodeCount n: Int) throws(ConfigError) {
    try checkDensity(nodeCount: n, most: Double(n - 1) / 2, because: "with m = n - 1 parents every pair is linked")
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    let m = IntegerSteps(wanted: edgesPerNode * Double(n), steps: 0...(n - 1)) {
      Double($0 * n) - Double($0 * ($0 + 1)) / 2
    }.pick(key)
    var words = key.words(purpose: .graph)
    return (0..<n).flatMap { node in
      words.subset(of: node, count: min(node, m)).map { OrderedEdge(from: $0, to: node) }
    }
  }
}

extension WordSequence {
  /// A uniformly random subset of 0 ..< total, ascending (Floyd's algorithm: one draw for each element).
  mutating func subset(of total: Int, count: Int) -> [Int] {
    var chosen: Set<Int> = []
    for last in (total - count)..<total {
      let candidate = next(below: last + 1)
      chosen.insert(chosen.contains(candidate) ? last : candidate)
    }
    return chosen.sorted()
  }
}
