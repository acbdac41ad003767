public import SCMBase
public import SCMRandom

/// 0, 1, 2, …: the quantile of a Poisson or negative binomial law at one uniform number, so that a count grows with its noise, and
/// interventions and counterfactuals are those of any SCM.
///
/// Its mean is μ·σ(b + Σ wᵢ·parentᵢ): far below μ the usual log link, which levels off at μ, so that no count runs out of range. Parents
/// that have no classes are read standardised.
///
/// Source: Devroye, "Non-uniform random variate generation", Springer 1986, III.2 (inversion); Hilbe, "Negative binomial regression",
/// Cambridge 2011 (variance mean + mean²/size).
public struct CountModel: MechanismModel, Hashable {
  public static let kind = "count"
  public var kind: String { Self.kind }

  public var mostMean = 20.0
  public var scale = 1.0
  public var size: Double?

  public init() {}

  public var fields: [Field<Self>] {
    [
      .number("count_mean_max", \.mostMean, in: .above(0, to: 500), "What the mean of a count levels off at."),
      .number(
        "count_scale", \.scale, in: .from(0, to: 1e6),
        "Standard deviation of the normal weights and bias of a mean's score."),
      .optionalNumber(
        "count_size", \.size, in: .from(0.1, to: 1e6),
        "Size of negative binomial counts, whose variance is mean + mean²/size; null for Poisson counts."),
    ]
  }

  public var mayBeDiscrete: Bool { true }
  public var readsStandardizedParents: Bool { true }
  public func values(node: UInt32, key: TaskKey) -> ValueKind { .count }

  public func makeMechanism(
    parentCount: Int, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism {
    makeMechanism(
      NodeSetting(values: .count, parents: Array(repeating: .continuous, count: parentCount)), node: node, key: key,
      noiseScale: noiseScale)
  }

  public func makeMechanism(
    _ setting: NodeSetting, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism {
    let numbers = key.scaledNormals(count: setting.columnCount + 1, scale: scale, site: node, purpose: .weights)
    return CountMechanism(
      weights: Array(numbers.dropFirst()), bias: numbers[0], mostMean: Float(mostMean), size: size,
      readsStandardizedParents: setting.hasNumbers)
  }
}

/// The quantile of a count's law at a uniform number.
public struct CountMechanism: Mechanism, Hashable {
  public let weights: [Float]
  public let bias: Float
  public let mostMean: Float
  /// `nil` for a Poisson law.
  public let size: Double?
  public let readsStandardizedParents: Bool

  public init(
    weights: [Float], bias: Float, mostMean: Float, size: Double?, readsStandardizedParents: Bool = false
  ) {
    self.weights = weights
    self.bias = bias
    self.mostMean = mostMean
    self.size = size
    self.readsStandardizedParents = readsStandardizedParents
  }

  public var kind: String { CountModel.kind }
  public var values: ValueKind { .count }
  public var parentCount: Int { weights.count }
  public var readsParentsInPlace: Bool { true }
  public var noise: [NoiseChannel] { [.uniform] }
  public var parameters: [MechanismParameter] {
    [.init("weight", weights), .init("bias", bias), .init("mean_max", mostMean)]
  }
  public var settings: [String: MechanismSetting] { size.map { ["size": .number($0)] } ?? [:] }

  public func evaluate(_ rows: MechanismRows) {
    let out = unsafe rows.output
    rows.fillOutput(bias)
    for (index, weight) in weights.enumerated() {
      let x = unsafe rows.parent(index)
      for r in 0..<rows.count { unsafe out[r].addProduct(weight, x[r]) }
    }
    // What is not finite stays so.
    for r in 0..<rows.count { unsafe rows.scratch[r] = out[r] - out[r] }
    unsafe Kernels.table.sigmoid(out, rows.count)
    let noise = unsafe rows.inputs + weights.count * MechanismRows.stride
    for first in stride(from: 0, to: rows.count, by: CountLaw.lanes) {
      var (means, levels) = (SIMD8<Double>(), SIMD8<Double>())
      for lane in 0..<CountLaw.lanes {
        means[lane] = unsafe Double(mostMean * out[first + lane] + rows.scratch[first + lane])
        levels[lane] = unsafe 0.5 + Double(noise[first + lane]) * Self.uniformScale
      }
      let counts = CountLaw(means: means, size: size).quantiles(levels)
      for lane in 0..<CountLaw.lanes { unsafe out[first + lane] = Float(counts[lane]) }
    }
  }

  /// 1/√12: from the standard uniform noise, in (−√3, √3), to (−½, ½).
  private static let uniformScale = 0.288675134594812882254574390251
}

/// Poisson or negative binomial laws of eight rows.
struct CountLaw {
  static let lanes = 8
  /// P(0).
  private let atZero: SIMD8<Double>
  /// P(n + 1) / P(n) = (growth·n + start) / (n + 1), Panjer's recursion.
  private let growth: SIMD8<Double>
  private let start: SIMD8<Double>

  /// - Parameter size: `nil` for Poisson laws.
  init(means: SIMD8<Double>, size: Double?) {
    var atZero = SIMD8<Double>()
    guard let size else {
      for lane in 0..<Self.lanes { atZero[lane] = Elementary.expNegative(-means[lane]) }
      (self.atZero, growth, start) = (atZero, SIMD8(), means)
      return
    }
    for lane in 0..<Self.lanes {
      atZero[lane] = Elementary.expNegative(-size * Elementary.log(1 + means[lane] / size))
    }
    let growth = means / (size + means)
    (self.atZero, self.growth, start) = (atZero, growth, size * growth)
  }

  /// The least n with P(N <= n) >= u in each lane; NaN where a mean is not finite.
  func quantiles(_ u: SIMD8<Double>) -> SIMD8<Double> {
    var (probability, cumulative) = (atZero, atZero)
    var counts = SIMD8<Double>()
    var n = 0.0
    while n < Self.most {
      let isBelow = cumulative .< u
      guard any(isBelow) else { break }
      counts.replace(with: counts + 1, where: isBelow)
      probability *= (growth * n + start) / (n + 1)
      cumulative += probability
      n += 1
    }
    return counts + (start - start)
  }

  /// Above any quantile at a level below 1 − 2⁻²⁵ of the laws that an option allows: sums that rounding keeps below a level end here.
  private static let most = Double(1 << 20)
}
