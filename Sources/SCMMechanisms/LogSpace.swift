public import SCMBase
public import SCMRandom

/// X = exp(Σᵢ wᵢ·log(offset + |xᵢ|) + σ·ε): parents and noise multiply, and X is positive.
///
/// With offset 0 it is a product of powers: among nodes of this kind alone, logarithms are a linear SCM. A node without parents is
/// log-normal. Magnitudes below Float32's least normal number, 2⁻¹²⁶, count as that; values beyond its largest are an error.
///
/// Source: the log-space mechanisms of dowhy's `gcm.data_generator`, which have offset 1, keep signs and bound the exponent.
public struct LogSpaceModel: MechanismModel, Hashable {
  public static let kind = "log_space"
  public var kind: String { Self.kind }
  public var readsNoiseScale: Bool { true }

  public var weightScale = 0.5
  public var offset = 1.0

  public init() {}

  public var fields: [Field<Self>] {
    [
      .number("log_space_weight_scale", \.weightScale, in: .from(0, to: 1e6), "Standard deviation of a normal weight."),
      .number(
        "log_space_offset", \.offset, in: .from(0, to: 1e6),
        "What is added to a parent's magnitude before its logarithm is taken; 0 for a product of powers."),
    ]
  }

  public func makeMechanism(
    parentCount: Int, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism {
    LogSpaceMechanism(
      weights: key.scaledNormals(count: parentCount, scale: weightScale, site: node, purpose: .weights),
      offset: Float(offset), exponentNoise: noiseScale.noise(parentCount: parentCount, node: node, key: key))
  }
}

/// exp(Σᵢ weightsᵢ·log(offset + |xᵢ|) + noise).
public struct LogSpaceMechanism: Mechanism, Hashable {
  public let weights: [Float]
  public let offset: Float
  public let exponentNoise: AdditiveNoise

  public init(weights: [Float], offset: Float, exponentNoise: AdditiveNoise) {
    self.weights = weights
    self.offset = offset
    self.exponentNoise = exponentNoise
  }

  public var kind: String { LogSpaceModel.kind }
  public var parentCount: Int { weights.count }
  public var noise: [NoiseChannel] { exponentNoise.channels }
  public var settings: [String: MechanismSetting] { ["offset": .number(Double(offset))] }
  public var parameters: [MechanismParameter] { [.init("weight", weights)] + exponentNoise.parameters }
  public var readsParentsInPlace: Bool { exponentNoise.factor == nil }

  public func evaluate(_ rows: MechanismRows) {
    rows.fillOutput(0)
    let out = unsafe rows.output
    for (index, weight) in weights.enumerated() {
      let x = unsafe rows.parent(index)
      for r in 0..<rows.count {
        let magnitude = unsafe offset + abs(x[r])
        let normal = magnitude > .leastNormalMagnitude ? magnitude : .leastNormalMagnitude
        unsafe out[r].addProduct(weight, Elementary.log(normal))
      }
    }
    exponentNoise.add(to: rows, column: weights.count)
    for r in 0..<rows.count { unsafe out[r] = Elementary.exp(out[r]) }
  }
}
