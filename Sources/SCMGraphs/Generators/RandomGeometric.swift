public import SCMBase
public import SCMRandom

/// Points on the unit square, linked where they are nearer than a radius; edges point along a random order.
///
/// The radius is chosen so that the expected number of edges is `edgesPerNode * nodeCount`: two uniform points are within
/// r ≤ 1 of each other with probability πr² − 8r³/3 + r⁴/2.
///
/// Source: Penrose, "Random Geometric Graphs", Oxford 2003.
///
/// - Complexity: O(n²) time for n nodes.
public struct RandomGeometric: GraphModel, Hashable {
  public static let kind = "random_geometric"
  public static let summary =
    "Points on the unit square, linked where they are near, along a random node order (Penrose 2003)."
  public var edgesPerNode = 2.0

  public init() {}

  public func check(nodeCount n: Int) throws(ConfigError) {
    try checkDensity(
      nodeCount: n, most: Self.linkProbability(radius: 1) * Double(n - 1) / 2, because: "the radius is at most 1")
  }

  static func linkProbability(radius r: Double) -> Double {
    r * r * (Double.pi - 8 * r / 3 + r * r / 2)
  }

  /// The radius of the density, by bisection: a fixed number of steps, so the same bits everywhere.
  func radius(nodeCount n: Int) -> Double {
    guard n > 1 else { return 0 }
    let wanted = 2 * edgesPerNode / Double(n - 1)
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if Self.linkProbability(radius: middle) < wanted { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    let radius = radius(nodeCount: n)
    let points = (0..<n).map { index in
      let block = key.block(UInt32(index), purpose: .graph)
      return (x: Double(unit: block.word64(0)), y: Double(unit: block.word64(1)))
    }
    // Points are independent, so their index is a random order already.
    var edges: [OrderedEdge] = []
    for from in 0..<n {
      for to in (from + 1)..<max(n, from + 1) {
        let (dx, dy) = (points[from].x - points[to].x, points[from].y - points[to].y)
        if dx * dx + dy * dy < radius * radius { edges.append(OrderedEdge(from: from, to: to)) }
      }
    }
    return edges
  }
}
