import SCMElementary

// The Gumbel-max choice: class argmax_k(score_k + g_k) for each row. A row's noise is exact to the bit only where it has to be: quick
// noise decides nearly all rows, and where the two best are as near to each other as its error, the exact noise of sixteen rows is made.

/// Writes each row's class to `out`. A row whose best class is not a finite number gets NaN: a value out of the range of floats must
/// not become a class.
///
/// - Parameters:
///   - scores: of class k in row r at `k * scoreStride + r`, in units of the noise; −∞ is a class that does not occur.
///   - words: the words of its noise at `k * wordStride + r`; see `NoiseFormula.gumbel`.
///   - rows: a multiple of 16.
///   - scratch: room for `2 * rows` numbers.
@unsafe
func chooseClasses(
  _ scores: UnsafePointer<Float>, _ scoreStride: Int, _ words: UnsafePointer<UInt32>, _ wordStride: Int,
  _ classCount: Int, _ rows: Int, _ out: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
) {
  let (best, second) = unsafe (scratch, scratch + rows)
  // The first few classes stay in registers.
  let few = min(classCount, 4)
  switch few {
  case 2: unsafe chooseQuickly(scores, scoreStride, words, wordStride, 2, rows, out, best, second)
  case 3: unsafe chooseQuickly(scores, scoreStride, words, wordStride, 3, rows, out, best, second)
  case 4: unsafe chooseQuickly(scores, scoreStride, words, wordStride, 4, rows, out, best, second)
  default: unsafe chooseQuickly(scores, scoreStride, words, wordStride, 1, rows, out, best, second)
  }
  for k in few..<max(classCount, few) {
    let (scores, words) = unsafe (scores + k * scoreStride, words + k * wordStride)
    for r in 0..<rows {
      var leader = unsafe Leader(best: best[r], second: second[r], number: out[r])
      leader.meet(unsafe scores[r] + NoiseFormula.quickGumbel(words[r]), k)
      unsafe (best[r], second[r], out[r]) = (leader.best, leader.second, leader.number)
    }
  }
  for first in stride(from: 0, to: rows, by: 16) {
    let (best, second) = unsafe (Lanes.load(best + first), Lanes.load(second + first))
    let size = SIMD16<Float>(bitPattern: best.bits & SIMD16(repeating: 0x7FFF_FFFF))
    // The error of both noises, and that of sums which are rounded otherwise. Nothing that isn't finite is beyond it.
    let least = SIMD16(repeating: 2 * NoiseFormula.quickGumbelError).addingProduct(size, 0x1p-21)
    if all(best - second .> least) { continue }
    unsafe chooseExactly(
      scores + first, scoreStride, words + first, wordStride, classCount, out + first, scratch + first)
  }
}

/// The best class so far, with its value and the next best one.
private struct Leader {
  var best: Float
  var second: Float
  var number: Float

  @inline(__always)
  mutating func meet(_ value: Float, _ k: Int) {
    let isBetter = value > best
    let loser = isBetter ? best : value
    second = loser > second ? loser : second
    best = isBetter ? value : best
    number = isBetter ? Float(k) : number
  }
}

/// The best of the first classes by quick noise.
@unsafe @inline(__always)
private func chooseQuickly(
  _ scores: UnsafePointer<Float>, _ scoreStride: Int, _ words: UnsafePointer<UInt32>, _ wordStride: Int,
  _ classCount: Int, _ rows: Int, _ out: UnsafeMutablePointer<Float>, _ best: UnsafeMutablePointer<Float>,
  _ second: UnsafeMutablePointer<Float>
) {
  for r in 0..<rows {
    var leader = unsafe Leader(best: scores[r] + NoiseFormula.quickGumbel(words[r]), second: -.infinity, number: 0)
    for k in 1..<classCount {
      leader.meet(unsafe scores[k * scoreStride + r] + NoiseFormula.quickGumbel(words[k * wordStride + r]), k)
    }
    unsafe (best[r], second[r], out[r]) = (leader.best, leader.second, leader.number)
  }
}

/// The same for sixteen rows, as it is defined.
@unsafe @inline(never)
private func chooseExactly(
  _ scores: UnsafePointer<Float>, _ scoreStride: Int, _ words: UnsafePointer<UInt32>, _ wordStride: Int,
  _ classCount: Int, _ out: UnsafeMutablePointer<Float>, _ best: UnsafeMutablePointer<Float>
) {
  for r in 0..<16 {
    unsafe best[r] = scores[r] + NoiseFormula.gumbel(words[r])
    unsafe out[r] = 0
  }
  for k in 1..<max(classCount, 1) {
    let (scores, words) = unsafe (scores + k * scoreStride, words + k * wordStride)
    let number = Float(k)
    for r in 0..<16 {
      let value = unsafe scores[r] + NoiseFormula.gumbel(words[r])
      let isBetter = unsafe value > best[r]
      unsafe best[r] = isBetter ? value : best[r]
      unsafe out[r] = isBetter ? number : out[r]
    }
  }
  for r in 0..<16 { unsafe out[r] += best[r] - best[r] }
}

/// A column for each class, `stride` apart: 1 where a row has it and else 0.
@unsafe
func writeOneHot(
  _ numbers: UnsafePointer<Float>, _ classCount: Int, _ rows: Int, _ out: UnsafeMutablePointer<Float>, _ stride: Int
) {
  for k in 0..<classCount {
    let (out, number) = unsafe (out + k * stride, Float(k))
    for r in 0..<rows { unsafe out[r] = numbers[r] == number ? 1 : 0 }
  }
}
