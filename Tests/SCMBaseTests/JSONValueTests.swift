import Foundation
import SCMBase
import Testing

/// JSON in memory: each text has one value.
struct JSONValueTests {
  private func value(_ text: String) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
  }

  @Test(arguments: [
    ("null", JSONValue.null), ("true", .bool(true)), ("false", .bool(false)), ("0", .integer(0)), ("1", .integer(1)),
    ("-7", .integer(-7)), ("9223372036854775807", .integer(.max)), ("0.5", .number(0.5)), ("1e-3", .number(0.001)),
    ("99999999999999999999", .number(1e20)), ("\"\"", .string("")), ("\"1\"", .string("1")),
    ("\"true\"", .string("true")),
    ("[]", .array([])), ("[1, [null]]", .array([.integer(1), .array([.null])])), ("{}", .object([:])),
    (#"{"a": {"b": [0.5]}}"#, .object(["a": .object(["b": .array([.number(0.5)])])])),
  ]) func textHasOneValue(_ text: String, expected: JSONValue) throws {
    #expect(try value(text) == expected)
  }

  @Test func oneIsNotTrueNorIsTrueOne() throws {
    #expect(try value("1") != .bool(true))
    #expect(try value("true") != .integer(1))
  }

  @Test func aValueSurvivesItsText() throws {
    let original = JSONValue.object([
      "null": .null, "bool": .bool(true), "integer": .integer(.min), "number": .number(0.1),
      "tiny": .number(.leastNonzeroMagnitude),
      "huge": .number(1.7976931348623157e308), "string": .string("ü\n\"\u{1F600}\""),
      "array": .array([.integer(1), .string("a")]), "object": .object(["": .bool(false)]),
    ])
    let text = String(decoding: try JSONEncoder().encode(original), as: UTF8.self)
    #expect(try value(text) == original)
  }

  @Test func descriptionsSortTheirNames() {
    let value = JSONValue.object(["b": .array([.integer(1), .number(0.5)]), "a": .string("x"), "c": .null])
    #expect(value.description == #"{a: "x", b: [1, 0.5], c: null}"#)
  }

  @Test func onlyWhatIsLongIsCutInADescription() {
    #expect(JSONValue.string("a b\u{7}").description == "\"a b\u{FFFD}\"")
    #expect(JSONValue.string(String(repeating: "a", count: 60)).description.count == 62)
    #expect(
      JSONValue.string(String(repeating: "a", count: 61)).description
        == "\"" + String(repeating: "a", count: 60) + "…\"")
    #expect(JSONValue.array((1...8).map { .integer($0) }).description == "[1, 2, 3, 4, 5, 6, 7, 8]")
    #expect(JSONValue.array((1...9).map { .integer($0) }).description == "[1, 2, 3, 4, 5, 6, 7, 8, …]")
    let members = (1...9).map { ("\($0)", JSONValue.null) }
    #expect(JSONValue.object(.init(uniqueKeysWithValues: members.prefix(8))).description.hasSuffix("8: null}"))
    #expect(JSONValue.object(.init(uniqueKeysWithValues: members)).description.hasSuffix("8: null, …}"))
  }

  @Test func aListIsReadOnlyWhereAllOfItIsOfOneKind() {
    let value = JSONValue.object(["texts": .array([.string("a"), .string("b")]), "naturals": .array([.integer(0)])])
    #expect(value["texts"]?.texts == ["a", "b"])
    #expect(value["naturals"]?.naturals == [0])
    #expect(value["texts"]?.naturals == nil)
    #expect(JSONValue.array([.integer(1), .integer(-1)]).naturals == nil)
    #expect(JSONValue.array([.string("a"), .null]).texts == nil)
    #expect(value["absent"] == nil)
    #expect(JSONValue.null["texts"] == nil)
  }

  @Test func minusZeroIsZero() throws {
    for value in [JSONValue.number(-0.0), try #require(try JSONValue.object(in: #"{"a": -0.0}"#)["a"])] {
      #expect(try value.number(in: .from(-1, to: 1), path: "a").sign == .plus)
    }
  }
}
