import SCMBase
import SCMRandom

/// The lower Cholesky factor of a symmetric positive definite matrix, in Float64.
///
/// Every element is one chain of fused multiply-adds over the columns before it, in their order, whatever the width of the panels
/// and of the vectors: the bits are the same on every machine. Column i of the factor lies at `values[i * stride]`; what is above
/// the diagonal is not defined.
package struct CholeskyFactor: Hashable, Sendable {
  package let count: Int
  /// Doubles from one column to the next: a multiple of eight, but not of 64, so that columns don't fall on the same cache sets.
  let stride: Int
  private(set) var values: [Double]

  /// Columns that are eliminated together.
  private static let panelWidth = 32

  package static func stride(for count: Int) -> Int {
    let padded = (count + 7) & ~7
    return padded % 64 == 0 ? padded + 8 : padded
  }

  /// - Parameter matrix: the lower triangle, laid out as the factor is; it is used up.
  /// - Returns: `nil` where a pivot is not positive.
  package init?(_ matrix: consuming [Double], count: Int) {
    self.count = count
    stride = Self.stride(for: count)
    values = matrix
    let stride = stride
    let succeeded = unsafe values.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return true }
      // Four columns of a panel's rows, packed for the update.
      let packed = UnsafeMutablePointer<Double>.allocate(capacity: 4 * Self.panelWidth)
      defer { unsafe packed.deallocate() }
      for first in Swift.stride(from: 0, to: count, by: Self.panelWidth) {
        let width = min(Self.panelWidth, count - first)
        guard !Interruption.isRequested else { return false }
        guard unsafe Self.eliminate(base, stride, first: first, width: width, count: count) else { return false }
        unsafe Self.update(base, stride, first: first, width: width, count: count, packed)
      }
      return true
    }
    guard succeeded else { return nil }
  }

  /// The columns of a panel, one by one.
  @unsafe
  private static func eliminate(
    _ base: UnsafeMutablePointer<Double>, _ stride: Int, first: Int, width: Int, count: Int
  ) -> Bool {
    for j in first..<(first + width) {
      let column = unsafe base + j * stride
      for p in first..<j {
        let source = unsafe base + p * stride
        let weight = unsafe -source[j]
        for i in j..<count { unsafe column[i] = column[i].addingProduct(weight, source[i]) }
      }
      let pivot = unsafe column[j]
      guard pivot > 0, pivot.isFinite else { return false }
      let root = pivot.squareRoot()
      unsafe column[j] = root
      for i in (j + 1)..<max(count, j + 1) { unsafe column[i] = column[i] / root }
    }
    return true
  }

  /// What the panel takes off the columns to its right: four columns and eight rows at a time in registers.
  @unsafe
  private static func update(
    _ base: UnsafeMutablePointer<Double>, _ stride: Int, first: Int, width: Int, count: Int,
    _ packed: UnsafeMutablePointer<Double>
  ) {
    // Rows in blocks, so that the panel's part of them stays in the nearest cache for all columns.
    let rowsPerBlock = 64
    let start = first + width
    for block in Swift.stride(from: start & ~7, to: count, by: rowsPerBlock) {
      let blockEnd = min(block + rowsPerBlock, stride)
      for j in Swift.stride(from: start, to: min(count, block + rowsPerBlock), by: 4) {
        let columns = min(4, count - j)
        for p in 0..<width {
          for c in 0..<4 {
            unsafe packed[4 * p + c] = c < columns ? -base[(first + p) * stride + j + c] : 0
          }
        }
        let target = unsafe base + j * stride
        let firstRow = max(block, j & ~7)
        for i in Swift.stride(from: firstRow, to: blockEnd, by: 8) where i < count {
          var a = unsafe Lanes.load(target + i)
          var b = unsafe Lanes.load(target + (columns > 1 ? stride : 0) + i)
          var c = unsafe Lanes.load(target + (columns > 2 ? 2 * stride : 0) + i)
          var d = unsafe Lanes.load(target + (columns > 3 ? 3 * stride : 0) + i)
          var source = unsafe base + first * stride + i
          var weights = unsafe packed
          for _ in 0..<width {
            let x = unsafe Lanes.load(source)
            unsafe a.addProduct(SIMD8(repeating: weights[0]), x)
            unsafe b.addProduct(SIMD8(repeating: weights[1]), x)
            unsafe c.addProduct(SIMD8(repeating: weights[2]), x)
            unsafe d.addProduct(SIMD8(repeating: weights[3]), x)
            unsafe source += stride
            unsafe weights += 4
          }
          // Last first: where columns are missing, their places hold copies of the first one, which is stored last.
          if columns > 3 { unsafe Lanes.store(d, target + 3 * stride + i) }
          if columns > 2 { unsafe Lanes.store(c, target + 2 * stride + i) }
          if columns > 1 { unsafe Lanes.store(b, target + stride + i) }
          unsafe Lanes.store(a, target + i)
        }
      }
    }
  }

  /// An element on or below the diagonal.
  package subscript(row: Int, column: Int) -> Double { values[column * stride + row] }

  /// L·z.
  package func product(_ z: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for p in 0..<count {
      let weight = z[p]
      for i in p..<count { result[i] = result[i].addingProduct(values[p * stride + i], weight) }
    }
    return result
  }

  /// Solves L·v = k for sixteen right sides in lanes, in place: `v[16 * i + lane]`.
  @unsafe
  package func solve(_ v: UnsafeMutablePointer<Double>) {
    unsafe values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for first in Swift.stride(from: 0, to: count, by: 4) {
        let width = min(4, count - first)
        // The four unknowns themselves, then what they take off all later ones, in order.
        for j in first..<(first + width) {
          for p in first..<j { unsafe Self.takeOff(v + 16 * j, v + 16 * p, base[p * stride + j]) }
          let pivot = unsafe base[j * stride + j]
          let place = unsafe v + 16 * j
          for lane in 0..<16 { unsafe place[lane] = place[lane] / pivot }
        }
        guard width == 4 else { return }
        let (x0, y0) = unsafe (Lanes.load(v + 16 * first), Lanes.load(v + 16 * first + 8))
        let (x1, y1) = unsafe (Lanes.load(v + 16 * first + 16), Lanes.load(v + 16 * first + 24))
        let (x2, y2) = unsafe (Lanes.load(v + 16 * first + 32), Lanes.load(v + 16 * first + 40))
        let (x3, y3) = unsafe (Lanes.load(v + 16 * first + 48), Lanes.load(v + 16 * first + 56))
        let column = unsafe base + first * stride
        for i in (first + 4)..<max(count, first + 4) {
          let place = unsafe v + 16 * i
          var (x, y) = unsafe (Lanes.load(place), Lanes.load(place + 8))
          let (l0, l1) = unsafe (-column[i], -column[stride + i])
          let (l2, l3) = unsafe (-column[2 * stride + i], -column[3 * stride + i])
          x.addProduct(SIMD8(repeating: l0), x0)
          y.addProduct(SIMD8(repeating: l0), y0)
          x.addProduct(SIMD8(repeating: l1), x1)
          y.addProduct(SIMD8(repeating: l1), y1)
          x.addProduct(SIMD8(repeating: l2), x2)
          y.addProduct(SIMD8(repeating: l2), y2)
          x.addProduct(SIMD8(repeating: l3), x3)
          y.addProduct(SIMD8(repeating: l3), y3)
          unsafe Lanes.store(x, place)
          unsafe Lanes.store(y, place + 8)
        }
      }
    }
  }

  @unsafe @inline(__always)
  private static func takeOff(
    _ target: UnsafeMutablePointer<Double>, _ source: UnsafePointer<Double>, _ weight: Double
  ) {
    for lane in 0..<16 { unsafe target[lane] = target[lane].addingProduct(-weight, source[lane]) }
  }
}
