import SCMFamilies
import SCMMechanisms
import SCMRandom

/// Rows of the SCM as it is, apart from those that are shown: each node's own law, for values and parents that are drawn from it, and
/// its mean and deviation.
final class MarginalRows {
  /// By node and then by row.
  private var values: [Float]
  let count: Int
  let means: [Double]
  let deviations: [Double]

  /// - Parameter count: how many; as many as the family calibrates with.
  init(of instance: SCMInstance, count: Int, workspace: SamplingWorkspace) throws(SamplingError) {
    let nodes = instance.nodeCount
    var rows = [Float](repeating: 0, count: count * nodes)
    var failure: SamplingError?
    unsafe rows.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      do throws(SamplingError) {
        unsafe try instance.write(
          rows: 0..<count, draw: Self.draw, to: base, rowStride: nodes, workspace: workspace)
      } catch { failure = error }
    }
    if let failure { throw failure }
    var (values, means, deviations) = ([Float](repeating: 0, count: count * nodes), [Double](), [Double]())
    for node in 0..<nodes {
      var (sum, square) = (0.0, 0.0)
      for r in 0..<count {
        let value = rows[r * nodes + node]
        values[node * count + r] = value
        sum += Double(value)
      }
      let mean = sum / Double(count)
      for r in 0..<count {
        let centred = Double(values[node * count + r]) - mean
        square += centred * centred
      }
      means.append(mean)
      deviations.append((square / Double(count)).squareRoot())
    }
    (self.values, self.count, self.means, self.deviations) = (values, count, means, deviations)
  }

  /// A draw that no caller asks for: rows of their own.
  static let draw: UInt32 = 0xFFFF_FF00

  /// The data's value of a node in the row that a word chooses.
  func value(node: Int, word: UInt32) -> Float {
    values[node * count + Int((UInt64(word) * UInt64(count)) >> 32)]
  }

  /// The data's values of a node, ascending.
  func sorted(node: Int) -> [Float] { values[(node * count)..<((node + 1) * count)].sorted() }
}
