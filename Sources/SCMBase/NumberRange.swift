/// The numbers that a field may take.
public struct NumberRange: Sendable {
  public let lowerBound: Double
  public let upperBound: Double
  /// Whether the lower bound itself is excluded.
  public let isOpenBelow: Bool

  public static func from(_ lower: Double, to upper: Double) -> NumberRange {
    NumberRange(lowerBound: lower, upperBound: upper, isOpenBelow: false)
  }

  public static func above(_ lower: Double, to upper: Double) -> NumberRange {
    NumberRange(lowerBound: lower, upperBound: upper, isOpenBelow: true)
  }

  /// False for values that are not finite.
  public func contains(_ value: Double) -> Bool {
    value.isFinite && value <= upperBound && (isOpenBelow ? value > lowerBound : value >= lowerBound)
  }

  public var words: String {
    isOpenBelow
      ? "must be a number above \(lowerBound) and at most \(upperBound)"
      : "must be a number from \(lowerBound) to \(upperBound)"
  }
}
