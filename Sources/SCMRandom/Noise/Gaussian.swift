import SCMElementary

/// The normal law.
public struct GaussianNoise: NoiseLaw {
  public static let kind = "gaussian"

  public init() {}

  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe Kernels.table.gaussian(out, first, blocks, key.seed, site, purpose.rawValue, draw)
  }
}

extension NoiseLaw where Self == GaussianNoise {
  /// The normal law.
  public static var gaussian: Self { Self() }
}
