public import SCMBase
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
  public static let summary =
    "Attaches each new node by m edges to earlier ones in proportion to their degree (Barabási and Albert 1999), m(n - m) edges in all; "
    + "m is drawn per task from the two whole numbers whose densities lie next to sparsity_param, with the right mean."

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
  /// A node is chosen with probability proportional to its degree to this power; 1 is Barabási and Albert's.
  public var power: Double

  public init() { self.init(edgesPerNode: 2) }

  public init(edgesPerNode: Double, orientation: Orientation = .out, power: Double = 1) {
    self.edgesPerNode = edgesPerNode
    self.orientation = orientation
    self.power = power
  }

  public var fields: [Field<Self>] {
    [
      .choice(
        "scale_free_orientation", \.orientation,
        "Direction of scale-free edges: out (old to new, hubs have many children), in (hubs have many parents) or random."
      ),
      .number(
        "scale_free_power", \.power, in: .from(0, to: 3),
        "A scale-free node is chosen with probability proportional to its degree to this power."),
    ]
  }

  public func check(nodeCount n: Int) throws(ConfigError) {
    try checkDensity(
      nodeCount: n, most: Double((n / 2) * (n - n / 2)) / Double(n),
      because: "m edges per new node give m(n - m) edges, at most with m = n/2")
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    let steps = IntegerSteps(wanted: edgesPerNode * Double(n), steps: 0...(n / 2)) { Double($0 * (n - $0)) }
    let edges = attach(steps.pick(key), nodeCount: n, key: key)
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
    var preference = Preference(star: m, power: power)
    var words = key.words(purpose: .graph)
    for node in (m + 1)..<n {
      var targets: [Int] = []
      while targets.count < m {
        // A repeated choice is redrawn. The bound, never reached by a working generator, keeps a broken one finite: then
        // the lowest unused node is taken.
        var target = preference.pick(&words)
        var tries = 0
        while targets.contains(target) {
          target = tries < 10_000 ? preference.pick(&words) : (target + 1) % node
          tries += 1
        }
        targets.append(target)
      }
      edges += targets.map { OrderedEdge(from: $0, to: node) }
      preference.link(node, to: targets)
    }
    return edges
  }
}

/// The choice of a node by its degree.
private struct Preference {
  private let power: Double
  /// For power 1: each node stands here once per edge it has, so that a uniform choice is one by degree.
  private var ends: [Int]
  private var degrees: [Int]
  /// For other powers: integers, 4096 for degree 1, so that their sum is exact. At most 2048 nodes of degree 2048 to the 3rd fit in Int.
  private var weights: [Int]
  private var total: Int

  /// A star: node 0 linked to 1 ... m.
  init(star m: Int, power: Double) {
    self.power = power
    ends = [Int](repeating: 0, count: m) + (1...m)
    degrees = [m] + [Int](repeating: 1, count: m)
    weights = degrees.map { Self.weight($0, power) }
    total = weights.reduce(0, +)
  }

  private static func weight(_ degree: Int, _ power: Double) -> Int {
    Int(4096 * Elementary.pow(Double(degree), power))
  }

  mutating func link(_ node: Int, to targets: [Int]) {
    for target in targets { degrees[target] += 1 }
    degrees.append(targets.count)
    guard power != 1 else {
      ends += targets
      ends += repeatElement(node, count: targets.count)
      return
    }
    weights.append(0)
    for changed in targets + [node] {
      total -= weights[changed]
      weights[changed] = Self.weight(degrees[changed], power)
      total += weights[changed]
    }
  }

  func pick(_ words: inout WordSequence) -> Int {
    guard power != 1 else { return ends[words.next(below: ends.count)] }
    var left = words.next(below: total)
    for (node, weight) in weights.enumerated() {
      if left < weight { return node }
      left -= weight
    }
    return weights.count - 1
  }
}
