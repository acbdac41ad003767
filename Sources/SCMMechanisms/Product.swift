public import SCMBase
public import SCMRandom

/// X = ∏ᵢ (offset + wᵢ·zᵢ) + σ·ε: parents that act on each other's effects, standardised.
///
/// With offset 0 it is the plain product, under which no parent alone is correlated with X.
///
/// Source: products of random functions are a mechanism of TabICLv2's prior (Qu, Holzmüller, Varoquaux, Le Morvan, "TabICLv2", 2026);
/// here each factor is linear in one parent.
public struct ProductModel: AdditiveModel, Hashable {
  public static let kind = "product"
  public var readsStandardizedParents: Bool { true }

  public var weightMin = 0.5
  public var weightMax = 1.0
  public var offset = 1.0

  public init() {}

  public var fields: [Field<Self>] {
    [
      .number(
        "product_weight_min", \.weightMin, in: .from(0, to: 1e6), "Least magnitude of a weight, whose sign is random."),
      .number("product_weight_max", \.weightMax, in: .from(0, to: 1e6), "Largest magnitude of a weight."),
      .number(
        "product_offset", \.offset, in: .from(0, to: 1e6),
        "What is added to each weighted parent before they are multiplied; 0 for the plain product."),
    ]
  }

  public func check() throws(ConfigError) {
    try ConfigError.checkBounds("product_weight", weightMin, weightMax)
  }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey, noise: AdditiveNoise) -> any Mechanism {
    var words = key.words(site: node, purpose: .weights)
    return ProductMechanism(
      weights: (0..<parentCount).map { _ in Float(words.nextSignedUniform(from: weightMin, to: weightMax)) },
      offset: Float(offset), additiveNoise: noise)
  }
}

/// ∏ᵢ (offset + weightsᵢ·zᵢ) + noise.
public struct ProductMechanism: AdditiveMechanism, Hashable {
  public let weights: [Float]
  public let offset: Float
  public let additiveNoise: AdditiveNoise

  public init(weights: [Float], offset: Float, additiveNoise: AdditiveNoise) {
    self.weights = weights
    self.offset = offset
    self.additiveNoise = additiveNoise
  }

  public var kind: String { ProductModel.kind }
  public var parentCount: Int { weights.count }
  public var readsStandardizedParents: Bool { true }
  public var settings: [String: MechanismSetting] { ["offset": .number(Double(offset))] }
  public var functionParameters: [MechanismParameter] { [.init("weight", weights)] }

  public func writeFunction(_ rows: MechanismRows) {
    rows.fillOutput(1)
    let out = unsafe rows.output
    for (index, weight) in weights.enumerated() {
      let z = unsafe rows.parent(index)
      for r in 0..<rows.count { unsafe out[r] *= offset.addingProduct(weight, z[r]) }
    }
  }
}
