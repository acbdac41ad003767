import SCMElementary

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
    unsafe Kernels.table.studentT(
      out, first, blocks, key.seed, site, purpose.rawValue, TaskKey.Purpose.auxiliaryNoise.rawValue, draw,
      degreesOfFreedom)
  }
}

extension NoiseLaw where Self == StudentTNoise {
  /// Student's t law, scaled to variance 1; above 2 degrees of freedom.
  public static func studentT(degreesOfFreedom: Double = 5) -> Self { Self(degreesOfFreedom: degreesOfFreedom) }
}
