/// Describes every field as a property of a JSON Schema (draft 2020-12).
public struct SchemaWriter: FieldVisitor {
  public private(set) var properties: [String: JSONValue] = [:]

  public init() {}

  private mutating func add(_ name: String, _ summary: String, _ default: JSONValue, _ rest: [String: JSONValue]) {
    properties[name] = .object(rest.merging(["description": .string(summary), "default": `default`]) { $1 })
  }

  public mutating func integer(_ name: String, _ value: inout Int, in range: ClosedRange<Int>, _ summary: String) {
    add(name, summary, .integer(value), Self.integer(in: range, type: .string("integer")))
  }

  public mutating func optionalInteger(
    _ name: String, _ value: inout Int?, in range: ClosedRange<Int>, _ summary: String
  ) {
    let type = JSONValue.array([.string("integer"), .string("null")])
    add(name, summary, value.map(JSONValue.integer) ?? .null, Self.integer(in: range, type: type))
  }

  public mutating func number(_ name: String, _ value: inout Double, in range: NumberRange, _ summary: String) {
    add(
      name, summary, .number(value),
      [
        "type": .string("number"), "maximum": .number(range.upperBound),
        range.isOpenBelow ? "exclusiveMinimum" : "minimum": .number(range.lowerBound),
      ])
  }

  public mutating func choice<Choice: NamedChoice>(_ name: String, _ value: inout Choice, _ summary: String) {
    add(name, summary, .string(value.rawValue), Self.oneOf(Choice.allCases.map(\.rawValue)))
  }

  public mutating func integers(
    _ name: String, _ value: inout [Int], in range: ClosedRange<Int>, count: ClosedRange<Int>, _ summary: String
  ) {
    let items = Self.integer(in: range, type: .string("integer"))
    add(name, summary, .array(value.map(JSONValue.integer)), Self.list(of: items, count: count))
  }

  public mutating func choices<Choice: NamedChoice>(
    _ name: String, _ value: inout [Choice], count: ClosedRange<Int>, _ summary: String
  ) {
    let items = Self.oneOf(Choice.allCases.map(\.rawValue))
    add(name, summary, .array(value.map { .string($0.rawValue) }), Self.list(of: items, count: count))
  }

  public mutating func name(_ name: String, _ value: inout String, among names: [String], _ summary: String) {
    add(name, summary, .string(value), Self.oneOf(names))
  }

  public mutating func weights(
    _ name: String, _ value: inout [String: Double]?, among names: [String], _ summary: String
  ) {
    let weight = JSONValue.object(["type": .string("number"), "minimum": .number(0)])
    let members = names.map { ($0, weight) }
    add(
      name, summary, value.map { .object($0.mapValues(JSONValue.number)) } ?? .null,
      [
        "type": .array([.string("object"), .string("null")]), "additionalProperties": .bool(false),
        "properties": .object(Dictionary(uniqueKeysWithValues: members)),
      ])
  }

  private static func integer(in range: ClosedRange<Int>, type: JSONValue) -> [String: JSONValue] {
    ["type": type, "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
  }

  private static func oneOf(_ names: [String]) -> [String: JSONValue] {
    ["type": .string("string"), "enum": .array(names.map(JSONValue.string))]
  }

  private static func list(of items: [String: JSONValue], count: ClosedRange<Int>) -> [String: JSONValue] {
    [
      "type": .string("array"), "items": .object(items), "minItems": .integer(count.lowerBound),
      "maxItems": .integer(count.upperBound),
    ]
  }
}
