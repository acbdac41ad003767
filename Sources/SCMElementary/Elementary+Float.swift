// Float32 elementary functions for the loops over rows: branch-free, so that the loop around them is vectorised, and from
// IEEE operations alone, so that the vector width can't change a bit. The coefficients are minimax fits (Remez exchange
// in 40 digits) that scripts/elementary_coefficients.py makes anew; each comment gives the bound of the fit, before its
// coefficients are rounded to Float32, the tests the bound of the function.

extension Elementary {
  /// The natural logarithm of a positive, normal number, within 1 ulp.
  @inlinable @inline(__always)
  public static func log(_ x: Float) -> Float {
    let bits = x.bitPattern &+ (0x3F80_0000 &- 0x3F35_04F3)
    let exponent = Float(Int32(truncatingIfNeeded: bits >> 23) &- 127)
    let m = Float(bitPattern: (bits & 0x007F_FFFF) &+ 0x3F35_04F3)
    return logNearOne(m - 1, exponent)
  }

  /// log(1 − v) for v in (0, 1), within 2.5 ulp; within 1 below 0.29, so also where v is small.
  @inlinable @inline(__always)
  public static func logOneMinus(_ v: Float) -> Float {
    let bits = (1 - v).bitPattern &+ (0x3F80_0000 &- 0x3F35_04F3)
    let exponent = Float(Int32(truncatingIfNeeded: bits >> 23) &- 127)
    let m = Float(bitPattern: (bits & 0x007F_FFFF) &+ 0x3F35_04F3)
    // As log(1 - v), but where v is small, which 1 - v has lost digits of.
    let isSmall = v < 0.29
    return logNearOne(isSmall ? -v : m - 1, isSmall ? 0 : exponent)
  }

  /// log(1 + f) + exponent·ln 2 for f in [√½ − 1, √2 − 1]: f − f²/2 + f³P(f), error of the fit 6e-9·|f|.
  @inlinable @inline(__always)
  static func logNearOne(_ f: Float, _ exponent: Float) -> Float {
    var p: Float = -0.0785962281799
    p = Float(0.128816503999).addingProduct(p, f)
    p = Float(-0.131287520542).addingProduct(p, f)
    p = Float(0.141811914331).addingProduct(p, f)
    p = Float(-0.1662455427).addingProduct(p, f)
    p = Float(0.200022862996).addingProduct(p, f)
    p = Float(-0.250008103992).addingProduct(p, f)
    p = Float(0.333333167256).addingProduct(p, f)
    let z = f * f
    let tail = (z * -0.5).addingProduct(z * f, p)
    let low = tail.addingProduct(exponent, -2.12194440e-4)
    // ln 2 = 0.693359375 − 2.12194440e-4, the first part exact in products with small integers.
    return (f + low).addingProduct(exponent, 0.693359375)
  }

  /// e to the x minus 1, for x in [−80, 80], within 2 ulp.
  @inlinable @inline(__always)
  public static func expMinusOne(_ x: Float) -> Float {
    let k = (x * 1.44269504).rounded(.toNearestOrEven)
    let r = x.addingProduct(-k, 0.693359375).addingProduct(-k, -2.12194440e-4)
    // e^r − 1 = r + r²/2 + r³Q(r), |r| ≤ ½ ln 2; error of the fit 1.4e-8·|r|.
    var q: Float = 0.00139405197404
    q = Float(0.00836643082924).addingProduct(q, r)
    q = Float(0.0416664048264).addingProduct(q, r)
    q = Float(0.166665446214).addingProduct(q, r)
    let z = r * r
    let small = r + (z * 0.5).addingProduct(z * r, q)
    let power = Float(bitPattern: UInt32(bitPattern: Int32(k) &+ 127) << 23)
    return (power - 1).addingProduct(power, small)
  }

  /// Sine of `turns` whole turns, |turns| ≤ ½, within 3 ulp and never beyond ±1.
  @inlinable @inline(__always)
  public static func sinTurns(_ turns: Float) -> Float {
    let upper = 0.5 - turns
    let lower = -0.5 - turns
    let below = turns < upper ? turns : upper
    return sinQuarter(below > lower ? below : lower)
  }

  /// Cosine of `turns` whole turns, |turns| ≤ ½, within 3 ulp and never beyond ±1.
  @inlinable @inline(__always)
  public static func cosTurns(_ turns: Float) -> Float { sinQuarter(0.25 - abs(turns)) }

  /// sin 2πx for |x| ≤ ¼, as x·P(x²); absolute error of the fit 3.4e-9.
  @inlinable @inline(__always)
  static func sinQuarter(_ x: Float) -> Float {
    let z = x * x
    var p: Float = 39.5367061792
    p = Float(-76.5497823097).addingProduct(p, z)
    p = Float(81.601004074).addingProduct(p, z)
    p = Float(-41.3416550314).addingProduct(p, z)
    p = Float(6.28318516009).addingProduct(p, z)
    return p * x
  }
}

extension Elementary {
  /// ``sinQuarter(_:)`` lane by lane, with the same operations in the same order.
  @inlinable @inline(__always)
  package static func sinQuarter(_ x: SIMD16<Float>) -> SIMD16<Float> {
    let z = x * x
    var p = SIMD16<Float>(repeating: 39.5367061792)
    p = SIMD16(repeating: -76.5497823097).addingProduct(p, z)
    p = SIMD16(repeating: 81.601004074).addingProduct(p, z)
    p = SIMD16(repeating: -41.3416550314).addingProduct(p, z)
    p = SIMD16(repeating: 6.28318516009).addingProduct(p, z)
    return p * x
  }
}

extension SIMD16<Float> {
  @inlinable @inline(__always)
  package var bits: SIMD16<UInt32> { unsafe unsafeBitCast(self, to: SIMD16<UInt32>.self) }

  @inlinable @inline(__always)
  package init(bitPattern: SIMD16<UInt32>) { self = unsafe unsafeBitCast(bitPattern, to: SIMD16<Float>.self) }
}

extension Elementary {
  /// ``cosTurns(_:)`` lane by lane, |turns| ≤ ½.
  @inlinable @inline(__always)
  package static func cosTurns(_ turns: SIMD16<Float>) -> SIMD16<Float> {
    sinQuarter(SIMD16(repeating: 0.25) - SIMD16(bitPattern: turns.bits & SIMD16(repeating: 0x7FFF_FFFF)))
  }
}

extension Elementary {
  /// tanh x = e / (e + 2) with e = exp(2x) − 1; beyond ±15 it is ±1 in Float32.
  @inlinable @inline(__always)
  package static func tanh(_ x: Float) -> Float {
    let clipped = x < -15 ? -15 : (x > 15 ? 15 : x)
    let e = expMinusOne(2 * clipped)
    return e / (e + 2)
  }
}
