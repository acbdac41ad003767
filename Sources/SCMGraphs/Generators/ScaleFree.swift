public import SCMConfiguration
public import SCMRandom

/// Barabási–Albert graphs: each new node attaches to m earlier ones, chosen by their degree.
///
/// A graph with m has exactly m(n − m) edges. For the densities between, m is drawn per graph from the two neighbouring
/// integers, with weights that make the expected number of edges exactly `edgesPerNode * nodeCount`.
///
///     let graph = try ScaleFree(edgesPerNode: 2, orientation: .in).sample(nodeCount: 20, key: TaskKey(seed: 7))
///
/// Source: Barabási and Albert, "Emergence of scaling in random networks", Science 286 (1999).
///
/// - Complexity: O(n·m) expected time.
public struct ScaleFree: GraphModel, Hashable {
  public static let kind = "scale_free"

  /// Which way the edges of the undirected process point.
  public enum Orientation: String, NamedChoice, Codable {
    /// Old → new: hubs have many children.
    case out
    /// New → old: hubs have many parents.
    case `in`
    /// Along a random order that is independent of the process.
    case random
  }

  public var edgesPerNode: Double
  public var orientation: Orientation

  public init() { self.init(edgesPerNode: 2) }

  public init(edgesPerNode: Double, orientation: Orientation = .out) {
    self.edgesPerNode = edgesPerNode
    self.orientation = orientation
  }

  public mutating func visitFields(_ visitor: inout some FieldVisitor) throws(ConfigError) {
    try visitor.choice(
      "scale_free_orientation", &orientation,
      "Direction of scale-free edges: out (old to new, hubs have many children), in (hubs have many parents) or random."
    )
  }

  public func check(nodeCount n: Int) throws(ConfigError) {
    try checkDensity(
      nodeCount: n, most: Double((n / 2) * (n - n / 2)) / Double(n),
      because: "m edges per new node give m(n - m) edges, at most with m = n/2")
  }

  /// The smaller m, and the probability of m + 1.
  func attachments(nodeCount n: Int) -> (least: Int, more: Double) {
    let wanted = edgesPerNode * Double(n)
    func edges(_ m: Int) -> Double { Double(m * (n - m)) }
    var m = 0
    while m + 1 <= n / 2, edges(m + 1) <= wanted { m += 1 }
    guard m + 1 <= n / 2 else { return (m, 0) }
    return (m, (wanted - edges(m)) / (edges(m + 1) - edges(m)))
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    let (least, more) = attachments(nodeCount: n)
    // The choice of m reads site 1, so that the process itself reads the same words for either.
    var coin = key.words(site: 1, purpose: .graph)
    let m = least + (Double(unit: coin.next64()) < more ? 1 : 0)
    let edges = attach(m, nodeCount: n, key: key)
    switch orientation {
    case .out: return edges
    case .in: return edges.map { OrderedEdge(from: n - 1 - $0.to, to: n - 1 - $0.from) }
    case .random:
      var words = key.words(purpose: .blocks)
      let place = words.permutation(of: n)
      return edges.map { edge in
        let (a, b) = (place[edge.from], place[edge.to])
        return OrderedEdge(from: min(a, b), to: max(a, b))
      }
    }
  }

  /// Edges old → new of the process, starting from a star on m + 1 nodes.
  private func attach(_ m: Int, nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    guard m > 0 else { return [] }
    var edges = (1...m).map { OrderedEdge(from: 0, to: $0) }
    // Each node stands here once per edge it has, so a uniform choice is one by degree.
    var ends = [Int](repeating: 0, count: m) + (1...m)
    var words = key.words(purpose: .graph)
    for node in (m + 1)..<n {
      var targets: [Int] = []
      while targets.count < m {
        var index = words.next(below: ends.count)
        // A repeated choice is redrawn. The bound, never reached by a working generator, keeps a broken one finite: then
        // the next unused end is taken.
        var tries = 0
        while targets.contains(ends[index]) {
          index = tries < 10_000 ? words.next(below: ends.count) : (index + 1) % ends.count
          tries += 1
        }
        targets.append(ends[index])
      }
      edges += targets.map { OrderedEdge(from: $0, to: node) }
      ends += targets
      ends += repeatElement(node, count: m)
    }
    return edges
  }
}
