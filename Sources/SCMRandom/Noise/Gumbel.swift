import SCMElementary

/// A Gumbel law, of the largest of many values.
public struct GumbelNoise: WordwiseNoiseLaw {
  public static let kind = "gumbel"

  public init() {}

  @inline(__always)
  public func value(_ word: UInt32) -> Float { NoiseFormula.gumbel(word) }

  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe Kernels.table.gumbel(out, first, blocks, key.seed, site, purpose.rawValue, draw)
  }
}

extension NoiseLaw where Self == GumbelNoise {
  /// A Gumbel law, of the largest of many values.
  public static var gumbel: Self { Self() }
}
