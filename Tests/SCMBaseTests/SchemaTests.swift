import SCMBase
import Testing

/// The JSON Schema of the fields.
struct SchemaTests {
  private var properties: [String: JSONValue] { Kitchen().properties }

  @Test func everyFieldIsDescribed() {
    #expect(Set(properties.keys) == Set(Kitchen().members.keys))
  }

  @Test func defaultsAreThoseThatAreWritten() {
    for (name, value) in Kitchen().members {
      guard case .object(let property) = properties[name] else {
        Issue.record("\(name) is not an object")
        continue
      }
      #expect(property["default"] == value, "\(name)")
    }
  }

  @Test func integersHaveTheirRange() {
    #expect(
      properties["chairs"]
        == .object([
          "type": .string("integer"), "minimum": .integer(0), "maximum": .integer(12), "default": .integer(4),
          "description": .string("Chairs at the table."),
        ]))
    #expect(
      properties["guests"]
        == .object([
          "type": .array([.string("integer"), .string("null")]), "minimum": .integer(1), "maximum": .integer(12),
          "default": .null, "description": .string("Guests, or null."),
        ]))
  }

  @Test func numbersHaveTheirRange() {
    #expect(
      properties["heat"]
        == .object([
          "type": .string("number"), "minimum": .number(0), "maximum": .number(250), "default": .number(180),
          "description": .string("Degrees."),
        ]))
    #expect(
      properties["share"]
        == .object([
          "type": .string("number"), "exclusiveMinimum": .number(0), "maximum": .number(1), "default": .number(0.5),
          "description": .string("A share above nothing."),
        ]))
  }

  @Test func choicesAndNamesAreEnumerated() {
    #expect(
      properties["wall"]
        == .object([
          "type": .string("string"), "enum": .array(["red", "green", "dark_blue"].map(JSONValue.string)),
          "default": .string("red"), "description": .string("Colour of the wall."),
        ]))
    #expect(
      properties["cook"]
        == .object([
          "type": .string("string"), "enum": .array(["anna", "bruno"].map(JSONValue.string)),
          "default": .string("anna"), "description": .string("Who cooks."),
        ]))
  }

  @Test func listsDescribeTheirElements() {
    #expect(
      properties["shelves"]
        == .object([
          "type": .string("array"), "minItems": .integer(1), "maxItems": .integer(3),
          "items": .object(["type": .string("integer"), "minimum": .integer(0), "maximum": .integer(9)]),
          "default": .array([.integer(3), .integer(1)]), "description": .string("Plates on each shelf."),
        ]))
    #expect(
      properties["tiles"]
        == .object([
          "type": .string("array"), "minItems": .integer(1), "maxItems": .integer(2),
          "items": .object([
            "type": .string("string"), "enum": .array(["red", "green", "dark_blue"].map(JSONValue.string)),
          ]),
          "default": .array([.string("green")]), "description": .string("Colours of the tiles."),
        ]))
  }

  @Test func weightsAreAMapOfTheKnownNames() {
    let weight = JSONValue.object(["type": .string("number"), "minimum": .number(0)])
    #expect(
      properties["mix"]
        == .object([
          "type": .array([.string("object"), .string("null")]), "additionalProperties": .bool(false),
          "properties": .object(["flour": weight, "salt": weight, "water": weight]), "default": .null,
          "description": .string("Parts of each ingredient, or null."),
        ]))
  }
}
