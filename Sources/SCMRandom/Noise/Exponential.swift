import SCMElementary

/// An exponential law, moved to mean 0.
public struct ExponentialNoise: WordwiseNoiseLaw {
  public static let kind = "exponential"

  public init() {}

  @inline(__always)
  public func value(_ word: UInt32) -> Float { NoiseFormula.exponential(word) }

  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe Kernels.table.exponential(out, first, blocks, key.seed, site, purpose.rawValue, draw)
  }
}

extension NoiseLaw where Self == ExponentialNoise {
  /// An exponential law, moved to mean 0.
  public static var exponential: Self { Self() }
}
