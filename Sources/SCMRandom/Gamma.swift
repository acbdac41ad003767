/// The Gamma law with a shape and a scale: mean shape·scale, variance shape·scale² (numpy's convention, not torch's rate).
///
/// Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000). Each attempt reads
/// its own block, so a draw is a pure function of its address.
public struct Gamma: Hashable, Sendable {
  public let shape: Double
  public let scale: Double

  /// - Parameters: both positive and finite.
  public init(shape: Double, scale: Double) {
    self.shape = shape
    self.scale = scale
  }

  /// Draw number `index` at an address.
  public func sample(
    _ index: UInt32, key: TaskKey, site: UInt32, purpose: TaskKey.Purpose, draw: UInt32 = 0
  ) -> Double {
    let boosted = shape < 1
    let d = (boosted ? shape + 1 : shape) - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    var value = d
    // Each attempt is accepted with probability above 0.95, so the bound is reached once in 10^1000; it keeps a broken
    // generator from looping for ever.
    for attempt in 0..<Self.boostAttempt {
      let block = key.block(index, site: site, purpose: purpose, draw: draw, attempt: attempt)
      let radius = (-2 * Elementary.log((Double(block.x) + 0.5) * 0x1p-32)).squareRoot()
      let x = radius * Elementary.cosTurns(Double(block.y) * 0x1p-32 - 0.5)
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let u = Double(openUnit: block.word64(1))
      if u < 1 - 0.0331 * (x * x) * (x * x)
        || Elementary.log(u) < 0.5 * x * x + d * (1 - v + Elementary.log(v))
      {
        value = d * v
        break
      }
    }
    if boosted {
      let block = key.block(index, site: site, purpose: purpose, draw: draw, attempt: Self.boostAttempt)
      value *= Elementary.pow(Double(openUnit: block.word64(0)), 1 / shape)
    }
    return value * scale
  }

  private static let boostAttempt: UInt32 = 0xFFFF >> 4
}
