/// Writes every field into a JSON object, defaults spelled out.
public struct FieldWriter: FieldVisitor {
  public private(set) var members: [String: JSONValue] = [:]

  public init() {}

  public mutating func integer(_ name: String, _ value: inout Int, in range: ClosedRange<Int>, _ summary: String) {
    members[name] = .integer(value)
  }

  public mutating func optionalInteger(
    _ name: String, _ value: inout Int?, in range: ClosedRange<Int>, _ summary: String
  ) {
    members[name] = value.map(JSONValue.integer) ?? .null
  }

  public mutating func number(_ name: String, _ value: inout Double, in range: NumberRange, _ summary: String) {
    members[name] = .number(value)
  }

  public mutating func choice<Choice: NamedChoice>(_ name: String, _ value: inout Choice, _ summary: String) {
    members[name] = .string(value.rawValue)
  }

  public mutating func integers(
    _ name: String, _ value: inout [Int], in range: ClosedRange<Int>, count: ClosedRange<Int>, _ summary: String
  ) {
    members[name] = .array(value.map(JSONValue.integer))
  }

  public mutating func choices<Choice: NamedChoice>(
    _ name: String, _ value: inout [Choice], count: ClosedRange<Int>, _ summary: String
  ) {
    members[name] = .array(value.map { .string($0.rawValue) })
  }

  public mutating func name(_ name: String, _ value: inout String, among names: [String], _ summary: String) {
    members[name] = .string(value)
  }

  public mutating func weights(
    _ name: String, _ value: inout [String: Double]?, among names: [String], _ summary: String
  ) {
    members[name] = value.map { .object($0.mapValues(JSONValue.number)) } ?? .null
  }
}
