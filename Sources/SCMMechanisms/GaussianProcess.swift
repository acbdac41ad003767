public import SCMBase
public import SCMRandom

/// A Gaussian process of the parents: X = outer(mean + f(parents) + s·ε) with f drawn once, so that all rows of all draws share it.
///
/// Two kinds of mechanism are such processes. ``gp`` has additive noise, and where asked a fixed function of the sum
/// (post-nonlinear). ``gpcde`` has a latent variable w ~ N(0, 1) as the last input of f and reads standardised parents: averaged
/// over w the conditional law of X is not Gaussian, and its spread depends on the parents.
///
/// Sources: Lorch, Sussex, Rothfuss, Krause, Schölkopf, "Amortized inference for causal structure learning", NeurIPS 2022, and
/// Zhang and Hyvärinen, "On the identifiability of the post-nonlinear causal model", UAI 2009 (gp); Dutordoir, Salimbeni,
/// Deisenroth, Hensman, "Gaussian process conditional density estimation", NeurIPS 2018 (gpcde).
public struct GaussianProcessModel: MechanismModel, Hashable {
  /// The size of the noise of ``gpcde``.
  public enum NoiseScaleLaw: String, NamedChoice, Codable {
    /// The same for all rows: `noiseScale`.
    case constant
    /// Each row has its own standard deviation, Gamma with mean `noiseScale` and shape `noiseShape`.
    case gammaPerRow = "gamma_per_row"
  }

  public let kind: String
  /// Whether a latent variable is among the inputs, as in ``gpcde``.
  public let hasLatent: Bool
  public var law = GaussianProcessLaw()
  public var parentWeight = 0.0
  public var mode = GaussianProcessMode.features

  // Without a latent variable: bounds of the function's standard deviation and of the bias at a node. The noise is the family's.
  public var outputMin = 1.0
  public var outputMax = 1.0
  public var biasBound = 0.0
  public var outer = OuterFunction.identity

  // With one, whose weight in the mean this is. The noise is the model's own.
  public var latentWeight = 0.5
  public var noiseScaleLaw = NoiseScaleLaw.constant
  public var noiseScale = 0.05
  public var noiseShape = 1.0

  public static let gp = GaussianProcessModel(kind: "gp", hasLatent: false)

  public static let gpcde = {
    var model = GaussianProcessModel(kind: "gpcde", hasLatent: true)
    model.law.features = 512
    model.law.kernels = [.rbf, .matern32]
    model.law.length = LengthLaw(least: 0.3, most: 5)
    return model
  }()

  private init(kind: String, hasLatent: Bool) {
    self.kind = kind
    self.hasLatent = hasLatent
  }

  public func check() throws(ConfigError) {
    try ConfigError.checkBounds("\(kind)_gamma", law.gammaMin, law.gammaMax)
    try ConfigError.checkBounds("\(kind)_output", outputMin, outputMax)
    try ConfigError.checkBounds("\(kind)_length", law.length.least, law.length.most)
    try law.length.check("\(kind)_length_first", second: "\(kind)_length_second")
    guard law.features >= 2 * law.kernels.count else {
      throw ConfigError(
        path: "\(kind)_features", value: "\(law.features)",
        reason: "must be at least two for each of the \(law.kernels.count) kernels")
    }
  }

  public func makeMechanism(
    parentCount: Int, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism {
    let noise = hasLatent ? ownNoise : noiseScale.draw(parentCount: parentCount, node: node, key: key)
    let mean = LinearMean(
      bias: hasLatent ? 0 : key.bias(biasBound, node: node), latentWeight: hasLatent ? Float(latentWeight) : nil,
      parentWeight: Float(parentWeight))
    return GaussianProcessMechanism(
      kind: kind, source: source(dimensions: parentCount + (hasLatent ? 1 : 0), node: node, key: key), mean: mean,
      noiseScale: noise.scale, factor: noise.factor, outer: outer)
  }

  private func source(dimensions: Int, node: UInt32, key: TaskKey) -> GaussianProcessMechanism.Source {
    // A root has no function: f of nothing is a constant, which is the bias.
    guard dimensions > 0 else {
      return .features(FourierFunction(dimensions: 0, frequencies: [], phases: [], amplitudes: []))
    }
    var law = law
    if !hasLatent {
      let u = Double(unit: key.block(0, site: node, purpose: .kernelParameter, draw: .max).word64(0))
      let output = outputMin + (outputMax - outputMin) * u
      law.variance = output * output
    }
    switch mode {
    // A function of no size, not even as a Float32, is 0 everywhere, and its covariance matrix has no factor.
    case .exact where Float(law.variance) >= .leastNormalMagnitude:
      return .exact(ExactProcess(law.kernel(dimensions: dimensions, node: node, key: key)))
    case .features, .exact: return .features(law.draw(dimensions: dimensions, node: node, key: key))
    }
  }

  private var ownNoise: (scale: Float, factor: NoiseFactor?) {
    guard noiseScaleLaw == .gammaPerRow, noiseScale > 0 else { return (Float(noiseScale), nil) }
    let gamma = Gamma(shape: noiseShape, scale: noiseScale / noiseShape)
    return (1, .channel(.rowScale(gamma, isVariance: false)))
  }

  public var readsNoiseScale: Bool { !hasLatent }
  public var isExact: Bool { mode == .exact }
  public var readsStandardizedParents: Bool { hasLatent }

  public func byteCount(parentCount: Int, calibrationRows: Int) -> Int {
    law.byteCount(mode, dimensions: parentCount + 1, anchors: calibrationRows)
  }
}

// How a configuration says it: both kinds name alike, behind their own prefix, what they both have.
extension GaussianProcessModel {
  public var fields: [Field<Self>] { sharedFields + (hasLatent ? latentFields : additiveFields) }

