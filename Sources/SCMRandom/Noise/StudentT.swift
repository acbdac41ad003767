/// Student's t law, scaled to variance 1.
public struct StudentTNoise: NoiseLaw {
  public static let kind = "student_t"

  /// Above 2, so that the variance exists.
  public var degreesOfFreedom: Double

  public init() { self.init(degreesOfFreedom: 5) }

  public init(degreesOfFreedom: Double) { self.degreesOfFreedom = degreesOfFreedom }

  public static let parameters = [
    NoiseParameter(
      "noise_degrees_of_freedom", \StudentTNoise.degreesOfFreedom, above: 2, most: 1e6,
      "Degrees of freedom of student_t noise.")
  ]

  @unsafe
  public func fillTile(
    _ out: UnsafeMutablePointer<Float>, first: UInt32, blocks: Int, key: TaskKey, site: UInt32,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe key.eachWords(first: first, blocks: blocks, site: site, purpose: purpose, draw: draw) {
      radii, start, count in
      unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * blocksPerTile) { scratch in
        guard let angles = scratch.baseAddress else { return }
        unsafe fillAngles(angles, first: first &+ UInt32(start), count: count, key: key, site: site, draw: draw)
        unsafe polarStudentT(radii, angles, count, degreesOfFreedom, out + 4 * start)
      }
    }
  }
}

// Apart from the words of the radii: two of these loops in one function are not vectorised as well as one.
@unsafe @inline(never)
private func fillAngles(
  _ out: UnsafeMutablePointer<UInt32>, first: UInt32, count: Int, key: TaskKey, site: UInt32, draw: UInt32
) {
  unsafe key.fillWords(out, first: first, count: count, site: site, purpose: .auxiliaryNoise, draw: draw)
}

/// Student's t by Bailey's polar method: √(ν(U^(−2/ν) − 1))·cos 2πV is exactly t with ν degrees of freedom.
///
/// Source: Bailey, "Polar generation of random variates with the t-distribution", Math. Comp. 62 (1994).
@unsafe
private func polarStudentT(
  _ radii: UnsafePointer<UInt32>, _ angles: UnsafePointer<UInt32>, _ blocks: Int, _ nu: Double,
  _ out: UnsafeMutablePointer<Float>
) {
  // In Float64 up to here: near 2 degrees, ν − 2 would be lost.
  let power = Float(2 / nu)
  let scale = Float((nu - 2).squareRoot())
  for lane in 0..<4 {
    let r = unsafe radii + lane * blocksPerTile
    let a = unsafe angles + lane * blocksPerTile
    for b in 0..<blocks {
      let growth = unsafe Elementary.expMinusOne(power * standardExponential(r[b]))
      let turns = unsafe Float(Int32(bitPattern: a[b])) * 0x1p-32
      unsafe out[4 * b + lane] = scale * growth.squareRoot() * Elementary.cosTurns(turns)
    }
  }
}

extension NoiseLaw where Self == StudentTNoise {
  /// Student's t law, scaled to variance 1; above 2 degrees of freedom.
  public static func studentT(degreesOfFreedom: Double = 5) -> Self { Self(degreesOfFreedom: degreesOfFreedom) }
}
