/// A logistic law.
public struct LogisticNoise: WordwiseNoiseLaw {
  public static let kind = "logistic"

  public init() {}

  /// Both tails are read from small numbers, where floats are dense: p in (0, ½] and a sign.
  @inline(__always)
  public func value(_ word: UInt32) -> Float {
    let p = 0.5 * halfOpenUnit(word)
    return sign(word) * (Elementary.logOneMinus(p) - Elementary.log(p)) * 0.55132890
  }
}

extension NoiseLaw where Self == LogisticNoise {
  /// A logistic law.
  public static var logistic: Self { Self() }
}
