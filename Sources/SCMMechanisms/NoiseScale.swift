public import SCMBase
import SCMRandom

/// The size of the noise of an additive mechanism: constant over rows, drawn per row, or a function of the parents.
///
/// A family has one, which its mechanisms of every kind read.
public struct NoiseScaleModel: Configurable, Hashable {
  public enum Law: String, NamedChoice, Codable {
    /// The node's variance is Gamma(shape, scale), the same for all rows.
    case gammaVariance = "gamma_variance"
    /// The node's standard deviation is uniform between two bounds.
    case uniform
    /// The node's variance is uniform between the squares of the two bounds.
    case uniformVariance = "uniform_variance"
    /// Each row has its own variance, Gamma(shape, scale).
    case gammaVariancePerRow = "gamma_variance_per_row"
    /// Each row has its own standard deviation, Gamma(shape, scale).
    case gammaScalePerRow = "gamma_scale_per_row"
    /// The variance is softplus(h(parents)) with h a draw of a Gaussian process: heteroskedastic in the strict sense.
    case input
  }

  public var law = Law.gammaVariance
  public var shape = 2.5
  public var scale = 0.4
  public var least = 0.2
  public var most = 2.0
  public var inputLength = 10.0
  public var inputScale = 2.0

  public init() {}

  public var fields: [Field<Self>] {
    [
      .choice(
        "noise_scale_law", \.law,
        "Size of the noise of mechanisms that have one of a size (all but gpcde, kinds of classes and counts and, with mlp_noise = input, "
          + "mlp): gamma_variance, uniform or uniform_variance per node, gamma_variance_per_row or gamma_scale_per_row, or input: a variance "
          + "that is softplus of a random function of the parents."
      ),
      .number(
        "noise_variance_shape", \.shape, in: .above(0, to: 1e6),
        "Shape of the Gamma law of a noise variance (or scale)."),
      .number(
        "noise_variance_scale", \.scale, in: .above(0, to: 1e6),
        "Scale of the Gamma law of a noise variance (or scale); its mean is shape times scale."),
      .number(
        "noise_scale_min", \.least, in: .from(0, to: 1e6),
        "Least standard deviation under the laws uniform and uniform_variance."),
      .number(
        "noise_scale_max", \.most, in: .from(0, to: 1e6), "Largest standard deviation under these laws."),
      .number(
        "noise_input_length", \.inputLength, in: .from(1e-3, to: 1e6),
        "Length scale of the function under the law input."),
      .number(
        "noise_input_scale", \.inputScale, in: .from(0, to: 1e6),
        "Standard deviation of the function under the law input."
      ),
    ]
  }

  public func check() throws(ConfigError) {
    try ConfigError.checkBounds("noise_scale", least, most)
  }

  /// Whether a node's noise has another size in each row.
  public var varies: Bool {
    switch law {
    case .gammaVariance, .uniform, .uniformVariance: false
    case .gammaVariancePerRow, .gammaScalePerRow, .input: true
    }
  }

  /// The scale of one node, and the factor that changes from row to row, if there is one.
  func draw(parentCount: Int, node: UInt32, key: TaskKey) -> (scale: Float, factor: NoiseFactor?) {
    let gamma = Gamma(shape: shape, scale: scale)
    switch law {
    case .gammaVariance:
      return (Float(gamma.sample(0, key: key, site: node, purpose: .noiseParameter).squareRoot()), nil)
    case .uniform:
      let u = Double(unit: key.block(0, site: node, purpose: .noiseParameter).word64(0))
      return (Float(least + (most - least) * u), nil)
    case .uniformVariance:
      let u = Double(unit: key.block(0, site: node, purpose: .noiseParameter).word64(0))
      return (Float((least * least + (most * most - least * least) * u).squareRoot()), nil)
    case .gammaVariancePerRow: return (1, .channel(.rowScale(gamma, isVariance: true)))
    case .gammaScalePerRow: return (1, .channel(.rowScale(gamma, isVariance: false)))
    case .input:
      // AVICI's 100 random features, of which one cosine with a random phase stands for two.
      var law = GaussianProcessLaw()
      law.features = 100
      law.variance = inputScale * inputScale
      law.length = LengthLaw(form: .uniform, first: inputLength, second: inputLength)
      return (1, .ofParents(law.draw(dimensions: parentCount, node: node, key: key, firstDraw: 1 << 16)))
    }
  }
}

extension NoiseScaleModel {
  /// The scales of nodes 0 ..< count, where the law gives each node one and nothing else: those of ``draw(parentCount:node:key:)``.
  func scales(count: Int, key: TaskKey) -> [Float]? {
    guard law == .gammaVariance else { return nil }
    return unsafe [Float](over: 0, count: count) { scales in
      unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { scratch in
        guard let values = scratch.baseAddress else { return }
        unsafe Kernels.table.siteGammas(
          values, count, shape, key.seed, TaskKey.Purpose.noiseParameter.rawValue, 0)
        for node in 0..<count { unsafe scales[node] = Float((values[node] * scale).squareRoot()) }
      }
    }
  }
}

/// The factor of a row's noise, beside the node's own scale.
public indirect enum NoiseFactor: Hashable, Sendable {
  /// A column that follows the noise.
  case channel(NoiseChannel)
  /// √softplus of a function of the parents.
  ///
  /// Source: Lorch, Sussex, Rothfuss, Krause, Schölkopf, "Amortized inference for causal structure learning", NeurIPS 2022.
  case ofParents(FourierFunction)

  /// Columns that it reads beside the noise.
  var channelCount: Int {
    if case .channel = self { 1 } else { 0 }
  }

  var channels: [NoiseChannel] {
    if case .channel(let channel) = self { [channel] } else { [] }
  }

  /// The mean of its square; `nil` where that depends on the parents.
  package var meanSquare: Double? {
    if case .channel(let channel) = self { channel.meanSquare } else { nil }
  }

  var parameters: [MechanismParameter] {
    guard case .ofParents(let function) = self else { return [] }
    return function.parameters.map { .init("noise_function_" + $0.name, shape: $0.shape, $0.values) }
  }
}

extension MechanismRows {
  /// A column of noise, multiplied by its factors where it has any.
  @unsafe
  func noise(column: Int, factor: NoiseFactor?) -> UnsafePointer<Float> {
    let noise = unsafe inputs + column * Self.stride
    switch factor {
    case nil: return unsafe noise
    case .channel:
      let factors = unsafe noise + Self.stride
      for r in 0..<count { unsafe scratch[r] = factors[r] * noise[r] }
    case .ofParents(let function):
      for r in 0..<count { unsafe scratch[r] = 0 }
      unsafe function.add(to: scratch, inputs, rows: count)
      for r in 0..<count { unsafe scratch[r] = softplus(scratch[r]).squareRoot() * noise[r] }
    }
    return unsafe UnsafePointer(scratch)
  }
}

/// log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), which never overflows.
@inline(__always)
private func softplus(_ x: Float) -> Float {
  let magnitude = abs(x)
  let e = Elementary.expMinusOne(magnitude < 80 ? -magnitude : -80) + 1
  return (x > 0 ? x : 0) + Elementary.log(1 + e)
}
