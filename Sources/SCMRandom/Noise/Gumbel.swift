import SCMElementary

/// A Gumbel law, of the largest of many values.
public struct GumbelNoise: KernelNoiseLaw {
  public static let kind = "gumbel"
  static var kernel: KernelTable.Fill { unsafe Kernels.table.gumbel }

  public init() {}
}

extension NoiseLaw where Self == GumbelNoise {
  /// A Gumbel law, of the largest of many values.
  public static var gumbel: Self { Self() }
}
