import SCMElementary

/// Uniform between −√3 and √3.
public struct UniformNoise: WordwiseNoiseLaw {
  public static let kind = "uniform"

  public init() {}

  @inline(__always)
  public func value(_ word: UInt32) -> Float { NoiseFormula.uniform(word) }

  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe Kernels.table.uniform(out, first, blocks, key.seed, site, purpose.rawValue, draw)
  }
}

extension NoiseLaw where Self == UniformNoise {
  /// Uniform between −√3 and √3.
  public static var uniform: Self { Self() }
}