  private var sharedFields: [Field<Self>] {
    // The names that gpcde's parameters had.
    let (location, spread) = ("gpcde_length_location", "gpcde_length_spread")
    let first = Field<Self>.number(
      "\(kind)_length_first", \.law.length.first, in: .from(-20, to: 1e6),
      "First parameter of \(kind)_length_law: of log_normal, the mean of the logarithm.")
    let second = Field<Self>.number(
      "\(kind)_length_second", \.law.length.second, in: .from(0, to: 1e6),
      "Second parameter of \(kind)_length_law: of log_normal, the standard deviation of the logarithm.")
    return [
      .integer(
        "\(kind)_features", \.law.features, in: 2...65_536,
        "Random Fourier features of a node, shared out among its kernels."),
      .choices("\(kind)_kernels", \.law.kernels, count: 1...8, "Kernels that are summed, with equal variances."),
      .number(
        "\(kind)_gamma_min", \.law.gammaMin, in: .above(0, to: 2), "Least exponent of a gamma_exponential kernel."),
      .number(
        "\(kind)_gamma_max", \.law.gammaMax, in: .above(0, to: 2), "Largest exponent of a gamma_exponential kernel."),
      .number("\(kind)_alpha", \.law.alpha, in: .above(0, to: 1e6), "Shape of a rational_quadratic kernel."),
      .choice(
        "\(kind)_length_law", \.law.length.form,
        "Law of a length scale: uniform(first, second), log_normal(first, second) or gamma(shape first, scale second)."),
      hasLatent ? first.formerly(location) : first,
      hasLatent ? second.formerly(spread) : second,
      .number(
        "\(kind)_parent_weight", \.parentWeight, in: .from(-1e6, to: 1e6),
        "Weight of each parent in the mean function."),
      .choice(
        "\(kind)_mode", \.mode,
        "How functions are drawn: by random Fourier features, or exact: jointly at the calibration rows, by Cholesky."),
    ]
  }

  private var additiveFields: [Field<Self>] {
    [
      .number(
        "\(kind)_output_min", \.outputMin, in: .from(0, to: 1e6), "Least standard deviation of a node's function."),
      .number(
        "\(kind)_output_max", \.outputMax, in: .from(0, to: 1e6), "Largest standard deviation of a node's function."),
      .number(
        "\(kind)_bias", \.biasBound, in: .from(0, to: 1e6), "A node's bias is uniform between minus this and this."),
      .choice(
        "\(kind)_outer", \.outer,
        "Function of the sum (post-nonlinear): identity, tanh, sigmoid, cube or leaky_relu."),
    ]
  }

  private var latentFields: [Field<Self>] {
    [
      .number("\(kind)_variance", \.law.variance, in: .above(0, to: 1e6), "Variance of the sum of the kernels."),
      .number(
        "\(kind)_length_min", \.law.length.least, in: .above(0, to: 1e6), "Length scales below are raised to it."),
      .number("\(kind)_length_max", \.law.length.most, in: .above(0, to: 1e6), "Length scales above are cut to it."),
      .number(
        "\(kind)_mean_weight", \.latentWeight, in: .from(-1e6, to: 1e6),
        "The mean function is this times the latent variable plus \(kind)_parent_weight times the parents' sum."),
      .choice(
        "\(kind)_noise_scale_law", \.noiseScaleLaw, "Size of the added noise: constant, or gamma_per_row."),
      .number(
        "\(kind)_noise_scale", \.noiseScale, in: .from(0, to: 1e6),
        "Scale of the noise that is added, or its mean over rows."),
      .number(
        "\(kind)_noise_shape", \.noiseShape, in: .above(0, to: 1e6), "Shape of the Gamma law of gamma_per_row."),
      .number(
        "\(kind)_jitter", \.law.jitter, in: .from(0, to: 1e6),
        "Variance of white noise that is added to the kernels, as exact draws add it to their diagonal."),
    ]
  }
}
