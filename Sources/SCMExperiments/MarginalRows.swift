import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

/// Rows of the SCM as it is, apart from those that are shown: each node's own law, for values and parents that are drawn from it, and
/// its mean and deviation.
final class MarginalRows {
  /// Row by row of each node that was asked for, from `starts[node]` on.
  private let values: [Float]
  private let starts: [Int]
  let count: Int
  private var moments: [(mean: Double, deviation: Double)?]

  /// - Parameters:
  ///   - nodes: those whose laws are read; what is no ancestor of one of them is not computed.
  ///   - count: how many; as many as the family calibrates with.
  init(of instance: SCMInstance, nodes: [Int], count: Int, workspace: SamplingWorkspace) throws(SamplingError) {
    let computed = instance.leads(to: nodes)
    let order = instance.topologicalOrder.filtered { computed[$0] }
    var starts = [Int](equal: -1, count: instance.nodeCount)
    var kept: [Int] = []
    for node in nodes where starts[node] < 0 {
      starts[node] = kept.count * count
      kept.append(node)
    }
    instance.reserve(workspace, columns: instance.nodeCount)
    var bad: Int?
    values = unsafe [Float](unsafeUninitializedCapacity: kept.count * count) { buffer, written in
      guard let base = buffer.baseAddress else { return }
      let columns = unsafe workspace.columns
      for first in stride(from: 0, to: count, by: rowsPerTile) {
        let rows = min(rowsPerTile, count - first)
        for node in order {
          unsafe instance.evaluate(
            node, firstRow: first, count: rows, from: columns, stride: MechanismRows.stride,
            into: columns + node * MechanismRows.stride, workspace: workspace
          ) { ($0.purpose, Self.draw) }
        }
        for node in order where bad == nil {
          let column = unsafe UnsafePointer(columns + node * MechanismRows.stride)
          if unsafe !isFinite(column, rows) { bad = node }
        }
        for node in kept {
          unsafe instance.show(
            node, columns + node * MechanismRows.stride, to: base + starts[node] + first, count: rows)
        }
      }
      written = kept.count * count
    }
    if let bad { throw instance.notFinite(bad) }
    (self.starts, self.count) = (starts, count)
    moments = starts.map { _ in nil }
  }

  /// A draw that no caller asks for: rows of their own.
  static let draw: UInt32 = 0xFFFF_FF00

  /// The data's value of a node in the row that a word chooses.
  func value(node: Int, word: UInt32) -> Float {
    values[starts[node] + Int((UInt64(word) * UInt64(count)) >> 32)]
  }

  /// The data's values of a node in rows that an address chooses.
  @unsafe
  func fill(
    _ out: UnsafeMutablePointer<Float>, node: Int, rows: Range<Int>, address: InterventionValues.Address
  ) {
    unsafe address.key.forEachTile(ofRows: rows, site: address.site, purpose: address.purpose, draw: address.draw) {
      words, start, tile in
      for r in tile {
        let word = unsafe words[(r & 3) * blocksPerTile + (r - start) >> 2]
        unsafe out[r - rows.lowerBound] = value(node: node, word: word)
      }
    }
  }

  /// The data's values of a node.
  subscript(node: Int) -> ArraySlice<Float> { values[starts[node]..<(starts[node] + count)] }

  /// The data's value of a node in a row.
  subscript(node: Int, row: Int) -> Float { values[starts[node] + row] }

  /// The node's mean and deviation, which most designs never ask for.
  func moments(of node: Int) -> (mean: Double, deviation: Double) {
    if let known = moments[node] { return known }
    let values = self[node]
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(count)
    let square = values.reduce(0.0) { sum, value in
      let centred = Double(value) - mean
      return sum + centred * centred
    }
    let found = (mean, (square / Double(count)).squareRoot())
    moments[node] = found
    return found
  }
}

/// Whether all values of a column are. Told by bits, as a sum of floats is not vectorised.
@unsafe
func isFinite(_ column: UnsafePointer<Float>, _ count: Int) -> Bool {
  var carries: UInt32 = 0
  for r in 0..<count { unsafe carries |= carry(of: column[r].bitPattern) }
  return carries >> 31 == 0
}

/// Bits whose highest one tells whether a float of some bits is not finite: one more in an exponent of ones alone is carried to the sign's
/// place.
@inline(__always)
func carry(of bits: UInt32) -> UInt32 { (bits & 0x7FFF_FFFF) &+ 0x0080_0000 }

extension SCMInstance {
  /// Whether each node is one of some, or an ancestor of one.
  func leads(to nodes: [Int]) -> [Bool] {
    var leads = [Bool](equal: false, count: nodeCount)
    for node in nodes { leads[node] = true }
    for node in topologicalOrder.reversed() where leads[node] { parents.forEach(of: node) { leads[$1] = true } }
    return leads
  }
}
