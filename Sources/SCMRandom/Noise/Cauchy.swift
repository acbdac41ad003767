import SCMElementary

/// The Cauchy law with median 0 and scale 1: it has neither mean nor variance.
public struct CauchyNoise: WordwiseNoiseLaw {
  public static let kind = "cauchy"

  public init() {}

  @inline(__always)
  public func value(_ word: UInt32) -> Float { NoiseFormula.cauchy(word) }

  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe Kernels.table.cauchy(out, first, blocks, key.seed, site, purpose.rawValue, draw)
  }
}

extension NoiseLaw where Self == CauchyNoise {
  /// The Cauchy law with median 0 and scale 1.
  public static var cauchy: Self { Self() }
}
