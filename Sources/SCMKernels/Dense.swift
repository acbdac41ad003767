import SCMElementary

// A dense layer: rows lie in lanes, so each value is one chain of fused multiply-adds (bias, then the inputs in order) whatever the
// vector width. Four outputs share each load of an input, several vectors of rows each load of a weight; so many chains at once that
// the latency of a multiply-add, four steps on most processors, is hidden: 16 where there are 32 registers, 12 where there are 16.

#if WIDE
  private typealias Most = Pair<Pair<SIMD16<Float>, SIMD16<Float>>, Pair<SIMD16<Float>, SIMD16<Float>>>
  private typealias Sixteen = SIMD16<Float>
#else
  private typealias Most = Pair<Pair<SIMD8<Float>, SIMD8<Float>>, SIMD8<Float>>
  private typealias Sixteen = Pair<SIMD8<Float>, SIMD8<Float>>
#endif

/// Values of some rows that follow each other.
private protocol RowVectors {
  static var count: Int { get }
  init(repeating value: Float)
  @unsafe init(_ source: UnsafePointer<Float>)
  mutating func add(_ weight: Float, _ x: Self)
  /// Values below 0 times the slope.
  func leaky(_ slope: Float) -> Self
  @unsafe func store(_ target: UnsafeMutablePointer<Float>)
}

private struct Pair<A: RowVectors, B: RowVectors>: RowVectors {
  private var a: A
  private var b: B

  @inline(__always) static var count: Int { A.count + B.count }

  @inline(__always)
  private init(_ a: A, _ b: B) { (self.a, self.b) = (a, b) }

  @inline(__always)
  init(repeating value: Float) { self.init(A(repeating: value), B(repeating: value)) }

  @unsafe @inline(__always)
  init(_ source: UnsafePointer<Float>) { unsafe self.init(A(source), B(source + A.count)) }

  @inline(__always)
  mutating func add(_ weight: Float, _ x: Self) {
    a.add(weight, x.a)
    b.add(weight, x.b)
  }

  @inline(__always)
  func leaky(_ slope: Float) -> Self { Self(a.leaky(slope), b.leaky(slope)) }

  @unsafe @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>) {
    unsafe a.store(target)
    unsafe b.store(target + A.count)
  }
}

extension RowVectors where Self: SIMD, Scalar == Float {
  @inline(__always) static var count: Int { scalarCount }

  @unsafe @inline(__always)
  init(_ source: UnsafePointer<Float>) { unsafe self = UnsafeRawPointer(source).loadUnaligned(as: Self.self) }

  @inline(__always)
  mutating func add(_ weight: Float, _ x: Self) { addProduct(Self(repeating: weight), x) }

  @unsafe @inline(__always)
  func store(_ target: UnsafeMutablePointer<Float>) { unsafe Lanes.store(self, target) }
}

// Comparisons are instructions for vectors of a known width alone.

extension SIMD8<Float>: RowVectors {
  @inline(__always)
  fileprivate func leaky(_ slope: Float) -> Self { replacing(with: self * slope, where: self .< 0) }
}

extension SIMD16<Float>: RowVectors {
  @inline(__always)
  fileprivate func leaky(_ slope: Float) -> Self { replacing(with: self * slope, where: self .< 0) }
}

/// Four outputs of some rows.
@unsafe @inline(__always)
private func group<Rows: RowVectors>(
  of _: Rows.Type, _ weights: UnsafePointer<Float>, _ source: UnsafePointer<Float>, _ sourceStride: Int,
  _ inputCount: Int, _ slope: Float, _ target: UnsafeMutablePointer<Float>, _ targetStride: Int
) {
  var (a, b) = unsafe (Rows(repeating: weights[0]), Rows(repeating: weights[1]))
  var (c, d) = unsafe (Rows(repeating: weights[2]), Rows(repeating: weights[3]))
  var weight = unsafe weights + 4
  var column = unsafe source
  for _ in 0..<inputCount {
    let x = unsafe Rows(column)
    unsafe a.add(weight[0], x)
    unsafe b.add(weight[1], x)
    unsafe c.add(weight[2], x)
    unsafe d.add(weight[3], x)
    unsafe weight += 4
    unsafe column += sourceStride
  }
  unsafe a.leaky(slope).store(target)
  unsafe b.leaky(slope).store(target + targetStride)
  unsafe c.leaky(slope).store(target + 2 * targetStride)
  unsafe d.leaky(slope).store(target + 3 * targetStride)
}

