import SCMGraphs
import SCMMechanisms
import SCMRandom

/// Shares of each node's variance that its parents and its noise account for, measured on rows.
///
/// The variance of a node with classes is that of the vector which is 1 at its class and else 0: the probability that two rows have
/// different classes, halved with the squared difference of two such vectors. Its signal share is the τ of Goodman and Kruskal,
/// "Measures of association for cross classifications", JASA 49 (1954).
public struct MeasuredEffects: Sendable {
  /// Var(E[X | parents]) / Var(X) of each node: 0 where noise is all, 1 where there is none of it; `nil` for a root.
  public internal(set) var signalShares: [Double?]
  /// For each edge, by parent and then by child: √(½·E[(X − X′)²] / Var(X)), where X′ has the parent's value of another row and
  /// everything else the same. It is |weight|·sd(parent)/sd(child) where the mechanism is linear.
  public internal(set) var edges: [(parent: Int, child: Int, effect: Double)]
}

extension SCMInstance {
  /// Evaluates each mechanism again with other noise, and once more for each parent with that parent's values of other rows.
  ///
  /// Source: Jansen, "Analysis of variance designs for model output", Computer Physics Communications 117 (1999), whose total effect
  /// of an input this is, here under the parents' joint law.
  ///
  /// - Parameter rows: at least 2; the error falls with their root.
  /// - Complexity: as ``sample(_:draw:first:)`` for each parent of each node once more.
  /// - Throws: when a value is not finite, also one that no row has but its parents with other noise give, or there are fewer rows or more
  ///   than 2³⁴.
  public func measuredEffects(rows: Int, draw: UInt32 = 0) throws(SamplingError) -> MeasuredEffects {
    guard (2...Self.mostRows).contains(rows) else {
      throw SamplingError("rows", rows, "must be from 2 to \(Self.mostRows)")
    }
    let workspace = SamplingWorkspace()
    reserve(workspace)
    let stride = MechanismRows.stride
    var sums = (0..<nodeCount).map { NodeSums(classCount: valueKind(of: $0).classCount) }
    var edgeSums = parents.map { [Double](repeating: 0, count: $0.count) }
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * stride) { buffer in
      guard let again = buffer.baseAddress else { return }
      let kept = unsafe again + stride
      for first in Swift.stride(from: 0, to: rows, by: rowsPerTile) {
        let count = min(rowsPerTile, rows - first)
        let store = unsafe workspace.columns
        func run(_ node: Int, _ target: UnsafeMutablePointer<Float>, _ draw: UInt32) {
          unsafe evaluate(
            node, firstRow: first, count: count, from: store, stride: stride, into: target, workspace: workspace
          ) { ($0.purpose, draw) }
        }
        for node in topologicalOrder { unsafe run(node, store + node * stride, draw) }
        for node in topologicalOrder where !parents[node].isEmpty {
          let column = unsafe store + node * stride
          unsafe run(node, again, draw &+ 1)
          unsafe sums[node].add(column, again, count)
          for (index, parent) in parents[node].enumerated() {
            let source = unsafe store + parent * stride
            unsafe kept.update(from: source, count: stride)
            for r in 0..<count { unsafe source[r] = kept[(r + count / 2) % count] }
            unsafe run(node, again, draw)
            unsafe source.update(from: kept, count: stride)
            unsafe edgeSums[node][index] += sums[node].squaredDifference(column, again, count)
          }
        }
      }
    }
    // Other noise, or another row's parent, may give what no row has.
    for node in topologicalOrder where !sums[node].isFinite || !edgeSums[node].allSatisfy(\.isFinite) {
      throw notFinite(node)
    }
    let signalShares = sums.indices.map { parents[$0].isEmpty ? nil : sums[$0].signalShare }
    let effects = adjacency.edges.map { parent, child in
      let index = Array(parents[child]).firstIndex(of: parent) ?? 0
      return (parent: parent, child: child, effect: sums[child].effect(edgeSums[child][index]))
    }
    return MeasuredEffects(signalShares: signalShares, edges: effects)
  }

  /// Of a node's values with their own noise and with another's, under the same parents.
  private struct NodeSums {
    /// Rows by class; empty where the values are numbers.
    private var classes: [Double]
    private var count = 0.0
    private var sum = 0.0
    private var square = 0.0
    private var difference = 0.0

    init(classCount: Int) { classes = [Double](repeating: 0, count: classCount) }

    @unsafe
    mutating func add(_ own: UnsafePointer<Float>, _ other: UnsafePointer<Float>, _ rows: Int) {
      for r in 0..<rows {
        let value = unsafe Double(own[r])
        sum += value
        square += value * value
        if !classes.isEmpty, value.isFinite { classes[Int(value)] += 1 }
      }
      count += Double(rows)
      unsafe difference += squaredDifference(own, other, rows)
    }

    var isFinite: Bool { square.isFinite && difference.isFinite }

    private var variance: Double {
      guard classes.isEmpty else { return 1 - classes.reduce(0) { $0 + $1 / count * ($1 / count) } }
      return max(square / count - sum / count * (sum / count), 0)
    }

    var signalShare: Double {
      let noise = difference / (2 * count)
      return variance > 0 ? min(max(1 - noise / variance, 0), 1) : 0
    }

    func effect(_ squares: Double) -> Double {
      variance > 0 ? (squares / (2 * count) / variance).squareRoot() : 0
    }

    @unsafe
    func squaredDifference(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
      var sum = 0.0
      for r in 0..<count {
        let difference = unsafe Double(a[r]) - Double(b[r])
        // What is not finite stays so.
        sum += classes.isEmpty ? difference * difference : (difference == 0 ? 0 : 2 + (difference - difference))
      }
      return sum
    }
  }
}
