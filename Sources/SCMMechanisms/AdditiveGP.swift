public import SCMBase
public import SCMRandom

/// A Gaussian process of the parents with additive noise: X = bias + f(parents) + σ·ε, and where asked a fixed function of that
/// (post-nonlinear).
///
/// Sources: Lorch, Sussex, Rothfuss, Krause, Schölkopf, "Amortized inference for causal structure learning", NeurIPS 2022 (the
/// family); Zhang and Hyvärinen, "On the identifiability of the post-nonlinear causal model", UAI 2009.
public struct AdditiveGPModel: MechanismModel {
  public static let kind = "gp"

  public var features = 256
  public var kernels: [SpectralKernel] = [.rbf]
  public var gammaMin = 1.0
  public var gammaMax = 2.0
  public var alpha = 1.0
  public var length = LengthLaw()
  public var outputMin = 1.0
  public var outputMax = 1.0
  public var biasBound = 0.0
  public var parentWeight = 0.0
  public var mode = GaussianProcessMode.features
  public var outer = OuterFunction.identity
  public var noiseScale = NoiseScaleModel()

  public init() {}

  public mutating func visitFields(_ visitor: inout some FieldVisitor) throws(ConfigError) {
    try visitor.integer(
      "gp_features", &features, in: 2...65_536, "Random Fourier features of a node, shared out among its kernels.")
    try visitor.choices("gp_kernels", &kernels, count: 1...8, "Kernels that are summed, with equal variances.")
    try visitor.number(
      "gp_gamma_min", &gammaMin, in: .above(0, to: 2), "Least exponent of a gamma_exponential kernel.")
    try visitor.number(
      "gp_gamma_max", &gammaMax, in: .above(0, to: 2), "Largest exponent of a gamma_exponential kernel.")
    try visitor.number("gp_alpha", &alpha, in: .above(0, to: 1e6), "Shape of a rational_quadratic kernel.")
    try visitor.choice(
      "gp_length_law", &length.form,
      "Law of a length scale: uniform(first, second), log_normal(first, second) or gamma(shape first, scale second).")
    try visitor.number(
      "gp_length_first", &length.first, in: .from(-20, to: 1e6), "First parameter of gp_length_law.")
    try visitor.number(
      "gp_length_second", &length.second, in: .from(0, to: 1e6), "Second parameter of gp_length_law.")
    try visitor.number(
      "gp_output_min", &outputMin, in: .from(0, to: 1e6), "Least standard deviation of a node's function.")
    try visitor.number(
      "gp_output_max", &outputMax, in: .from(0, to: 1e6), "Largest standard deviation of a node's function.")
    try visitor.number(
      "gp_bias", &biasBound, in: .from(0, to: 1e6), "A node's bias is uniform between minus this and this.")
    try visitor.number(
      "gp_parent_weight", &parentWeight, in: .from(-1e6, to: 1e6), "The mean function is this times the parents' sum.")
    try visitor.choice(
      "gp_mode", &mode,
      "How functions are drawn: by random Fourier features, or exact: jointly at the calibration rows, by Cholesky.")
    try visitor.choice(
      "gp_outer", &outer, "Function of the sum (post-nonlinear): identity, tanh, sigmoid, cube or leaky_relu.")
    try noiseScale.visitFields(&visitor)
  }

  public func check() throws(ConfigError) {
    try noiseScale.check()
    for (low, high, name) in [
      (gammaMin, gammaMax, "gp_gamma"), (outputMin, outputMax, "gp_output"),
    ] where low > high {
      throw ConfigError(path: "\(name)_min", value: "\(low)", reason: "must be at most \(name)_max, \(high)")
    }
    try length.check("gp_length_first", second: "gp_length_second")
    guard features >= 2 * kernels.count else {
      throw ConfigError(
        path: "gp_features", value: "\(features)",
        reason: "must be at least two for each of the \(kernels.count) kernels")
    }
  }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey) -> any Mechanism {
    let u = Double(unit: key.block(0, site: node, purpose: .kernelParameter, draw: .max).word64(0))
    let output = outputMin + (outputMax - outputMin) * u
    let model = GaussianProcessModel(
      count: features / 2, kernels: kernels, variance: output * output, gammaMin: gammaMin, gammaMax: gammaMax,
      alpha: alpha, length: length)
    let noise = noiseScale.draw(parentCount: parentCount, node: node, key: key)
    let bias = key.bias(biasBound, node: node)
    // A root has no function: f of nothing is a constant, which is the bias.
    if parentCount > 0, mode == .exact {
      return ExactGPMechanism(
        kind: Self.kind, process: ExactProcess(model.kernel(dimensions: parentCount, node: node, key: key)),
        mean: .init(bias: bias, parentWeight: Float(parentWeight)), noiseScale: noise.scale, factor: noise.factor,
        outer: outer)
    }
    let function =
      parentCount == 0
      ? FourierFunction(dimensions: 0, frequencies: [], phases: [], amplitudes: [])
      : model.draw(dimensions: parentCount, node: node, key: key)
    return AdditiveGPMechanism(
      function: function, mean: .init(bias: bias, parentWeight: Float(parentWeight)), noiseScale: noise.scale,
      factor: noise.factor, outer: outer)
  }

  public var isExact: Bool { mode == .exact }

  public func byteCount(parentCount: Int, calibrationRows: Int) -> Int {
    gaussianProcessByteCount(mode, dimensions: parentCount + 1, features: features, anchors: calibrationRows)
  }
}

/// outer(mean(parents) + f(parents) + noiseScale·ε), plus a nugget inside where f had features too fast to keep.
public struct AdditiveGPMechanism: Mechanism, Hashable {
  public let function: FourierFunction
  public let mean: LinearMean
  public let noiseScale: Float
  /// What changes the noise's size from row to row, if anything does.
  public let factor: NoiseFactor?
  public let outer: OuterFunction

  public var kind: String { AdditiveGPModel.kind }
  public var parentCount: Int { function.dimensions }

  public var noise: [NoiseChannel] {
    [.noise] + (factor?.channels ?? []) + (function.nuggetScale > 0 ? [.nugget] : [])
  }

  public var parameters: [MechanismParameter] {
    function.parameters + mean.parameters + [MechanismParameter("noise_scale", noiseScale)]
      + (factor?.parameters ?? [])
  }

  public var settings: [String: Double] { ["outer": Double(outer.index)] }

  public func evaluate(_ rows: MechanismRows) {
    let noise = unsafe rows.noise(column: parentCount, factor: factor)
    let nugget = unsafe rows.inputs + (parentCount + 1 + (factor?.channelCount ?? 0)) * MechanismRows.stride
    for first in stride(from: 0, to: rows.count, by: MechanismRows.laneCount) {
      var sum = unsafe mean.value(rows.inputs + first, parentCount: parentCount)
      unsafe function.add(to: &sum, rows.inputs + first)
      unsafe sum.addProduct(SIMD16(repeating: noiseScale), Lanes.load(noise + first))
      if function.nuggetScale > 0 {
        unsafe sum.addProduct(SIMD16(repeating: function.nuggetScale), Lanes.load(nugget + first))
      }
      unsafe Lanes.store(sum, rows.output + first)
    }
    unsafe outer.apply(rows.output, count: rows.count)
  }
}
