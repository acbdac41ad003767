/// A mixture of normal laws of equal weight and width, another one for each node, with mean 0 and variance 1.
///
/// A node has 2 to ``mostComponents`` components, each number as likely. Their means are uniform on a range that is 2·``spread``
/// component deviations wide, and the whole is standardised.
///
/// Source: the mixtures of dowhy's `gcm.data_generator`, whose means are U(−3, 3) with deviations 0.4.
public struct GaussianMixtureNoise: NoiseLaw {
  public static let kind = "gaussian_mixture"

  /// From 2 to 6.
  public var mostComponents: Int
  /// Half the width of the range of the means, in deviations of a component.
  public var spread: Double

  public init() { self.init(mostComponents: 6) }

  public init(mostComponents: Int, spread: Double = 7.5) {
    self.mostComponents = mostComponents
    self.spread = spread
  }

  public static let parameters = [
    NoiseParameter(
      "noise_mixture_components", \GaussianMixtureNoise.mostComponents, in: 2...6,
      "Largest number of components of gaussian_mixture noise; a node has 2 up to this, each number as likely, of equal shares."
    ),
    NoiseParameter(
      "noise_mixture_spread", \GaussianMixtureNoise.spread, above: 0, most: 1e3,
      "Components of gaussian_mixture noise have means uniform between minus and plus this many of their deviations."),
  ]

  /// One node's mixture: components of equal weight, each with the same deviation.
  public struct Components: Hashable, Sendable {
    public let means: [Double]
    public let deviation: Double

    /// The fourth moment, as the mean is 0 and the variance 1: the mean of m⁴ + 6m²s² + 3s⁴ over the components.
    public var kurtosis: Double {
      let square = deviation * deviation
      let sum = means.reduce(0) { $0 + $1 * $1 * ($1 * $1 + 6 * square) }
      return sum / Double(means.count) + 3 * square * square
    }
  }

  /// The mixture of a node, the same for all rows and draws of a task.
  public func components(key: TaskKey, site: UInt32) -> Components {
    // The noise's size has draw 0 of this purpose.
    var words = key.words(site: site, purpose: .noiseParameter, draw: .max)
    let count = 2 + words.next(below: mostComponents - 1)
    let raw = (0..<count).map { _ in spread * (2 * Double(openUnit: words.next64()) - 1) }
    let mean = raw.reduce(0, +) / Double(count)
    let variance = raw.reduce(1) { $0 + ($1 - mean) * ($1 - mean) / Double(count) }
    let deviation = 1 / variance.squareRoot()
    return Components(means: raw.map { ($0 - mean) * deviation }, deviation: deviation)
  }

  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    let components = components(key: key, site: site)
    let count = components.means.count
    // Component k begins at the word k·2³²/count, rounded up. Beyond a node's own number the last one is chosen again: a comparison
    // more, and no branch.
    var means = SIMD8<Float>(repeating: Float(components.means[count - 1]))
    var starts = SIMD8<UInt32>(repeating: .max)
    for (k, mean) in components.means.enumerated() {
      means[k] = Float(mean)
      starts[k] = UInt32((UInt64(k) << 32 + UInt64(count) - 1) / UInt64(count))
    }
    unsafe Kernels.table.gaussian(out, first, blocks, key.seed, site, purpose.rawValue, draw)
    unsafe key.eachWords(first: first, blocks: blocks, site: site, purpose: .auxiliaryNoise, draw: draw) {
      words, start, size in
      unsafe moveToComponents(words, size, means, starts, Float(components.deviation), out + 4 * start)
    }
  }
}

// Apart from the words, as the angles of Student's t are.
@unsafe @inline(never)
private func moveToComponents(
  _ words: UnsafePointer<UInt32>, _ blocks: Int, _ means: SIMD8<Float>, _ starts: SIMD8<UInt32>, _ deviation: Float,
  _ out: UnsafeMutablePointer<Float>
) {
  for lane in 0..<4 {
    let words = unsafe words + lane * blocksPerTile
    for b in 0..<blocks {
      let word = unsafe words[b]
      var mean = means[0]
      mean = word >= starts[1] ? means[1] : mean
      mean = word >= starts[2] ? means[2] : mean
      mean = word >= starts[3] ? means[3] : mean
      mean = word >= starts[4] ? means[4] : mean
      mean = word >= starts[5] ? means[5] : mean
      unsafe out[4 * b + lane] = mean.addingProduct(deviation, out[4 * b + lane])
    }
  }
}

extension NoiseLaw where Self == GaussianMixtureNoise {
  /// A mixture of 2 to so many normal laws, another one for each node.
  public static func gaussianMixture(mostComponents: Int = 6, spread: Double = 7.5) -> Self {
    Self(mostComponents: mostComponents, spread: spread)
  }
}
