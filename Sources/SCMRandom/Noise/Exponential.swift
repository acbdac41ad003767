import SCMElementary

/// An exponential law, moved to mean 0.
public struct ExponentialNoise: KernelNoiseLaw {
  public static let kind = "exponential"
  static var kernel: KernelTable.Fill { unsafe Kernels.table.exponential }

  public init() {}
}

extension NoiseLaw where Self == ExponentialNoise {
  /// An exponential law, moved to mean 0.
  public static var exponential: Self { Self() }
}
