import CLanes
import SCMElementary

/// - Parameters:
///   - columns: where the columns lie, `stride` apart.
///   - numbers: those of the columns to take; all in order where there is no list.
///   - places: of the rows; one after the other where there is no list.
@unsafe
func transposeColumns(
  _ columns: UnsafePointer<Float>, _ stride: Int, _ numbers: UnsafePointer<Int>?, _ count: Int, _ firstRow: Int,
  _ rows: Int, _ out: UnsafeMutablePointer<Float>, _ rowStride: Int, _ places: UnsafePointer<Int32>?
) -> Bool {
  let range = firstRow..<(firstRow + rows)
  guard let numbers = unsafe numbers else {
    return unsafe transpose(
      count: count, rows: range, column: { unsafe columns + $0 * stride }, row: { unsafe out + $0 * rowStride })
  }
  guard let places = unsafe places else {
    return unsafe transpose(
      count: count, rows: range, column: { unsafe columns + numbers[$0] * stride }, row: { unsafe out + $0 * rowStride }
    )
  }
  return unsafe transpose(
    count: count, rows: range, column: { unsafe columns + numbers[$0] * stride },
    row: { unsafe out + Int(places[$0]) * rowStride })
}

/// Columns to rows: eight rows of four nodes at a time in registers, what is left one by one.
///
/// - Parameters:
///   - count: of the columns.
///   - column: where a column lies.
///   - row: where a row goes, by its number among `rows`.
/// - Returns: whether all values are finite. x − x is 0 then, and else not a number, which no sum of such terms forgets.
@unsafe @inline(__always)
private func transpose(
  count: Int, rows: Range<Int>, column: (Int) -> UnsafePointer<Float>, row: (Int) -> UnsafeMutablePointer<Float>
) -> Bool {
  let wholeRows = rows.count & ~7
  let wholeNodes = count & ~3
  let start = rows.lowerBound
  var zeros = SIMD8<Float>()
  for r in Swift.stride(from: 0, to: wholeRows, by: 8) {
    let (r0, r1, r2, r3) = unsafe (row(r), row(r + 1), row(r + 2), row(r + 3))
    let (r4, r5, r6, r7) = unsafe (row(r + 4), row(r + 5), row(r + 6), row(r + 7))
    // Each row is so short that the stores would wait for its lines of the cache one after another.
    if r + rowsAhead < wholeRows {
      for next in (r + rowsAhead)..<(r + rowsAhead + 8) {
        for node in Swift.stride(from: 0, to: count, by: 16) { unsafe lanes_fetch_for_writing(row(next) + node) }
      }
    }
    for node in Swift.stride(from: 0, to: wholeNodes, by: 4) {
      let (a, b) = unsafe (Lanes.load8(column(node) + start + r), Lanes.load8(column(node + 1) + start + r))
      let (c, d) = unsafe (Lanes.load8(column(node + 2) + start + r), Lanes.load8(column(node + 3) + start + r))
      zeros += ((a - a) + (b - b)) + ((c - c) + (d - d))
      // Pairs of nodes, then fours, within each half of the registers: rows 0 to 3 in the lower, 4 to 7 in the upper one.
      let (ab, ab2) = (lanes_interleave_low(a, b), lanes_interleave_high(a, b))
      let (cd, cd2) = (lanes_interleave_low(c, d), lanes_interleave_high(c, d))
      unsafe store(lanes_low_pairs(ab, cd), r0 + node, r4 + node)
      unsafe store(lanes_high_pairs(ab, cd), r1 + node, r5 + node)
      unsafe store(lanes_low_pairs(ab2, cd2), r2 + node, r6 + node)
      unsafe store(lanes_high_pairs(ab2, cd2), r3 + node, r7 + node)
    }
  }
  var rest: Float = 0
  for node in 0..<count {
    let source = unsafe column(node) + start
    for r in (node < wholeNodes ? wholeRows : 0)..<rows.count {
      let value = unsafe source[r]
      rest += value - value
      unsafe row(r)[node] = value
    }
  }
  return zeros.sum() + rest == 0
}

/// How far before they are written rows are fetched.
private var rowsAhead: Int { 32 }

/// The lower half to one place, the upper half to another.
@unsafe @inline(__always)
private func store(
  _ value: SIMD8<Float>, _ low: UnsafeMutablePointer<Float>, _ high: UnsafeMutablePointer<Float>
) {
  unsafe Lanes.store(value.lowHalf, low)
  unsafe Lanes.store(value.highHalf, high)
}
