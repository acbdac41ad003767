/// What parameters are made of, of one block of words each, in Float64: formulas that kernels and single values share.
@usableFromInline package enum ParameterFormula {
  /// A 64-bit word of a block's, low word first.
  @inlinable @inline(__always)
  package static func word64(_ low: UInt32, _ high: UInt32) -> UInt64 { UInt64(low) | UInt64(high) << 32 }

  /// The radius and the angle, in turns, of two independent normals (Box and Muller, 1958).
  @inlinable @inline(__always)
  package static func normals(_ words: (UInt32, UInt32, UInt32, UInt32)) -> (Double, Double) {
    let radius = (-2 * Elementary.log(Double(openUnit: word64(words.0, words.1)))).squareRoot()
    let angle = Double(openUnit: word64(words.2, words.3)) - 0.5
    return (radius * Elementary.cosTurns(angle), radius * Elementary.sinTurns(angle))
  }

  /// One attempt at a Gamma variate by Marsaglia and Tsang's method (2000), of shape `d` + ⅓ with `c` = 1/√(9d).
  ///
  /// - Returns: a value, and whether it is accepted.
  @inlinable @inline(__always)
  package static func gammaAttempt(
    _ words: (UInt32, UInt32, UInt32, UInt32), d: Double, c: Double
  ) -> (value: Double, isAccepted: Bool) {
    let (x, root, u) = gammaParts(words, c: c)
    // Both tests in any case, so that a loop around them is vectorised; of a root below 0 neither counts.
    let v = root * root * root
    let isBelow = isCheaplyAccepted(x, u)
    let isBelowBound = Elementary.log(u) < gammaBound(x, v, d: d)
    return (d * v, root > 0 && (isBelow || isBelowBound))
  }

  /// The same of one attempt alone, with no logarithm where none is needed; `nil` where it is not accepted.
  @inlinable @inline(__always)
  package static func gammaAlone(_ words: (UInt32, UInt32, UInt32, UInt32), d: Double, c: Double) -> Double? {
    let (x, root, u) = gammaParts(words, c: c)
    guard root > 0 else { return nil }
    let v = root * root * root
    return isCheaplyAccepted(x, u) || Elementary.log(u) < gammaBound(x, v, d: d) ? d * v : nil
  }

  @inlinable @inline(__always)
  static func gammaParts(
    _ words: (UInt32, UInt32, UInt32, UInt32), c: Double
  ) -> (x: Double, root: Double, u: Double) {
    let radius = (-2 * Elementary.log((Double(words.0) + 0.5) * 0x1p-32)).squareRoot()
    let x = radius * Elementary.cosTurns(Double(words.1) * 0x1p-32 - 0.5)
    return (x, 1 + c * x, Double(openUnit: word64(words.2, words.3)))
  }

  @inlinable @inline(__always)
  static func isCheaplyAccepted(_ x: Double, _ u: Double) -> Bool { u < 1 - 0.0331 * (x * x) * (x * x) }

  @inlinable @inline(__always)
  static func gammaBound(_ x: Double, _ v: Double, d: Double) -> Double {
    0.5 * x * x + d * (1 - v + Elementary.log(v))
  }

  /// What a Gamma variate of shape + 1 is multiplied by to have a shape below 1.
  @inlinable @inline(__always)
  package static func gammaBoost(_ words: (UInt32, UInt32, UInt32, UInt32), power: Double) -> Double {
    let exponent = power * Elementary.log(Double(openUnit: word64(words.0, words.1)))
    return exponent > -708 ? Elementary.expClamped(exponent) : 0
  }

  /// √(2S) with S positive a-stable, 0 < a < 1: what makes a frequency of the kernel exp(−r²ᵃ) of a normal.
  ///
  /// The logarithm of S, whose Laplace transform is exp(−tᵃ), from u in (0, 1) and an exponential e:
  /// sin(aU)·sin(U)^(−1/a)·(sin((1−a)U)/e)^((1−a)/a) with U = πu.
  ///
  /// Source: Kanter, "Stable densities under change of scale and total variation inequalities", Ann. Probab. 3 (1975).
  @inlinable @inline(__always)
  package static func stableScale(_ words: (UInt32, UInt32, UInt32, UInt32), a: Double) -> Double {
    let u = Double(openUnit: word64(words.0, words.1))
    let e = -Elementary.log(Double(openUnit: word64(words.2, words.3)))
    let stable = logPositiveStable(a, u, e)
    let exponent = (Elementary.log(2.0) + stable) / 2
    // As `Elementary.exp`, which has branches.
    let value = Elementary.expClamped(exponent.isNaN ? 0 : exponent)
    return exponent > -708 ? (exponent < 709 ? value : .infinity) : (exponent.isNaN ? exponent : 0)
  }

  @inlinable @inline(__always)
  package static func logPositiveStable(_ a: Double, _ u: Double, _ e: Double) -> Double {
    logSine(a * u) - logSine(u) / a + (1 - a) / a * (logSine((1 - a) * u) - Elementary.log(e))
  }

  /// log sin πx.
  @inlinable @inline(__always)
  static func logSine(_ x: Double) -> Double { Elementary.log(Elementary.sinTurns(x / 2)) }
}
