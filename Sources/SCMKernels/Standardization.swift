import SCMElementary

/// Brings each column of a row-major matrix to mean 0 and population standard deviation 1; a constant column becomes 0.
///
/// A column's numbers are summed row by row in Float64, whatever stands beside it, as distances from its first one: these are exactly
/// 0 in a constant column. No value is more than √rows deviations from the mean, so that the difference of two sums loses at most
/// log₂(rows) of the 53 bits, and no square of a Float leaves the range of a Double.
///
/// - Parameter out: another matrix than `x`, of which columns are read after their neighbours are written.
@unsafe
func standardizeColumns(
  _ x: UnsafePointer<Float>, _ rows: Int, _ columns: Int, _ out: UnsafeMutablePointer<Float>
) {
  guard columns >= laneCount else {
    for column in 0..<columns { unsafe standardizeOne(x + column, rows, columns, out + column) }
    return
  }
  for column in stride(from: 0, to: columns, by: laneCount) {
    // The last columns with some of those before them, which get the same numbers again.
    let first = min(column, columns - laneCount)
    unsafe standardizeEight(x + first, rows, columns, out + first)
  }
}

private let laneCount = 8

@unsafe @inline(__always)
private func standardizeEight(
  _ x: UnsafePointer<Float>, _ rows: Int, _ stride: Int, _ out: UnsafeMutablePointer<Float>
) {
  let first = unsafe Lanes.wide(Lanes.load8(x))
  var (sums, squares) = (SIMD8<Double>(), SIMD8<Double>())
  for r in 0..<rows {
    let distances = unsafe Lanes.wide(Lanes.load8(x + r * stride)) - first
    sums += distances
    squares += distances * distances
  }
  let count = Double(rows)
  let means = sums / count
  let variances = squares / count - means * means
  let inverses = 1 / SIMD8(repeating: 1).replacing(with: variances.squareRoot(), where: variances .> 0)
  for r in 0..<rows {
    let distances = unsafe Lanes.wide(Lanes.load8(x + r * stride)) - first
    unsafe Lanes.store(narrow((distances - means) * inverses), out + r * stride)
  }
}

/// As ``standardizeEight``, of one column.
@unsafe
private func standardizeOne(
  _ x: UnsafePointer<Float>, _ rows: Int, _ stride: Int, _ out: UnsafeMutablePointer<Float>
) {
  let first = unsafe Double(x[0])
  var (sum, square) = (0.0, 0.0)
  for r in 0..<rows {
    let distance = unsafe Double(x[r * stride]) - first
    sum += distance
    square += distance * distance
  }
  let mean = sum / Double(rows)
  let variance = square / Double(rows) - mean * mean
  let inverse = 1 / (variance > 0 ? variance.squareRoot() : 1)
  for r in 0..<rows { unsafe out[r * stride] = Float((Double(x[r * stride]) - first - mean) * inverse) }
}

/// As ``Lanes/wide(_:)`` is written.
@inline(__always)
private func narrow(_ x: SIMD8<Double>) -> SIMD8<Float> {
  SIMD8(Float(x[0]), Float(x[1]), Float(x[2]), Float(x[3]), Float(x[4]), Float(x[5]), Float(x[6]), Float(x[7]))
}
