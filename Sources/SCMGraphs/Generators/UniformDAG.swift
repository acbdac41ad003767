public import SCMBase
public import SCMRandom
import Synchronization

/// Every labelled DAG with the same probability.
///
/// Uniform DAGs are dense, about half of all pairs, and their density can't be chosen: `edgesPerNode` must be the mean of the
/// law, within a hundredth, so that one number means the same for every kind.
///
/// Source: Kuipers and Moffa, "Uniform random generation of large acyclic digraphs", Statistics and Computing 25 (2015).
///
/// - Complexity: O(n²) time per graph, after O(n³) once per process for n nodes.
public struct UniformDAG: GraphModel, Hashable {
  public static let kind = "uniform_dag"
  public static let summary =
    "Every labelled DAG with the same probability (Kuipers and Moffa 2015). The density can't be chosen: sparsity_param must be "
    + "the mean of the law; the error says which."
  /// Beyond, counting would take longer than a graph is worth.
  static let mostNodes = 128
  public var edgesPerNode = 2.0

  public init() {}

  /// The mean number of edges per node of the law.
  public static func meanEdgesPerNode(nodeCount n: Int) -> Double {
    n < 2 ? 0 : LayerCounts.upTo(n).meanEdges(nodeCount: n) / Double(n)
  }

  public func check(nodeCount n: Int) throws(ConfigError) {
    guard n <= Self.mostNodes else {
      throw ConfigError(
        path: "n_nodes", value: "\(n)", reason: "must be at most \(Self.mostNodes) for \(Self.kind) graphs")
    }
    let mean = Self.meanEdgesPerNode(nodeCount: n)
    guard abs(edgesPerNode - mean) <= 0.01 * mean else {
      throw ConfigError(
        path: "sparsity_param", value: "\(edgesPerNode)",
        reason:
          "must be \((mean * 1e4).rounded() / 1e4) for \(Self.kind) graphs of \(n) nodes, whose density can't be chosen"
      )
    }
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    guard n > 1 else { return [] }
    let counts = LayerCounts.upTo(n)
    var words = key.words(purpose: .graph)
    // Layers of nodes without parents, from the roots on; a later layer's nodes each have a parent in the layer before.
    var left = n
    var layers = [counts.drawFirst(nodeCount: n, Double(unit: words.next64()))]
    left -= layers[0]
    while left > 0 {
      let next = counts.drawNext(nodeCount: left, before: layers[layers.count - 1], Double(unit: words.next64()))
      layers.append(next)
      left -= next
    }
    var edges: [OrderedEdge] = []
    var start = 0
    for (index, size) in layers.enumerated() {
      defer { start += size }
      guard index > 0 else { continue }
      let previous = (start - layers[index - 1])..<start
      for node in start..<(start + size) {
        // A non-empty subset of the layer before, by redrawing the empty one; the bound, never reached by a working generator,
        // keeps a broken one finite.
        var parents: [Int] = []
        var tries = 0
        while parents.isEmpty, tries < 10_000 {
          parents = previous.filter { _ in words.next64() >> 63 == 1 }
          tries += 1
        }
        if parents.isEmpty { parents = [previous.lowerBound] }
        parents += (0..<previous.lowerBound).filter { _ in words.next64() >> 63 == 1 }
        edges += parents.map { OrderedEdge(from: $0, to: node) }
      }
    }
    return edges
  }
}

/// The numbers a(n, k) of labelled DAGs with n nodes, k of them roots, up to some n.
struct LayerCounts: Sendable {
  /// `counts[n][k]`, and the same weighted by the number of edges.
  private var counts: [[ScaledNumber]] = [[ScaledNumber(1)]]
  private var edges: [[ScaledNumber]] = [[ScaledNumber(0)]]

  /// Tables by the n that they reach to: a memo of pure values, so who asked first can't show in a result. Without a lock, which a
  /// process forked at the wrong moment would inherit shut.
  private static let known = (0...UniformDAG.mostNodes).map { _ in Memo() }

