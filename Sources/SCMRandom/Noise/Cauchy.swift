import SCMElementary

/// The Cauchy law with median 0 and scale 1: it has neither mean nor variance.
public struct CauchyNoise: KernelNoiseLaw {
  public static let kind = "cauchy"
  static var kernel: KernelTable.Fill { unsafe Kernels.table.cauchy }

  public init() {}
}

extension NoiseLaw where Self == CauchyNoise {
  /// The Cauchy law with median 0 and scale 1.
  public static var cauchy: Self { Self() }
}
