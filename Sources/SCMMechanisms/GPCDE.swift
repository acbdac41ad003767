public import SCMBase
public import SCMRandom

/// A Gaussian process of the parents and a latent variable: X = f(parents, w) + s·ε with f ~ GP and w ~ N(0, 1).
///
/// Averaged over w the conditional law of X is not Gaussian, and its spread depends on the parents. The function is drawn
/// once, as a sum of random Fourier features, so all rows of all draws share it.
///
/// Source: Dutordoir, Salimbeni, Deisenroth, Hensman, "Gaussian process conditional density estimation", NeurIPS 2018.
public struct GPCDEModel: MechanismModel {
  public static let kind = "gpcde"

  /// The size of the noise that is added to the function.
  public enum NoiseScaleLaw: String, NamedChoice, Codable {
    /// The same for all rows: `noiseScale`.
    case constant
    /// Each row has its own standard deviation, Gamma with mean `noiseScale` and shape `noiseShape`.
    case gammaPerRow = "gamma_per_row"
  }

  public var features = 512
  public var kernels: [SpectralKernel] = [.rbf, .matern32]
  public var variance = 1.0
  public var gammaMin = 1.0
  public var gammaMax = 2.0
  public var alpha = 1.0
  public var length = LengthLaw(least: 0.3, most: 5)
  public var meanWeight = 0.5
  public var parentWeight = 0.0
  public var mode = GaussianProcessMode.features
  public var noiseScaleLaw = NoiseScaleLaw.constant
  public var noiseScale = 0.05
  public var noiseShape = 1.0
  public var jitter = 0.0

  public init() {}

  public mutating func visitFields(_ visitor: inout some FieldVisitor) throws(ConfigError) {
    try visitor.integer(
      "gpcde_features", &features, in: 2...65_536, "Random Fourier features of a node, shared out among its kernels.")
    try visitor.choices(
      "gpcde_kernels", &kernels, count: 1...8, "Kernels that are summed, with equal variances.")
    try visitor.number("gpcde_variance", &variance, in: .above(0, to: 1e6), "Variance of the sum of the kernels.")
    try visitor.number(
      "gpcde_gamma_min", &gammaMin, in: .above(0, to: 2), "Least exponent of a gamma_exponential kernel.")
    try visitor.number(
      "gpcde_gamma_max", &gammaMax, in: .above(0, to: 2), "Largest exponent of a gamma_exponential kernel.")
    try visitor.number("gpcde_alpha", &alpha, in: .above(0, to: 1e6), "Shape of a rational_quadratic kernel.")
    try visitor.choice(
      "gpcde_length_law", &length.form,
      "Law of a length scale: log_normal(location, spread), uniform(location, spread) or gamma(shape location, scale "
        + "spread).")
    try visitor.number(
      "gpcde_length_location", &length.first, in: .from(-20, to: 1e6),
      "First parameter of gpcde_length_law: of log_normal, the mean of the logarithm.")
    try visitor.number(
      "gpcde_length_spread", &length.second, in: .from(0, to: 1e6),
      "Second parameter of gpcde_length_law: of log_normal, the standard deviation of the logarithm.")
    try visitor.number(
      "gpcde_length_min", &length.least, in: .above(0, to: 1e6), "Length scales below are raised to it.")
    try visitor.number("gpcde_length_max", &length.most, in: .above(0, to: 1e6), "Length scales above are cut to it.")
    try visitor.number(
      "gpcde_mean_weight", &meanWeight, in: .from(-1e6, to: 1e6),
      "The mean function is this times the latent variable "
        + "plus gpcde_parent_weight times the parents' sum.")
    try visitor.number(
      "gpcde_parent_weight", &parentWeight, in: .from(-1e6, to: 1e6), "Weight of each parent in the mean function.")
    try visitor.choice(
      "gpcde_mode", &mode,
      "How functions are drawn: by random Fourier features, or exact: jointly at the calibration rows, by Cholesky.")
    try visitor.choice(
      "gpcde_noise_scale_law", &noiseScaleLaw, "Size of the added noise: constant, or gamma_per_row.")
    try visitor.number(
      "gpcde_noise_scale", &noiseScale, in: .from(0, to: 1e6),
      "Scale of the noise that is added, or its mean over rows.")
    try visitor.number(
      "gpcde_noise_shape", &noiseShape, in: .above(0, to: 1e6), "Shape of the Gamma law of gamma_per_row.")
    try visitor.number(
      "gpcde_jitter", &jitter, in: .from(0, to: 1e6),
      "Variance of white noise that is added to the kernels, as exact draws add it to their diagonal.")
  }

