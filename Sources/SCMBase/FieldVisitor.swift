/// Walks over the fields of something that is configured by text.
///
/// Each option of a family is named once, in the strategy that it belongs to, with its range and a sentence.
/// Reading, writing, checking and the JSON schema are visitors over that one list.
public protocol FieldVisitor {
  mutating func integer(
    _ name: String, _ value: inout Int, in range: ClosedRange<Int>, _ summary: String) throws(ConfigError)
  mutating func optionalInteger(
    _ name: String, _ value: inout Int?, in range: ClosedRange<Int>, _ summary: String) throws(ConfigError)
  mutating func number(
    _ name: String, _ value: inout Double, in range: NumberRange, _ summary: String) throws(ConfigError)
  mutating func choice<Choice: NamedChoice>(
    _ name: String, _ value: inout Choice, _ summary: String) throws(ConfigError)
  /// A list with at least one element.
  mutating func integers(
    _ name: String, _ value: inout [Int], in range: ClosedRange<Int>, count: ClosedRange<Int>, _ summary: String
  ) throws(ConfigError)
  /// A list with at least one element.
  mutating func choices<Choice: NamedChoice>(
    _ name: String, _ value: inout [Choice], count: ClosedRange<Int>, _ summary: String) throws(ConfigError)
  /// The name of one strategy out of a catalogue that the caller holds.
  mutating func name(
    _ name: String, _ value: inout String, among names: [String], _ summary: String) throws(ConfigError)
  /// Non-negative weights of named things, not all zero; `nil` where the field is absent or null.
  mutating func weights(
    _ name: String, _ value: inout [String: Double]?, among names: [String], _ summary: String) throws(ConfigError)
}

/// Something whose options arrive as named fields.
public protocol Configurable {
  mutating func visitFields(_ visitor: inout some FieldVisitor) throws(ConfigError)
}

/// An enumeration that is written by name in a configuration.
public protocol NamedChoice: RawRepresentable<String>, CaseIterable, Sendable {}

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
