/// A Gumbel law, of the largest of many values.
public struct GumbelNoise: WordwiseNoiseLaw {
  public static let kind = "gumbel"

  public init() {}

  /// −log E for an exponential E = −log(1 − v); small E, the long tail, is relatively exact.
  @inline(__always)
  public func value(_ word: UInt32) -> Float {
    // 1 − 2⁻²⁴ is the largest Float below 1.
    let v = halfOpenUnit(word)
    let e = -Elementary.logOneMinus(v < 0x1.fffffep-1 ? v : 0x1.fffffep-1)
    return (-Elementary.log(e) - 0.57721566) * 0.77969680
  }
}

extension NoiseLaw where Self == GumbelNoise {
  /// A Gumbel law, of the largest of many values.
  public static var gumbel: Self { Self() }
}
