// Float64 elementary functions from + − × ÷ and fused multiply-add in a fixed order: the same bits on every machine,
// which no libm promises. They draw parameters; the rows use the Float32 versions. scripts/elementary_coefficients.py makes
// the coefficients anew.

/// Elementary functions whose results are part of the stable numerics.
public enum Elementary {}

extension Elementary {
  /// The natural logarithm of a positive, normal number, within 1 ulp.
  ///
  /// x = m·2^e with m in [√½, √2), and log m = 2·artanh(s), s = (m − 1)/(m + 1), by its series to s²³.
  @inlinable @inline(__always)
  public static func log(_ x: Double) -> Double {
    let bits = x.bitPattern &+ (0x3FF0_0000_0000_0000 &- 0x3FE6_A09E_667F_3BCD)
    let exponent = Double(Int32(truncatingIfNeeded: bits >> 52) &- 1023)
    let m = Double(bitPattern: (bits & 0x000F_FFFF_FFFF_FFFF) &+ 0x3FE6_A09E_667F_3BCD)
    let f = m - 1
    let s = f / (m + 1)
    let z = s * s
    var sum = 2.0 / 23
    sum = (2.0 / 21).addingProduct(sum, z)
    sum = (2.0 / 19).addingProduct(sum, z)
    sum = (2.0 / 17).addingProduct(sum, z)
    sum = (2.0 / 15).addingProduct(sum, z)
    sum = (2.0 / 13).addingProduct(sum, z)
    sum = (2.0 / 11).addingProduct(sum, z)
    sum = (2.0 / 9).addingProduct(sum, z)
    sum = (2.0 / 7).addingProduct(sum, z)
    sum = (2.0 / 5).addingProduct(sum, z)
    sum = (2.0 / 3).addingProduct(sum, z)
    // log m = f − s·(f − z·sum), which keeps f's digits (2s = f − s·f).
    let tail = s * (f - z * sum)
    return (f - (tail - exponent * ln2Low)).addingProduct(exponent, ln2High)
  }

  @inlinable @inline(__always)
  static var ln2High: Double { 0x1.62e42feep-1 }
  @inlinable @inline(__always)
  static var ln2Low: Double { 0x1.a39ef35793c76p-33 }

  /// e to the x, within 1 ulp; 0 from −708 down and infinity from 709 up.
  public static func exp(_ x: Double) -> Double {
    guard x > -708 else { return x.isNaN ? x : 0 }
    guard x < 709 else { return .infinity }
    return expClamped(x)
  }

  /// ``exp(_:)`` without its branches, so that the loop around it is vectorised: x beyond ±708 counts as ±708.
  @inlinable @inline(__always)
  package static func expClamped(_ x: Double) -> Double {
    let x = x < -708 ? -708 : (x > 708.999 ? 708.999 : x)
    let k = (x * 1.4426950408889634).rounded(.toNearestOrEven)
    let r = x.addingProduct(-k, ln2High).addingProduct(-k, ln2Low)
    // The series to r¹³/13!.
    var sum = 1.0 / 6_227_020_800
    sum = (1.0 / 479_001_600).addingProduct(sum, r)
    sum = (1.0 / 39_916_800).addingProduct(sum, r)
    sum = (1.0 / 3_628_800).addingProduct(sum, r)
    sum = (1.0 / 362_880).addingProduct(sum, r)
    sum = (1.0 / 40_320).addingProduct(sum, r)
    sum = (1.0 / 5_040).addingProduct(sum, r)
    sum = (1.0 / 720).addingProduct(sum, r)
    sum = (1.0 / 120).addingProduct(sum, r)
    sum = (1.0 / 24).addingProduct(sum, r)
    sum = (1.0 / 6).addingProduct(sum, r)
    sum = 0.5.addingProduct(sum, r)
    sum = 1.0.addingProduct(sum, r)
    sum = 1.0.addingProduct(sum, r)
    return sum * Double(bitPattern: UInt64(bitPattern: Int64(Int32(k)) &+ 1023) << 52)
  }

  /// e to the x for x ≤ 0, 0 from −708 down.
  @inlinable @inline(__always)
  package static func expNegative(_ x: Double) -> Double { x < -708 ? 0 : expClamped(x) }

  /// `base` to the `power` for a positive base, with a relative error below (2 + 3·|power·log base|)·2⁻⁵³.
  public static func pow(_ base: Double, _ power: Double) -> Double { exp(power * log(base)) }

  /// Sine of `turns` whole turns, |turns| ≤ ½, within 3 ulp and never beyond ±1.
  @inlinable @inline(__always)
  public static func sinTurns(_ turns: Double) -> Double {
    let upper = 0.5 - turns
    let lower = -0.5 - turns
    let folded = max(min(turns, upper), lower)
    return sinQuarter(folded)
  }

  /// Cosine of `turns` whole turns, |turns| ≤ ½, within 3 ulp and never beyond ±1.
  @inlinable @inline(__always)
  public static func cosTurns(_ turns: Double) -> Double { sinQuarter(0.25 - abs(turns)) }

  /// sin 2πx for |x| ≤ ¼: its series to x²⁵, coefficients (−1)ᵏ (2π)²ᵏ⁺¹ / (2k + 1)!.
  @inlinable @inline(__always)
  static func sinQuarter(_ x: Double) -> Double {
    let z = x * x
    var sum = 0.000005805652402949906167962783
    sum = (-0.00008823533599243005134484484).addingProduct(sum, z)
    sum = (0.001130923748251796187770218).addingProduct(sum, z)
    sum = (-0.01203158594212062723320257).addingProduct(sum, z)
    sum = (0.1042291622081398411727104).addingProduct(sum, z)
    sum = (-0.7181223017785005122317403).addingProduct(sum, z)
    sum = (3.819952584848282127733792).addingProduct(sum, z)
    sum = (-15.09464257682299039182662).addingProduct(sum, z)
    sum = (42.05869394489765314498681).addingProduct(sum, z)
    sum = (-76.70585975306138584163064).addingProduct(sum, z)
    sum = (81.60524927607505420339768).addingProduct(sum, z)
    sum = (-41.34170224039976023396842).addingProduct(sum, z)
    sum = (6.283185307179586476925287).addingProduct(sum, z)
    return sum * x
  }
}
