public import SCMConfiguration
public import SCMRandom

/// A Gaussian process of the parents with additive noise: X = bias + f(parents) + σ·ε, and where asked a fixed function of that
/// (post-nonlinear).
///
/// Sources: Lorch, Sussex, Rothfuss, Krause, Schölkopf, "Amortized inference for causal structure learning", NeurIPS 2022 (the
/// family); Zhang and Hyvärinen, "On the identifiability of the post-nonlinear causal model", UAI 2009.
public struct AdditiveGPModel: MechanismModel {
  public static let kind = "gp"

  /// The law of a length scale.
  public enum LengthLaw: String, NamedChoice, Codable {
    case uniform
    /// Parameters are the mean and the standard deviation of the logarithm.
    case logNormal = "log_normal"
  }

  public var features = 256
  public var kernels: [SpectralKernel] = [.rbf]
  public var gammaMin = 1.0
  public var gammaMax = 2.0
  public var alpha = 1.0
  public var lengthLaw = LengthLaw.logNormal
  public var lengthFirst = 0.0
  public var lengthSecond = 0.5
  public var outputMin = 1.0
  public var outputMax = 1.0
  public var biasBound = 0.0
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
      "gp_length_law", &lengthLaw, "Law of a length scale: uniform(first, second) or log_normal(first, second).")
    try visitor.number("gp_length_first", &lengthFirst, in: .from(-20, to: 1e6), "First parameter of gp_length_law.")
    try visitor.number("gp_length_second", &lengthSecond, in: .from(0, to: 1e6), "Second parameter of gp_length_law.")
    try visitor.number(
      "gp_output_min", &outputMin, in: .from(0, to: 1e6), "Least standard deviation of a node's function.")
    try visitor.number(
      "gp_output_max", &outputMax, in: .from(0, to: 1e6), "Largest standard deviation of a node's function.")
    try visitor.number(
      "gp_bias", &biasBound, in: .from(0, to: 1e6), "A node's bias is uniform between minus this and this.")
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
    if lengthLaw == .uniform, lengthFirst <= 0 || lengthFirst > lengthSecond {
      throw ConfigError(
        path: "gp_length_first", value: "\(lengthFirst)",
        reason: "must be above 0 and at most gp_length_second, \(lengthSecond), for a uniform law")
    }
    guard features >= 2 * kernels.count else {
      throw ConfigError(
        path: "gp_features", value: "\(features)",
        reason: "must be at least two for each of the \(kernels.count) kernels")
    }
  }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey) -> any Mechanism {
    let u = Double(unit: key.block(0, site: node, purpose: .kernelParameter, draw: .max).word64(0))
    let output = outputMin + (outputMax - outputMin) * u
    let model = FourierModel(
      count: features / 2, kernels: kernels, variance: output * output, gammaMin: gammaMin, gammaMax: gammaMax,
      alpha: alpha,
      length: { [lengthLaw, lengthFirst, lengthSecond] normal, uniform in
        switch lengthLaw {
        case .uniform: lengthFirst + (lengthSecond - lengthFirst) * uniform
        case .logNormal: Elementary.exp(lengthFirst + lengthSecond * normal)
        }
      })
    let noise = noiseScale.draw(parentCount: parentCount, node: node, key: key)
    // A root has no function: f of nothing is a constant, which is the bias.
    let function =
      parentCount == 0
      ? FourierFunction(dimensions: 0, frequencies: [], phases: [], amplitudes: [])
      : model.draw(dimensions: parentCount, node: node, key: key)
    return AdditiveGPMechanism(
      function: function, bias: key.bias(biasBound, node: node), noiseScale: noise.scale, factor: noise.factor,
      outer: outer)
  }
}

/// outer(bias + f(parents) + noiseScale·ε), plus a nugget inside where f had features too fast to keep.
public struct AdditiveGPMechanism: Mechanism, Hashable {
  public let function: FourierFunction
  public let bias: Float
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
    function.parameters + [MechanismParameter("bias", bias), MechanismParameter("noise_scale", noiseScale)]
      + (factor?.parameters ?? [])
  }

  public var settings: [String: Double] { ["outer": Double(outer.index)] }

  public func evaluate(_ rows: MechanismRows) {
    let noise = unsafe rows.noise(column: parentCount, factor: factor)
    let nugget = unsafe rows.inputs + (parentCount + self.noise.count - 1) * MechanismRows.stride
    for first in stride(from: 0, to: rows.count, by: MechanismRows.laneCount) {
      var sum = SIMD16<Float>(repeating: bias)
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
