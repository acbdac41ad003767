package import SCMMechanisms
import SCMRandom

/// The outputs of a mechanism for rows whose inputs are given as columns: the parents, then the noise.
package func evaluate(_ mechanism: any Mechanism, _ columns: [[Float]]) -> [Float] {
  let count = columns[0].count
  var results: [Float] = []
  let inputs = UnsafeMutablePointer<Float>.allocate(capacity: columns.count * MechanismRows.stride)
  let output = UnsafeMutablePointer<Float>.allocate(capacity: MechanismRows.stride)
  let scratch = UnsafeMutablePointer<Float>.allocate(capacity: MechanismRows.scratchCount)
  defer {
    inputs.deallocate()
    output.deallocate()
    scratch.deallocate()
  }
  for first in stride(from: 0, to: count, by: rowsPerTile) {
    let rows = min(rowsPerTile, count - first)
    inputs.initialize(repeating: 0, count: columns.count * MechanismRows.stride)
    for (index, column) in columns.enumerated() {
      for row in 0..<rows { inputs[index * MechanismRows.stride + row] = column[first + row] }
    }
    let padded = (rows + MechanismRows.laneCount - 1) / MechanismRows.laneCount * MechanismRows.laneCount
    mechanism.evaluate(MechanismRows(count: padded, inputs: inputs, output: output, scratch: scratch))
    results += (0..<rows).map { output[$0] }
  }
  return results
}

/// Standard normals for tests, one column per `site`.
package func normalColumn(_ count: Int, seed: UInt64 = 1, site: Int = 0) -> [Float] {
  var column = [Float](repeating: 0, count: count)
  NoiseSource(.gaussian).fill(
    &column, first: 0, key: TaskKey(seed: seed), site: UInt32(site), purpose: .user)
  return column
}
