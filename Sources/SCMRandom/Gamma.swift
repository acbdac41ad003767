import SCMElementary

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
    let address = WordAddress(key.seed, site, purpose.rawValue, draw)
    let method = GammaMethod(shape: shape)
    var value = method.value(index, address)
    if let power = method.boostPower {
      value *= ParameterFormula.gammaBoost(
        Philox4x32.words(index, address.attempt(GammaMethod.boostAttempt)), power: power)
    }
    return value * scale
  }

  /// Draws `first ..< first + count` at an address, each as ``sample(_:key:site:purpose:draw:)`` gives it before its scale.
  ///
  /// - Precondition: numbers are below 2³⁶. A draw has a block of its own; what its number has beyond the 32 bits of a block's stands above
  ///   the attempt, which has twelve bits of its sixteen.
  @unsafe
  package func fillUnscaled(
    _ out: UnsafeMutablePointer<Double>, first: Int, count: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32 = 0
  ) {
    var done = 0
    while done < count {
      let next = first + done
      let size = min(count - done, 1 << 32 - next & 0xFFFF_FFFF)
      unsafe Kernels.table.gammas(
        out + done, UInt32(truncatingIfNeeded: next), size, shape, key.seed, site,
        purpose.rawValue | UInt32(truncatingIfNeeded: next >> 32) << 28, draw)
      done += size
    }
  }
}
