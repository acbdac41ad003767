/// What a row's noise is, of one word or two: the formulas of the laws, which kernels and single values share.
@usableFromInline package enum NoiseFormula {
  /// (k + ½)·2⁻³¹ for the word's 31 high bits k: in (0, 1], from 2⁻³² up.
  @inlinable @inline(__always)
  package static func halfOpenUnit(_ word: UInt32) -> Float {
    Float(0x1p-32).addingProduct(Float(Int32(bitPattern: word >> 1)), 0x1p-31)
  }

  /// ±1 by the word's lowest bit, which ``halfOpenUnit(_:)`` does not read.
  @inlinable @inline(__always)
  static func sign(_ word: UInt32) -> Float { Float(bitPattern: 0x3F80_0000 | word << 31) }

  @inlinable @inline(__always)
  static func standardExponential(_ word: UInt32) -> Float { -Elementary.log(halfOpenUnit(word)) }

  /// Two independent normals (Box and Muller, 1958).
  @inlinable @inline(__always)
  package static func normals(_ word: UInt32, _ angle: UInt32) -> (Float, Float) {
    let radius = (-2 * Elementary.log(halfOpenUnit(word))).squareRoot()
    let turns = Float(Int32(bitPattern: angle)) * 0x1p-32
    return (radius * Elementary.cosTurns(turns), radius * Elementary.sinTurns(turns))
  }

  @inlinable @inline(__always)
  package static func laplace(_ word: UInt32) -> Float { sign(word) * standardExponential(word) * 0.70710678 }

  @inlinable @inline(__always)
  package static func uniform(_ word: UInt32) -> Float {
    (Float(Int32(bitPattern: word) >> 8) + 0.5) * (0x1p-23 * 1.7320508)
  }

  @inlinable @inline(__always)
  package static func exponential(_ word: UInt32) -> Float { standardExponential(word) - 1 }

  /// −log E for an exponential E = −log(1 − v); small E, the long tail, is relatively exact.
  @inlinable @inline(__always)
  package static func gumbel(_ word: UInt32) -> Float {
    // 1 − 2⁻²⁴ is the largest Float below 1.
    let v = halfOpenUnit(word)
    let e = -Elementary.logOneMinus(v < 0x1.fffffep-1 ? v : 0x1.fffffep-1)
    return (-Elementary.log(e) - 0.57721566) * 0.77969680
  }

  /// Both tails are read from small numbers, where floats are dense: p in (0, ½] and a sign.
  @inlinable @inline(__always)
  package static func logistic(_ word: UInt32) -> Float {
    let p = 0.5 * halfOpenUnit(word)
    return sign(word) * (Elementary.logOneMinus(p) - Elementary.log(p)) * 0.55132890
  }

  /// cot πp for p in (0, ½] and a sign.
  @inlinable @inline(__always)
  package static func cauchy(_ word: UInt32) -> Float {
    let halfTurns = 0.25 * halfOpenUnit(word)
    return sign(word) * Elementary.cosTurns(halfTurns) / Elementary.sinTurns(halfTurns)
  }

  /// √(ν(U^(−2/ν) − 1))·cos 2πV is exactly t with ν degrees of freedom; here times √((ν − 2)/ν), so that the variance is 1.
  ///
  /// Source: Bailey, "Polar generation of random variates with the t-distribution", Math. Comp. 62 (1994).
  ///
  /// - Parameters:
  ///   - power: 2/ν.
  ///   - scale: √(ν − 2), from Float64: near 2 degrees, ν − 2 would be lost.
  @inlinable @inline(__always)
  package static func studentT(_ word: UInt32, _ angle: UInt32, power: Float, scale: Float) -> Float {
    let growth = Elementary.expMinusOne(power * standardExponential(word))
    let turns = Float(Int32(bitPattern: angle)) * 0x1p-32
    return scale * growth.squareRoot() * Elementary.cosTurns(turns)
  }
}
