/// An exponential law, moved to mean 0.
public struct ExponentialNoise: WordwiseNoiseLaw {
  public static let kind = "exponential"

  public init() {}

  @inline(__always)
  public func value(_ word: UInt32) -> Float { standardExponential(word) - 1 }
}

extension NoiseLaw where Self == ExponentialNoise {
  /// An exponential law, moved to mean 0.
  public static var exponential: Self { Self() }
}
