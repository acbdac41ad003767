public import SCMConfiguration
public import SCMRandom

/// X = Σ wᵢ·parentᵢ + σ·ε, with weights from one law and the noise variance σ² from a Gamma law per node.
public struct LinearModel: MechanismModel, Hashable {
  public static let kind = "linear"

  /// The law of a weight.
  public enum WeightLaw: String, NamedChoice, Codable {
    /// N(0, scale²).
    case normal
    /// A random sign times a uniform magnitude, which keeps weights away from 0.
    case signedUniform = "signed_uniform"
  }

  public var weights = WeightLaw.normal
  public var weightScale = 1.0
  public var weightMin = 0.5
  public var weightMax = 2.0
  public var varianceShape = 2.5
  public var varianceScale = 0.4

  public init() {}

  public mutating func visitFields(_ visitor: inout some FieldVisitor) throws(ConfigError) {
    try visitor.choice(
      "linear_weights", &weights, "Law of a linear weight: normal N(0, scale²), or signed_uniform ±U(min, max).")
    try visitor.number(
      "linear_weight_scale", &weightScale, in: .from(0, to: 1e6), "Standard deviation of a normal weight.")
    try visitor.number(
      "linear_weight_min", &weightMin, in: .from(0, to: 1e6), "Least magnitude of a signed_uniform weight.")
    try visitor.number(
      "linear_weight_max", &weightMax, in: .from(0, to: 1e6), "Largest magnitude of a signed_uniform weight.")
    try visitor.number(
      "noise_variance_shape", &varianceShape, in: .above(0, to: 1e6),
      "Shape of the Gamma law of a node's noise variance.")
    try visitor.number(
      "noise_variance_scale", &varianceScale, in: .above(0, to: 1e6),
      "Scale of the Gamma law of a node's noise variance; its mean is shape times scale.")
  }

  public func check() throws(ConfigError) {
    guard weightMin <= weightMax else {
      throw ConfigError(
        path: "linear_weight_min", value: "\(weightMin)", reason: "must be at most linear_weight_max, \(weightMax)")
    }
  }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey) -> any Mechanism {
    let variance = Gamma(shape: varianceShape, scale: varianceScale)
      .sample(0, key: key, site: node, purpose: .noiseParameter)
    return LinearMechanism(
      weights: drawWeights(parentCount, node: node, key: key), bias: 0, noiseScale: Float(variance.squareRoot()))
  }

  private func drawWeights(_ count: Int, node: UInt32, key: TaskKey) -> [Float] {
    switch weights {
    case .normal:
      return key.normals(count: count, site: node, purpose: .weights).map { Float(weightScale * $0) }
    case .signedUniform:
      var words = key.words(site: node, purpose: .weights)
      return (0..<count).map { _ in
        // The sign is bit 0; the magnitude reads the 53 high bits.
        let word = words.next64()
        let magnitude = weightMin + (weightMax - weightMin) * Double(unit: word)
        return Float(word & 1 == 0 ? magnitude : -magnitude)
      }
    }
  }
}

/// bias + Σ weightᵢ·parentᵢ + noiseScale·ε, summed in that order by fused multiply-adds.
public struct LinearMechanism: Mechanism, Hashable {
  public let weights: [Float]
  public let bias: Float
  public let noiseScale: Float

  public init(weights: [Float], bias: Float, noiseScale: Float) {
    self.weights = weights
    self.bias = bias
    self.noiseScale = noiseScale
  }

  public var kind: String { LinearModel.kind }
  public var parentCount: Int { weights.count }
  public var noise: [NoiseChannel] { [.noise] }

  public var parameters: [MechanismParameter] {
    [.init("weight", weights), .init("bias", bias), .init("noise_scale", noiseScale)]
  }

  public func evaluate(_ rows: MechanismRows) {
    let out = unsafe rows.output
    let noise = unsafe rows.inputs + weights.count * MechanismRows.stride
    if weights.isEmpty {
      for r in 0..<rows.count { unsafe out[r] = bias.addingProduct(noiseScale, noise[r]) }
      return
    }
    for (column, weight) in weights.enumerated() {
      let parent = unsafe rows.inputs + column * MechanismRows.stride
      switch (column == 0, column == weights.count - 1) {
      case (true, true):
        for r in 0..<rows.count {
          unsafe out[r] = bias.addingProduct(weight, parent[r]).addingProduct(noiseScale, noise[r])
        }
      case (true, false):
        for r in 0..<rows.count { unsafe out[r] = bias.addingProduct(weight, parent[r]) }
      case (false, true):
        for r in 0..<rows.count {
          unsafe out[r] = out[r].addingProduct(weight, parent[r]).addingProduct(noiseScale, noise[r])
        }
      case (false, false):
        for r in 0..<rows.count { unsafe out[r] = out[r].addingProduct(weight, parent[r]) }
      }
    }
  }
}
