public import SCMBase
public import SCMRandom

/// X = scale·(uₖ − ½) + σ·ε, with u₀ = 1/(1 + exp(−Σᵢ wᵢ·xᵢ)) and k steps u ↦ r·u·(1 − u) of the logistic map.
///
/// u stays between 0 and 1, so nothing diverges; each step folds the line once more.
///
/// Source: May, "Simple mathematical models with very complicated dynamics", Nature 261 (1976): chaotic for most r above 3.57. Logistic
/// maps that drive each other are a standard case of causal time series (Sugihara et al., "Detecting causality in complex
/// ecosystems", Science 338, 2012).
public struct LogisticMapModel: AdditiveModel, Hashable {
  public static let kind = "logistic_map"

  public var steps = 2
  public var rateMin = 3.57
  public var rateMax = 4.0
  public var weightScale = 1.0
  public var scale = 4.0

  public init() {}

  public var fields: [Field<Self>] {
    [
      .integer("logistic_map_steps", \.steps, in: 1...6, "Steps of the map u to r u (1 - u)."),
      .number("logistic_map_rate_min", \.rateMin, in: .above(0, to: 4), "Least rate r of a node."),
      .number("logistic_map_rate_max", \.rateMax, in: .above(0, to: 4), "Largest rate r of a node."),
      .number(
        "logistic_map_weight_scale", \.weightScale, in: .from(0, to: 1e6),
        "Standard deviation of a normal weight of the sum that the map starts from."),
      .number("logistic_map_scale", \.scale, in: .from(0, to: 1e6), "Width of the map's range in a node's values."),
    ]
  }

  public func check() throws(ConfigError) {
    try ConfigError.checkBounds("logistic_map_rate", rateMin, rateMax)
  }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey, noise: AdditiveNoise) -> any Mechanism {
    let u = Double(unit: key.block(0, site: node, purpose: .weights, draw: 1).word64(0))
    return LogisticMapMechanism(
      weights: key.scaledNormals(count: parentCount, scale: weightScale, site: node, purpose: .weights),
      rate: Float(rateMin + (rateMax - rateMin) * u), steps: steps, scale: Float(scale), additiveNoise: noise)
  }
}

/// scale·(uₖ − ½) + noise, k = steps, from u₀ = ½ + ½·tanh(½·Σᵢ weightsᵢ·xᵢ).
public struct LogisticMapMechanism: AdditiveMechanism, Hashable {
  public let weights: [Float]
  public let rate: Float
  public let steps: Int
  public let scale: Float
  public let additiveNoise: AdditiveNoise

  public init(weights: [Float], rate: Float, steps: Int, scale: Float, additiveNoise: AdditiveNoise) {
    self.weights = weights
    self.rate = rate
    self.steps = steps
    self.scale = scale
    self.additiveNoise = additiveNoise
  }

  public var kind: String { LogisticMapModel.kind }
  public var parentCount: Int { weights.count }
  public var settings: [String: MechanismSetting] {
    ["steps": .number(Double(steps)), "scale": .number(Double(scale))]
  }
  public var functionParameters: [MechanismParameter] { [.init("weight", weights), .init("rate", rate)] }

  public func writeFunction(_ rows: MechanismRows) {
    rows.fillOutput(0)
    let out = unsafe rows.output
    for (index, weight) in weights.enumerated() {
      let x = unsafe rows.parent(index)
      for r in 0..<rows.count { unsafe out[r].addProduct(weight, x[r]) }
    }
    unsafe OuterFunction.sigmoid.apply(out, count: rows.count)
    for _ in 0..<steps {
      for r in 0..<rows.count { unsafe out[r] = rate * out[r] * (1 - out[r]) }
    }
    for r in 0..<rows.count { unsafe out[r] = scale * (out[r] - 0.5) }
  }
}
