public import SCMFamilies
import SCMGraphs
import SCMRandom

/// Divergences of the edge laws of two Erdős–Rényi families of equal size, in closed form. They hold for labelled graphs as for
/// edge counts: a node's name and the order's count of a graph cancel.
public struct EdgeDivergence: Hashable, Sendable {
  /// KL(first ‖ second) = N·kl(p, q) over the N unordered pairs, and the other way.
  public let forward: Double
  public let backward: Double
  /// Jensen–Shannon divergence of the edge counts, at most log 2.
  public let jensenShannon: Double
  /// W₁ of the edge counts: N·|p − q|.
  public let wasserstein: Double

  public var jeffreys: Double { forward + backward }

  /// - Returns: `nil` where one is no plain Erdős–Rényi family or their sizes differ.
  public init?(_ first: SCMFamily, _ second: SCMFamily) {
    guard let a = first.config, let b = second.config, a.graphKind == ErdosRenyi.kind, b.graphKind == ErdosRenyi.kind,
      a.nodeCounts == b.nodeCounts, a.nodeCounts.count == 1, a.nodeCount > 1
    else { return nil }
    self.init(
      pairs: a.nodeCount * (a.nodeCount - 1) / 2, 2 * a.sparsity / Double(a.nodeCount - 1),
      2 * b.sparsity / Double(b.nodeCount - 1))
  }

  /// For edge probabilities p and q at so many pairs.
  public init(pairs: Int, _ p: Double, _ q: Double) {
    func term(_ x: Double, _ y: Double) -> Double {
      x == 0 ? 0 : (y == 0 ? .infinity : x * Elementary.log(x / y))
    }
    func divergence(_ x: Double, _ y: Double) -> Double { Double(pairs) * (term(x, y) + term(1 - x, 1 - y)) }
    forward = divergence(p, q)
    backward = divergence(q, p)
    wasserstein = Double(pairs) * abs(p - q)
    let (a, b) = (Self.binomial(pairs, p), Self.binomial(pairs, q))
    jensenShannon =
      zip(a, b).reduce(0) { sum, pair in
        let middle = (pair.0 + pair.1) / 2
        return sum + term(pair.0, middle) + term(pair.1, middle)
      } / 2
  }

  /// The probabilities of 0 … n successes.
  private static func binomial(_ n: Int, _ p: Double) -> [Double] {
    guard p > 0, p < 1 else { return (0...n).map { $0 == (p > 0 ? n : 0) ? 1 : 0 } }
    // Logarithms, term by term from k = 0.
    var log = Double(n) * Elementary.log(1 - p)
    let odds = Elementary.log(p) - Elementary.log(1 - p)
    return (0...n).map { k in
      defer { if k < n { log += Elementary.log(Double(n - k)) - Elementary.log(Double(k + 1)) + odds } }
      return Elementary.exp(log)
    }
  }
}
