public import SCMBase
public import SCMRandom

/// X = bias + Σ wᵢ·parentᵢ + σ·ε, with weights from one law and the size of the noise from another.
public struct LinearModel: MechanismModel, Hashable {
  public static let kind = "linear"
  public var kind: String { Self.kind }
  public var readsNoiseScale: Bool { true }

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
  public var weightFloor = 0.0
  public var biasBound = 0.0

  public init() {}

  public var fields: [Field<Self>] {
    [
      .choice(
        "linear_weights", \.weights, "Law of a linear weight: normal N(0, scale²), or signed_uniform ±U(min, max)."),
      .number(
        "linear_weight_scale", \.weightScale, in: .from(0, to: 1e6), "Standard deviation of a normal weight."),
      .number(
        "linear_weight_min", \.weightMin, in: .from(0, to: 1e6), "Least magnitude of a signed_uniform weight."),
      .number(
        "linear_weight_max", \.weightMax, in: .from(0, to: 1e6), "Largest magnitude of a signed_uniform weight."),
      .number(
        "linear_weight_floor", \.weightFloor, in: .from(0, to: 1e6),
        "Normal weights of a smaller magnitude are drawn again, so that no edge is nearly none; at most twice linear_weight_scale."
      ),
      .number(
        "linear_bias", \.biasBound, in: .from(0, to: 1e6), "A node's bias is uniform between minus this and this."),
    ]
  }

  public func check() throws(ConfigError) {
    guard weightFloor <= 2 * weightScale else {
      throw ConfigError(
        path: "linear_weight_floor", value: "\(weightFloor)",
        reason: "must be at most twice linear_weight_scale, \(2 * weightScale), for a weight in twenty to pass")
    }
    try ConfigError.checkBounds("linear_weight", weightMin, weightMax)
  }

  public func makeMechanism(
    parentCount: Int, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism {
    let noise = noiseScale.draw(parentCount: parentCount, node: node, key: key)
    if weights == .normal, weightFloor == 0 {
      let numbers = [Float](
        key.bias(biasBound, node: node), noise.scale, weights: parentCount, scale: weightScale, node: node, key: key)
      return LinearMechanism(numbers: numbers, from: 0, weightCount: parentCount, factor: noise.factor)
    }
    return LinearMechanism(
      weights: drawWeights(parentCount, node: node, key: key), bias: key.bias(biasBound, node: node),
      noiseScale: noise.scale, factor: noise.factor)
  }

  /// All nodes at once, where the usual laws draw: what ``makeMechanism(parentCount:node:key:noiseScale:)`` gives one by one, their numbers
  /// side by side.
  public func makeMechanisms(
    parentCounts: [Int], key: TaskKey, noiseScale: NoiseScaleModel
  ) -> [any Mechanism] {
    guard weights == .normal, weightFloor == 0, let scales = noiseScale.scales(count: parentCounts.count, key: key)
    else {
      return makeOneByOne(parentCounts: parentCounts, key: key, noiseScale: noiseScale)
    }
    let numbers = [Float](
      weightsOf: parentCounts, scale: weightScale, key: key,
      first: { (key.bias(biasBound, node: UInt32(truncatingIfNeeded: $0)), scales[$0]) })
    var start = 0
    return parentCounts.map { count in
      defer { start += count + LinearMechanism.before }
      return LinearMechanism(numbers: numbers, from: start, weightCount: count)
    }
  }

  private func drawWeights(_ count: Int, node: UInt32, key: TaskKey) -> [Float] {
    switch weights {
    case .normal:
      var weights = key.scaledNormals(count: count, scale: weightScale, site: node, purpose: .weights)
      guard weightFloor > 0 else { return weights }
      // Attempt a reads draw a. One weight in twenty-two passes at least, so the bound is reached once in 10^20.
      for attempt in 1..<1000 as Range<UInt32> {
        let small = weights.indices.filter { abs(weights[$0]) < Float(weightFloor) }
        guard let last = small.last else { break }
        let again = key.scaledNormals(
          count: last + 1, scale: weightScale, site: node, purpose: .weights, draw: attempt)
        for index in small { weights[index] = again[index] }
      }
      return weights
    case .signedUniform:
      var words = key.words(site: node, purpose: .weights)
      return (0..<count).map { _ in Float(words.nextSignedUniform(from: weightMin, to: weightMax)) }
    }
  }
}

extension WordSequence {
  /// A uniform magnitude, read from the 53 high bits of a word, with the sign of bit 0.
  package mutating func nextSignedUniform(from least: Double, to most: Double) -> Double {
    let word = next64()
    let magnitude = least + (most - least) * Double(unit: word)
    return word & 1 == 0 ? magnitude : -magnitude
  }
}

extension TaskKey {
  /// A node's bias, uniform between −bound and bound.
  func bias(_ bound: Double, node: UInt32) -> Float {
    guard bound > 0 else { return 0 }
    let u = Double(openUnit: block(0, site: node, purpose: .weights, draw: .max).word64(0))
    return Float(bound * (2 * u - 1))
  }
}
