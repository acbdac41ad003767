import SCMMechanisms
import SCMRandom

/// The first columns of some that lie one after the other, to rows that do.
@unsafe
package func transpose(
  _ columns: UnsafePointer<Float>, count: Int, rows: Range<Int>, to out: UnsafeMutablePointer<Float>, rowStride: Int
) -> Bool {
  unsafe Kernels.table.transpose(
    columns, MechanismRows.stride, nil, count, rows.lowerBound, rows.count, out, rowStride, nil)
}

/// Some of the columns, by number.
@unsafe
package func transpose(
  _ columns: UnsafePointer<Float>, only numbers: [Int], rows: Range<Int>, to out: UnsafeMutablePointer<Float>,
  rowStride: Int
) -> Bool {
  unsafe numbers.withUnsafeBufferPointer { numbers in
    unsafe Kernels.table.transpose(
      columns, MechanismRows.stride, numbers.baseAddress, numbers.count, rows.lowerBound, rows.count, out, rowStride,
      nil)
  }
}

/// Some of the columns, to rows whose places are given: the first of `rows` goes to the first place.
@unsafe
package func transpose(
  _ columns: UnsafePointer<Float>, only numbers: [Int], rows: Range<Int>, to out: UnsafeMutablePointer<Float>,
  rowStride: Int, places: ArraySlice<Int32>
) -> Bool {
  unsafe numbers.withUnsafeBufferPointer { numbers in
    unsafe places.withUnsafeBufferPointer { places in
      unsafe Kernels.table.transpose(
        columns, MechanismRows.stride, numbers.baseAddress, numbers.count, rows.lowerBound, rows.count, out, rowStride,
        places.baseAddress)
    }
  }
}