  private final class Memo: Sendable {
    let table = AtomicLazyReference<Table>()
  }

  private final class Table: Sendable {
    let counts: LayerCounts

    init(upTo n: Int) {
      var counts = LayerCounts()
      counts.extend(to: n)
      self.counts = counts
    }
  }

  static func upTo(_ n: Int) -> LayerCounts {
    guard n < known.count else { return Table(upTo: n).counts }
    let memo = known[n]
    return (memo.table.load() ?? memo.table.storeIfNil(Table(upTo: n))).counts
  }

  private init() {}

  /// a(n, k) = C(n, k) Σₛ (2ᵏ − 1)ˢ 2^(k(n − k − s)) a(n − k, s), with a(n, n) = 1.
  private mutating func extend(to last: Int) {
    for n in counts.count..<max(last + 1, counts.count) {
      var row = [ScaledNumber(0)]
      var edgeRow = [ScaledNumber(0)]
      var binomial = ScaledNumber(1)
      for k in 1...n {
        binomial = binomial * ScaledNumber(Double(n - k + 1) / Double(k))
        guard k < n else {
          row.append(ScaledNumber(1))
          edgeRow.append(ScaledNumber(0))
          continue
        }
        var (sum, edgeSum) = (ScaledNumber(0), ScaledNumber(0))
        for s in 1...(n - k) {
          let weight = Self.weight(roots: k, layer: s, nodes: n - k)
          sum = sum + weight * counts[n - k][s]
          // Edges inside the rest, and those from the roots: half of 2ᵏ − 1 non-empty subsets' k·2^(k−1) to each node of the
          // next layer, k/2 to each later one.
          let fromRoots = Double(s) * Self.meanOfNonEmptySubset(k) + Double(n - k - s) * Double(k) / 2
          edgeSum = edgeSum + weight * (edges[n - k][s] + ScaledNumber(fromRoots) * counts[n - k][s])
        }
        row.append(binomial * sum)
        edgeRow.append(binomial * edgeSum)
      }
      counts.append(row)
      edges.append(edgeRow)
    }
  }

  /// k·2^(k−1) / (2ᵏ − 1), the mean size of a non-empty subset of k.
  private static func meanOfNonEmptySubset(_ k: Int) -> Double {
    k > 60 ? Double(k) / 2 : Double(k) / 2 / (1 - Double(sign: .plus, exponent: -k, significand: 1))
  }

  /// (2ᵏ − 1)ˢ 2^(k(m − s)): the ways in which k roots feed a rest of m nodes whose own first layer has s.
  private static func weight(roots k: Int, layer s: Int, nodes m: Int) -> ScaledNumber {
    let subsets = k > 60 ? ScaledNumber.powerOfTwo(k) : ScaledNumber(Double(1 << k) - 1)
    return subsets.power(s) * .powerOfTwo(k * (m - s))
  }

  private func total(_ row: [ScaledNumber]) -> ScaledNumber { row.reduce(ScaledNumber(0)) { $0 + $1 } }

  func meanEdges(nodeCount n: Int) -> Double { .init(ScaledNumber.ratio(total(edges[n]), total(counts[n]))) }

  /// The number of roots among n nodes, by inversion at u.
  func drawFirst(nodeCount n: Int, _ u: Double) -> Int { pick(Array(counts[n].dropFirst()), u) }

  /// The size of the layer after one of k nodes, with m nodes left.
  func drawNext(nodeCount m: Int, before k: Int, _ u: Double) -> Int {
    pick((1...m).map { Self.weight(roots: k, layer: $0, nodes: m) * counts[m][$0] }, u)
  }

  /// The index, from 1, at which the running share passes u.
  private func pick(_ weights: [ScaledNumber], _ u: Double) -> Int {
    let all = total(weights)
    var sum = ScaledNumber(0)
    for (index, weight) in weights.enumerated() {
      sum = sum + weight
      if u < ScaledNumber.ratio(sum, all) { return index + 1 }
    }
    return weights.count
  }
}
