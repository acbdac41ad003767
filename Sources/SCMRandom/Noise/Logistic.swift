import SCMElementary

/// A logistic law.
public struct LogisticNoise: KernelNoiseLaw {
  public static let kind = "logistic"
  static var kernel: KernelTable.Fill { unsafe Kernels.table.logistic }

  public init() {}
}

extension NoiseLaw where Self == LogisticNoise {
  /// A logistic law.
  public static var logistic: Self { Self() }
}
