import SCMMechanisms
import SCMRandom

/// Columns to rows.
///
/// - Parameter columns: where the columns lie, one after the other.
/// - Returns: whether all values are finite.
@unsafe
package func transpose(
  _ columns: UnsafePointer<Float>, count: Int, rows: Range<Int>, to out: UnsafeMutablePointer<Float>, rowStride: Int
) -> Bool {
  unsafe Kernels.table.transpose(
    columns, MechanismRows.stride, nil, count, rows.lowerBound, rows.count, out, rowStride)
}

/// The same of some of the columns, by number.
@unsafe
package func transpose(
  _ columns: UnsafePointer<Float>, only numbers: [Int], rows: Range<Int>, to out: UnsafeMutablePointer<Float>,
  rowStride: Int
) -> Bool {
  unsafe numbers.withUnsafeBufferPointer { numbers in
    unsafe Kernels.table.transpose(
      columns, MechanismRows.stride, numbers.baseAddress, numbers.count, rows.lowerBound, rows.count, out, rowStride)
  }
}
