import SCMElementary

/// Uniform between −√3 and √3.
public struct UniformNoise: KernelNoiseLaw {
  public static let kind = "uniform"
  static var kernel: KernelTable.Fill { unsafe Kernels.table.uniform }

  public init() {}
}

extension NoiseLaw where Self == UniformNoise {
  /// Uniform between −√3 and √3.
  public static var uniform: Self { Self() }
}
