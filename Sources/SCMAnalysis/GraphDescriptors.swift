public import SCMGraphs

/// Numbers about one graph that no renaming of its nodes changes.
public struct GraphDescriptors: Sendable {
  public let nodeCount: Int
  public let edgeCount: Int
  /// `inDegrees[k]`: how many nodes have k parents.
  public let inDegrees: [Int]
  public let outDegrees: [Int]
  /// Of parents and children together.
  public let degrees: [Int]
  /// Nodes without parents.
  public let rootCount: Int
  /// Nodes without children.
  public let leafCount: Int
  /// Edges of the longest directed path.
  public let depth: Int
  /// Pairs of parents of one child that are not adjacent.
  public let vStructureCount: Int
  /// Closed triples over all connected triples of the skeleton; 0 without triples.
  public let transitivity: Double
  /// Ascending eigenvalues of the skeleton's normalised Laplacian I − D^(−½)·S·D^(−½); a node without neighbours has a row of 0.
  ///
  /// Source: Chung, "Spectral graph theory", AMS 1997.
  public let spectrum: [Double]

  public init(_ graph: DirectedAcyclicGraph) {
    let n = graph.nodeCount
    let parents = graph.adjacency.parents
    let children = (0..<n).map { graph.adjacency.children(of: $0) }
    let neighbours = (0..<n).map { Set(parents[$0] + children[$0]) }
    nodeCount = n
    edgeCount = graph.edgeCount
    inDegrees = Self.histogram(parents.map(\.count), nodeCount: n)
    outDegrees = Self.histogram(children.map(\.count), nodeCount: n)
    degrees = Self.histogram(neighbours.map(\.count), nodeCount: n)
    rootCount = inDegrees[0]
    leafCount = outDegrees[0]
    var depths = [Int](repeating: 0, count: n)
    for node in graph.topologicalOrder {
      for child in children[node] { depths[child] = max(depths[child], depths[node] + 1) }
    }
    depth = depths.max() ?? 0
    var (vStructures, closed, triples) = (0, 0, 0)
    for node in 0..<n {
      for (index, first) in parents[node].enumerated() {
        for second in parents[node].dropFirst(index + 1) where !neighbours[first].contains(second) { vStructures += 1 }
      }
      let around = neighbours[node].sorted()
      triples += around.count * (around.count - 1) / 2
      for (index, first) in around.enumerated() {
        for second in around.dropFirst(index + 1) where neighbours[first].contains(second) { closed += 1 }
      }
    }
    vStructureCount = vStructures
    transitivity = triples > 0 ? Double(closed) / Double(triples) : 0
    spectrum = Self.spectrum(neighbours)
  }

  /// ``spectrum`` alone.
  ///
  /// - Complexity: O(n³).
  public static func spectrum(of graph: AdjacencyMatrix) -> [Double] {
    spectrum((0..<graph.nodeCount).map { Set(graph.parents(of: $0) + graph.children(of: $0)) })
  }

  private static func spectrum(_ neighbours: [Set<Int>]) -> [Double] {
    let n = neighbours.count
    let scale = neighbours.map { $0.isEmpty ? 0 : 1 / Double($0.count).squareRoot() }
    var laplacian = [Double](repeating: 0, count: n * n)
    for node in 0..<n where !neighbours[node].isEmpty {
      laplacian[node * n + node] = 1
      for other in neighbours[node] { laplacian[node * n + other] = -scale[node] * scale[other] }
    }
    return symmetricEigenvalues(laplacian, count: n)
  }

  /// By name, as shares of what n nodes allow, so that graphs of several sizes compare.
  static let numbers: [(name: String, value: @Sendable (Self) -> Double)] = [
    ("density", { Double($0.edgeCount) / max($0.n * ($0.n - 1) / 2, 1) }),
    ("in_degree_sd", { Self.deviation($0.inDegrees) / $0.most }),
    ("out_degree_sd", { Self.deviation($0.outDegrees) / $0.most }),
    ("max_degree", { Double($0.largestDegree) / $0.most }),
    ("roots", { Double($0.rootCount) / max($0.n, 1) }),
    ("leaves", { Double($0.leafCount) / max($0.n, 1) }),
    ("depth", { Double($0.depth) / $0.most }),
    ("transitivity", { $0.transitivity }),
    ("v_structures", { Double($0.vStructureCount) / max($0.n * ($0.n - 1) * ($0.n - 2) / 6, 1) }),
    ("algebraic_connectivity", { $0.spectrum.count > 1 ? $0.spectrum[1] : 0 }),
  ]

  private var n: Double { Double(nodeCount) }
  /// Neighbours of a node.
  private var most: Double { max(n - 1, 1) }

  /// The names of ``vector``'s entries.
  public static let names = numbers.map { $0.name }

  /// The numbers as shares of what n nodes allow, so that graphs of several sizes compare.
  public var vector: [Double] { Self.numbers.map { $0.value(self) } }

  /// The most parents or children that a node has.
  public var largestDegree: Int {
    max(inDegrees.lastIndex { $0 > 0 } ?? 0, outDegrees.lastIndex { $0 > 0 } ?? 0)
  }

  private static func histogram(_ degrees: [Int], nodeCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: max(nodeCount, 1))
    for degree in degrees { counts[degree] += 1 }
    return counts
  }

  private static func deviation(_ histogram: [Int]) -> Double {
    let total = Double(histogram.reduce(0, +))
    guard total > 0 else { return 0 }
    let mean = histogram.enumerated().reduce(0) { $0 + Double($1.offset * $1.element) } / total
    let square = histogram.enumerated().reduce(0) { sum, entry in
      sum + Double(entry.element) * (Double(entry.offset) - mean) * (Double(entry.offset) - mean)
    }
    return (square / total).squareRoot()
  }
}
