public import SCMBase
public import SCMRandom

/// X = Σᵢ wᵢ·zᵢ + Σᵢ≥ⱼ wᵢⱼ·zᵢ·zⱼ + σ·ε: all first powers and some products of two parents, which are standardised.
///
/// Of 20 nodes at the defaults about one task in a thousand has rows beyond Float32's range, which are an error, never cut.
///
/// Source: Zhu, Ng, Chen, "Causal discovery with reinforcement learning", ICLR 2020, whose quadratic models have weights
/// ±U(0.5, 1), each kept with probability ½. Here all first powers are kept, so that every parent is one.
public struct QuadraticModel: AdditiveModel, Hashable {
  public static let kind = "quadratic"
  public var readsStandardizedParents: Bool { true }

  public var weightMin = 0.5
  public var weightMax = 1.0
  public var density = 0.5

  public init() {}

  public var fields: [Field<Self>] {
    [
      .number(
        "quadratic_weight_min", \.weightMin, in: .from(0, to: 1e6), "Least magnitude of a weight, whose sign is random."
      ),
      .number("quadratic_weight_max", \.weightMax, in: .from(0, to: 1e6), "Largest magnitude of a weight."),
      .number(
        "quadratic_density", \.density, in: .from(0, to: 1),
        "Probability that a product of two parents, or a square, has a weight; first powers always have one."),
    ]
  }

  public func check() throws(ConfigError) {
    try ConfigError.checkBounds("quadratic_weight", weightMin, weightMax)
  }

  public func byteCount(parentCount: Int, calibrationRows: Int) -> Int { 4 * parentCount * parentCount }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey, noise: AdditiveNoise) -> any Mechanism {
    var words = key.words(site: node, purpose: .weights)
    let weights = (0..<parentCount).map { _ in Float(words.nextSignedUniform(from: weightMin, to: weightMax)) }
    // A draw number of its own, so that the first powers are the same whatever is asked of the products.
    words = key.words(site: node, purpose: .weights, draw: 1)
    let keeps = Bernoulli(density)
    var pairs = [Float](repeating: 0, count: parentCount * parentCount)
    for i in 0..<parentCount {
      for j in 0...i {
        let weight = Float(words.nextSignedUniform(from: weightMin, to: weightMax))
        if keeps.holds(UInt32(truncatingIfNeeded: words.next64() >> 32)) { pairs[i * parentCount + j] = weight }
      }
    }
    return QuadraticMechanism(weights: weights, pairs: pairs, additiveNoise: noise)
  }
}

/// Σᵢ zᵢ·(weightsᵢ + Σⱼ≤ᵢ pairsᵢⱼ·zⱼ) + noise.
public struct QuadraticMechanism: AdditiveMechanism, Hashable {
  public let weights: [Float]
  /// `pairs[i * parentCount + j]`, 0 for j > i.
  public let pairs: [Float]
  public let additiveNoise: AdditiveNoise

  /// - Precondition: of n weights, there are n² weights of pairs.
  public init(weights: [Float], pairs: [Float], additiveNoise: AdditiveNoise) {
    requireInRelease(pairs.count == weights.count * weights.count, "Each pair of parents has a weight.")
    self.weights = weights
    self.pairs = pairs
    self.additiveNoise = additiveNoise
  }

  public var kind: String { QuadraticModel.kind }
  public var parentCount: Int { weights.count }
  public var readsStandardizedParents: Bool { true }
  public var functionParameters: [MechanismParameter] {
    [.init("weight", weights), .init("pair_weight", shape: [parentCount, parentCount], pairs)]
  }

  public func writeFunction(_ rows: MechanismRows) {
    rows.fillOutput(0)
    let (out, scratch) = unsafe (rows.output, rows.scratch)
    for i in 0..<parentCount {
      let z = unsafe rows.parent(i)
      let weight = weights[i]
      for r in 0..<rows.count { unsafe scratch[r] = weight }
      for j in 0...i where pairs[i * parentCount + j] != 0 {
        let other = unsafe rows.parent(j)
        let pair = pairs[i * parentCount + j]
        for r in 0..<rows.count { unsafe scratch[r].addProduct(pair, other[r]) }
      }
      for r in 0..<rows.count { unsafe out[r].addProduct(scratch[r], z[r]) }
    }
  }
}
