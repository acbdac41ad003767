/// The Cauchy law with median 0 and scale 1: it has neither mean nor variance.
public struct CauchyNoise: WordwiseNoiseLaw {
  public static let kind = "cauchy"

  public init() {}

  /// cot πp for p in (0, ½] and a sign.
  @inline(__always)
  public func value(_ word: UInt32) -> Float {
    let halfTurns = 0.25 * halfOpenUnit(word)
    return sign(word) * Elementary.cosTurns(halfTurns) / Elementary.sinTurns(halfTurns)
  }
}

extension NoiseLaw where Self == CauchyNoise {
  /// The Cauchy law with median 0 and scale 1.
  public static var cauchy: Self { Self() }
}
