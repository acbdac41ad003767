public import SCMBase
public import SCMRandom

/// X = Σᵢ aᵢ·bᵢ(xᵢ + cᵢ) / (1 + |bᵢ(xᵢ + cᵢ)|) + σ·ε: a soft step of each parent.
///
/// a is 1 plus an exponential of mean ¼, b is ±U(min, max), c is U(−shift, shift).
///
/// Source: Bühlmann, Peters, Ernest, "CAM: causal additive models, high-dimensional order search and penalized regression", Annals
/// of Statistics 42 (2014), section 4.1, with b ±U(0.5, 2) and c U(−2, 2).
public struct SigmoidAdditiveModel: AdditiveModel, Hashable {
  public static let kind = "sigmoid_additive"

  public var excess = 0.25
  public var slopeMin = 0.5
  public var slopeMax = 2.0
  public var shift = 2.0

  public init() {}

  public var fields: [Field<Self>] {
    [
      .number(
        "sigmoid_additive_excess", \.excess, in: .from(0, to: 1e6),
        "A step's height is 1 plus an exponential of this mean, on either side."),
      .number(
        "sigmoid_additive_slope_min", \.slopeMin, in: .from(0, to: 1e6),
        "Least magnitude of the factor of a parent, whose sign is random."),
      .number("sigmoid_additive_slope_max", \.slopeMax, in: .from(0, to: 1e6), "Largest magnitude of that factor."),
      .number(
        "sigmoid_additive_shift", \.shift, in: .from(0, to: 1e6), "A step lies uniformly between minus this and this."),
    ]
  }

  public func check() throws(ConfigError) {
    try ConfigError.checkBounds("sigmoid_additive_slope", slopeMin, slopeMax)
  }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey, noise: AdditiveNoise) -> any Mechanism {
    var words = key.words(site: node, purpose: .weights)
    var (heights, slopes, shifts): ([Float], [Float], [Float]) = ([], [], [])
    for _ in 0..<parentCount {
      heights.append(Float(1 - excess * Elementary.log(Double(openUnit: words.next64()))))
      slopes.append(Float(words.nextSignedUniform(from: slopeMin, to: slopeMax)))
      shifts.append(Float(shift * (2 * Double(openUnit: words.next64()) - 1)))
    }
    return SigmoidAdditiveMechanism(heights: heights, slopes: slopes, shifts: shifts, additiveNoise: noise)
  }
}

/// Σᵢ heightsᵢ·t / (1 + |t|) + noise with t = slopesᵢ·(xᵢ + shiftsᵢ).
public struct SigmoidAdditiveMechanism: AdditiveMechanism, Hashable {
  public let heights: [Float]
  public let slopes: [Float]
  public let shifts: [Float]
  public let additiveNoise: AdditiveNoise

  /// - Precondition: there are as many of each.
  public init(heights: [Float], slopes: [Float], shifts: [Float], additiveNoise: AdditiveNoise) {
    requireInRelease(
      heights.count == slopes.count && heights.count == shifts.count, "A parent has one number of each kind.")
    self.heights = heights
    self.slopes = slopes
    self.shifts = shifts
    self.additiveNoise = additiveNoise
  }

  public var kind: String { SigmoidAdditiveModel.kind }
  public var parentCount: Int { heights.count }
  public var functionParameters: [MechanismParameter] {
    [.init("height", heights), .init("slope", slopes), .init("shift", shifts)]
  }

  public func writeFunction(_ rows: MechanismRows) {
    rows.fillOutput(0)
    let out = unsafe rows.output
    for index in 0..<parentCount {
      let x = unsafe rows.parent(index)
      let (height, slope, shift) = (heights[index], slopes[index], shifts[index])
      for r in 0..<rows.count {
        let t = unsafe slope * (x[r] + shift)
        unsafe out[r].addProduct(height, t / (1 + abs(t)))
      }
    }
  }
}
