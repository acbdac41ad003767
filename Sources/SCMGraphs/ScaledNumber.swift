/// A non-negative number with a mantissa in Double and an exponent of its own, for counts of a thousand digits. Only + and ×, with
/// one rounding each, so results are the same on every machine.
struct ScaledNumber: Sendable {
  /// 0, or in [1, 2).
  private(set) var mantissa: Double
  private(set) var exponent: Int

  init(_ value: Double) { self.init(value, 0) }

  init(_ value: Double, _ exponent: Int) {
    if value == 0 {
      (mantissa, self.exponent) = (0, 0)
    } else {
      mantissa = value.significand
      self.exponent = exponent + Int(value.exponent)
    }
  }

  static func * (a: ScaledNumber, b: ScaledNumber) -> ScaledNumber {
    ScaledNumber(a.mantissa * b.mantissa, a.exponent + b.exponent)
  }

  static func + (a: ScaledNumber, b: ScaledNumber) -> ScaledNumber {
    if a.mantissa == 0 { return b }
    if b.mantissa == 0 { return a }
    let (large, small) = a.exponent >= b.exponent ? (a, b) : (b, a)
    let distance = large.exponent - small.exponent
    guard distance <= 1000 else { return large }
    return ScaledNumber(
      large.mantissa + small.mantissa * Double(sign: .plus, exponent: -distance, significand: 1), large.exponent)
  }

  /// a / b for b above 0, as an ordinary number.
  static func ratio(_ a: ScaledNumber, _ b: ScaledNumber) -> Double {
    guard a.mantissa != 0 else { return 0 }
    let distance = a.exponent - b.exponent
    guard distance > -1000 else { return 0 }
    return a.mantissa / b.mantissa * Double(sign: .plus, exponent: min(distance, 1000), significand: 1)
  }

  /// 2 to the `power`.
  static func powerOfTwo(_ power: Int) -> ScaledNumber { ScaledNumber(1, power) }

  func power(_ power: Int) -> ScaledNumber {
    var (result, base, left) = (ScaledNumber(1), self, power)
    while left > 0 {
      if left & 1 == 1 { result = result * base }
      base = base * base
      left >>= 1
    }
    return result
  }
}
