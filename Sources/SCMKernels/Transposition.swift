import SCMElementary

/// Columns to rows: eight rows of four nodes at a time in registers, what is left one by one.
///
/// - Parameters:
///   - columns: where the columns lie, `stride` apart.
///   - numbers: those of the columns to take; all in order where there is no list.
/// - Returns: whether all values are finite. x − x is 0 then, and else not a number, which no sum of such terms forgets.
@unsafe
func transposeColumns(
  _ columns: UnsafePointer<Float>, _ stride: Int, _ numbers: UnsafePointer<Int>?, _ count: Int, _ firstRow: Int,
  _ rows: Int, _ out: UnsafeMutablePointer<Float>, _ rowStride: Int
) -> Bool {
  let range = firstRow..<(firstRow + rows)
  guard let numbers = unsafe numbers else {
    return unsafe transpose(count: count, rows: range, to: out, rowStride: rowStride) { unsafe columns + $0 * stride }
  }
  return unsafe transpose(count: count, rows: range, to: out, rowStride: rowStride) {
    unsafe columns + numbers[$0] * stride
  }
}

@unsafe @inline(__always)
private func transpose(
  count: Int, rows: Range<Int>, to out: UnsafeMutablePointer<Float>, rowStride: Int,
  column: (Int) -> UnsafePointer<Float>
) -> Bool {
  let wholeRows = rows.lowerBound + (rows.count & ~7)
  let wholeNodes = count & ~3
  var zeros = SIMD8<Float>()
  for r in Swift.stride(from: rows.lowerBound, to: wholeRows, by: 8) {
    let target = unsafe out + (r - rows.lowerBound) * rowStride
    for node in Swift.stride(from: 0, to: wholeNodes, by: 4) {
      let (a, b) = unsafe (Lanes.load8(column(node) + r), Lanes.load8(column(node + 1) + r))
      let (c, d) = unsafe (Lanes.load8(column(node + 2) + r), Lanes.load8(column(node + 3) + r))
      zeros += ((a - a) + (b - b)) + ((c - c) + (d - d))
      // Pairs of nodes, then fours, within each half of the registers: rows 0 to 3 in the lower, 4 to 7 in the upper one.
      let (ab, ab2) = (interleaveLow(a, b), interleaveHigh(a, b))
      let (cd, cd2) = (interleaveLow(c, d), interleaveHigh(c, d))
      let place = unsafe target + node
      unsafe store(lowPairs(ab, cd), at: place, rowStride)
      unsafe store(highPairs(ab, cd), at: place + rowStride, rowStride)
      unsafe store(lowPairs(ab2, cd2), at: place + 2 * rowStride, rowStride)
      unsafe store(highPairs(ab2, cd2), at: place + 3 * rowStride, rowStride)
    }
  }
  var rest: Float = 0
  for node in 0..<count {
    let source = unsafe column(node)
    let first = node < wholeNodes ? wholeRows : rows.lowerBound
    for r in first..<rows.upperBound {
      let value = unsafe source[r]
      rest += value - value
      unsafe out[(r - rows.lowerBound) * rowStride + node] = value
    }
  }
  return zeros.sum() + rest == 0
}

/// The lower half to a row, the upper half four rows on.
@unsafe @inline(__always)
private func store(_ value: SIMD8<Float>, at place: UnsafeMutablePointer<Float>, _ rowStride: Int) {
  unsafe Lanes.store(value.lowHalf, place)
  unsafe Lanes.store(value.highHalf, place + 4 * rowStride)
}

// The shuffles of a transposition, each one instruction on two registers.

@inline(__always)
private func interleaveLow(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8(a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5])
}

@inline(__always)
private func interleaveHigh(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8(a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7])
}

@inline(__always)
private func lowPairs(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8(a[0], a[1], b[0], b[1], a[4], a[5], b[4], b[5])
}

@inline(__always)
private func highPairs(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8(a[2], a[3], b[2], b[3], a[6], a[7], b[6], b[7])
}
