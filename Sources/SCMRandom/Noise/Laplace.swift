/// A double exponential law.
public struct LaplaceNoise: WordwiseNoiseLaw {
  public static let kind = "laplace"

  public init() {}

  @inline(__always)
  public func value(_ word: UInt32) -> Float { sign(word) * standardExponential(word) * 0.70710678 }
}

extension NoiseLaw where Self == LaplaceNoise {
  /// A double exponential law.
  public static var laplace: Self { Self() }
}