  public func check() throws(ConfigError) {
    try length.check("gpcde_length_location", second: "gpcde_length_spread")
    guard length.least <= length.most else {
      throw ConfigError(
        path: "gpcde_length_min", value: "\(length.least)", reason: "must be at most gpcde_length_max, \(length.most)")
    }
    guard gammaMin <= gammaMax else {
      throw ConfigError(
        path: "gpcde_gamma_min", value: "\(gammaMin)", reason: "must be at most gpcde_gamma_max, \(gammaMax)")
    }
    guard features >= 2 * kernels.count else {
      throw ConfigError(
        path: "gpcde_features", value: "\(features)",
        reason: "must be at least two for each of the \(kernels.count) kernels")
    }
  }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey) -> any Mechanism {
    let model = GaussianProcessModel(
      count: features / 2, kernels: kernels, variance: variance, gammaMin: gammaMin, gammaMax: gammaMax, alpha: alpha,
      jitter: jitter, length: length)
    let isPerRow = noiseScaleLaw == .gammaPerRow && noiseScale > 0
    let gamma = Gamma(shape: noiseShape, scale: noiseScale / noiseShape)
    let mean = LinearMean(latentWeight: Float(meanWeight), parentWeight: Float(parentWeight))
    let scale = isPerRow ? 1 : Float(noiseScale)
    let factor = isPerRow ? NoiseFactor.channel(.rowScale(gamma, isVariance: false)) : nil
    if mode == .exact {
      let process = ExactProcess(model.kernel(dimensions: parentCount + 1, node: node, key: key))
      return ExactGPMechanism(
        kind: Self.kind, process: process, mean: mean, noiseScale: scale, factor: factor, outer: .identity)
    }
    return GPCDEMechanism(
      function: model.draw(dimensions: parentCount + 1, node: node, key: key), mean: mean, noiseScale: scale,
      factor: factor)
  }

  public var isExact: Bool { mode == .exact }

  public func byteCount(parentCount: Int, calibrationRows: Int) -> Int {
    gaussianProcessByteCount(mode, dimensions: parentCount + 1, features: features, anchors: calibrationRows)
  }
  public var readsStandardizedParents: Bool { true }
}

/// mean(parents, w) + f(parents, w) + noiseScale·ε, plus a nugget where f had features too fast to keep.
public struct GPCDEMechanism: Mechanism, Hashable {
  /// Of the parents and, last, the latent variable.
  public let function: FourierFunction
  public let mean: LinearMean
  public let noiseScale: Float
  /// What changes the noise's size from row to row, if anything does.
  public let factor: NoiseFactor?

  public var kind: String { GPCDEModel.kind }
  public var parentCount: Int { function.dimensions - 1 }
  public var readsStandardizedParents: Bool { true }

  public var noise: [NoiseChannel] {
    [.latent, .noise] + (factor?.channels ?? []) + (function.nuggetScale > 0 ? [.nugget] : [])
  }

  public var parameters: [MechanismParameter] {
    function.parameters + mean.parameters + [MechanismParameter("noise_scale", noiseScale)]
  }

  public func evaluate(_ rows: MechanismRows) {
    let noise = unsafe rows.noise(column: parentCount + 1, factor: factor)
    let nugget = unsafe rows.inputs + (parentCount + 2 + (factor?.channelCount ?? 0)) * MechanismRows.stride
    for first in stride(from: 0, to: rows.count, by: MechanismRows.laneCount) {
      let inputs = unsafe rows.inputs + first
      var sum = unsafe mean.value(inputs, parentCount: parentCount)
      unsafe function.add(to: &sum, inputs)
      unsafe sum.addProduct(SIMD16(repeating: noiseScale), Lanes.load(noise + first))
      if function.nuggetScale > 0 {
        unsafe sum.addProduct(SIMD16(repeating: function.nuggetScale), Lanes.load(nugget + first))
      }
      unsafe Lanes.store(sum, rows.output + first)
    }
  }
}
