/// Uniform between −√3 and √3.
public struct UniformNoise: WordwiseNoiseLaw {
  public static let kind = "uniform"

  public init() {}

  @inline(__always)
  public func value(_ word: UInt32) -> Float { (Float(Int32(bitPattern: word) >> 8) + 0.5) * (0x1p-23 * 1.7320508) }
}

extension NoiseLaw where Self == UniformNoise {
  /// Uniform between −√3 and √3.
  public static var uniform: Self { Self() }
}