/// - Parameter rows: a multiple of sixteen.
@unsafe
func hiddenLayer(
  _ weights: UnsafePointer<Float>, _ source: UnsafePointer<Float>, _ sourceStride: Int, _ inputCount: Int,
  _ outputCount: Int, _ slope: Float, _ target: UnsafeMutablePointer<Float>, _ targetStride: Int, _ rows: Int
) {
  for first in stride(from: 0, to: outputCount, by: 4) {
    let weights = unsafe weights + first * (inputCount + 1)
    let target = unsafe target + first * targetStride
    var row = 0
    // What is left is a multiple of sixteen again.
    while row + Most.count <= rows, (rows - row - Most.count) % 16 == 0 || rows - row >= Most.count + 16 {
      unsafe group(
        of: Most.self, weights, source + row, sourceStride, inputCount, slope, target + row, targetStride)
      row += Most.count
    }
    while row < rows {
      unsafe group(
        of: Sixteen.self, weights, source + row, sourceStride, inputCount, slope, target + row, targetStride)
      row += 16
    }
  }
}

/// - Parameter weights: in groups of four, of which the first counts.
@unsafe
func lastLayer(
  _ weights: UnsafePointer<Float>, _ source: UnsafePointer<Float>, _ sourceStride: Int, _ inputCount: Int,
  _ outputCount: Int, _ slope: Float, _ target: UnsafeMutablePointer<Float>, _ targetStride: Int, _ rows: Int
) {
  typealias Sixty4 = Pair<Pair<Sixteen, Sixteen>, Pair<Sixteen, Sixteen>>
  var row = 0
  while row + 64 <= rows {
    unsafe output(of: Sixty4.self, weights, source + row, sourceStride, inputCount, target + row)
    row += 64
  }
  while row < rows {
    unsafe output(of: Sixteen.self, weights, source + row, sourceStride, inputCount, target + row)
    row += 16
  }
}

/// One output of some rows.
@unsafe @inline(__always)
private func output<Rows: RowVectors>(
  of _: Rows.Type, _ weights: UnsafePointer<Float>, _ source: UnsafePointer<Float>, _ sourceStride: Int,
  _ inputCount: Int, _ target: UnsafeMutablePointer<Float>
) {
  var sum = unsafe Rows(repeating: weights[0])
  var column = unsafe source
  for i in 0..<inputCount {
    unsafe sum.add(weights[4 * (i + 1)], Rows(column))
    unsafe column += sourceStride
  }
  unsafe sum.store(target)
}

/// The most multiply-adds that the core can do, as a thing to measure: as many chains as the layers have, and no memory.
///
/// - Parameter values: 256 different numbers, which the sums start at; the first two are what is multiplied. Equal sums would be made once.
/// - Returns: how many multiply-adds of one number a turn has.
@unsafe
func multiplyAdds(_ values: UnsafeMutablePointer<Float>, _ turns: Int) -> Int {
  typealias Chains = Pair<Pair<Most, Most>, Pair<Most, Most>>
  let weight = unsafe values[0]
  let factor = unsafe Chains(repeating: values[1])
  var sums = unsafe Chains(UnsafePointer(values))
  for _ in 0..<turns { sums.add(weight, factor) }
  // All of them, as what nobody reads is not computed.
  unsafe sums.store(values)
  return Chains.count
}
