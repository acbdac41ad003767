import SCMElementary

/// A logistic law.
public struct LogisticNoise: WordwiseNoiseLaw {
  public static let kind = "logistic"

  public init() {}

  @inline(__always)
  public func value(_ word: UInt32) -> Float { NoiseFormula.logistic(word) }

  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe Kernels.table.logistic(out, first, blocks, key.seed, site, purpose.rawValue, draw)
  }
}

extension NoiseLaw where Self == LogisticNoise {
  /// A logistic law.
  public static var logistic: Self { Self() }
}
