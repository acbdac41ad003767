import SCMElementary

/// A double exponential law.
public struct LaplaceNoise: WordwiseNoiseLaw {
  public static let kind = "laplace"

  public init() {}

  @inline(__always)
  public func value(_ word: UInt32) -> Float { NoiseFormula.laplace(word) }

  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe Kernels.table.laplace(out, first, blocks, key.seed, site, purpose.rawValue, draw)
  }
}

extension NoiseLaw where Self == LaplaceNoise {
  /// A double exponential law.
  public static var laplace: Self { Self() }
}
