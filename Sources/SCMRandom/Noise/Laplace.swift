import SCMElementary

/// A double exponential law.
public struct LaplaceNoise: KernelNoiseLaw {
  public static let kind = "laplace"
  static var kernel: KernelTable.Fill { unsafe Kernels.table.laplace }

  public init() {}
}

extension NoiseLaw where Self == LaplaceNoise {
  /// A double exponential law.
  public static var laplace: Self { Self() }
}
