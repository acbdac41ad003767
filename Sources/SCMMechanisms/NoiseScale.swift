public import SCMConfiguration
import SCMRandom

/// How large the noise of an additive mechanism is: constant over rows, drawn per row, or a function of the parents.
public struct NoiseScaleModel: Configurable, Hashable, Sendable {
  public enum Law: String, NamedChoice, Codable {
    /// The node's variance is Gamma(shape, scale), the same for all rows.
    case gammaVariance = "gamma_variance"
    /// The node's standard deviation is uniform between two bounds.
    case uniform
    /// Each row has its own variance, Gamma(shape, scale).
    case gammaVariancePerRow = "gamma_variance_per_row"
    /// Each row has its own standard deviation, Gamma(shape, scale).
    case gammaScalePerRow = "gamma_scale_per_row"
  }

  public var law = Law.gammaVariance
  public var shape = 2.5
  public var scale = 0.4
  public var least = 0.2
  public var most = 2.0

  public init() {}

  public mutating func visitFields(_ visitor: inout some FieldVisitor) throws(ConfigError) {
    try visitor.choice(
      "noise_scale_law", &law,
      "Size of additive noise: gamma_variance or uniform per node, gamma_variance_per_row or gamma_scale_per_row.")
    try visitor.number(
      "noise_variance_shape", &shape, in: .above(0, to: 1e6), "Shape of the Gamma law of a noise variance (or scale).")
    try visitor.number(
      "noise_variance_scale", &scale, in: .above(0, to: 1e6),
      "Scale of the Gamma law of a noise variance (or scale); its mean is shape times scale.")
    try visitor.number(
      "noise_scale_min", &least, in: .from(0, to: 1e6), "Least standard deviation under the uniform law.")
    try visitor.number(
      "noise_scale_max", &most, in: .from(0, to: 1e6), "Largest standard deviation under the uniform law.")
  }

  func check() throws(ConfigError) {
    guard least <= most else {
      throw ConfigError(
        path: "noise_scale_min", value: "\(least)", reason: "must be at most noise_scale_max, \(most)")
    }
  }

  /// The scale of one node, and the column of factors per row that it is to be multiplied by, if there is one.
  func draw(node: UInt32, key: TaskKey) -> (scale: Float, perRow: NoiseChannel?) {
    let gamma = Gamma(shape: shape, scale: scale)
    switch law {
    case .gammaVariance:
      return (Float(gamma.sample(0, key: key, site: node, purpose: .noiseParameter).squareRoot()), nil)
    case .uniform:
      let u = Double(unit: key.block(0, site: node, purpose: .noiseParameter).word64(0))
      return (Float(least + (most - least) * u), nil)
    case .gammaVariancePerRow: return (1, .rowScale(gamma, isVariance: true))
    case .gammaScalePerRow: return (1, .rowScale(gamma, isVariance: false))
    }
  }
}

extension MechanismRows {
  /// A column of noise, multiplied by the column of factors after it where there is one.
  @unsafe
  func noise(column: Int, isScaledPerRow: Bool) -> UnsafePointer<Float> {
    let noise = unsafe inputs + column * Self.stride
    guard isScaledPerRow else { return unsafe noise }
    let factors = unsafe noise + Self.stride
    for r in 0..<count { unsafe scratch[r] = factors[r] * noise[r] }
    return unsafe UnsafePointer(scratch)
  }
}
