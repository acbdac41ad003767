import SCMElementary

/// The normal law.
public struct GaussianNoise: KernelNoiseLaw {
  public static let kind = "gaussian"
  static var kernel: KernelTable.Fill { unsafe Kernels.table.gaussian }

  public init() {}
}

extension NoiseLaw where Self == GaussianNoise {
  /// The normal law.
  public static var gaussian: Self { Self() }
}
