import Foundation
import SCMBase
import Testing

/// Reading, writing and the text between.
struct FieldRoundTripTests {
  private var changed: Kitchen {
    var kitchen = Kitchen()
    kitchen.chairs = 0
    kitchen.guests = 12
    kitchen.heat = 250
    kitchen.share = 0x1p-1074
    kitchen.wall = .darkBlue
    kitchen.shelves = [0, 9, 5]
    kitchen.tiles = [.darkBlue, .red]
    kitchen.cook = "bruno"
    kitchen.mix = ["flour": 0.1, "water": 2, "salt": 0]
    return kitchen
  }

  @Test func anEmptyConfigurationKeepsTheDefaults() throws {
    #expect(try Kitchen([:]) == Kitchen())
  }

  @Test func whatIsWrittenIsReadBack() throws {
    for kitchen in [Kitchen(), changed] { #expect(try Kitchen(kitchen.members) == kitchen) }
  }

  /// A whole number loses its point in JSON, and is a number still.
  @Test func whatIsWrittenIsReadBackFromText() throws {
    for kitchen in [Kitchen(), changed] {
      let text = String(decoding: try JSONEncoder().encode(kitchen.members), as: UTF8.self)
      #expect(try Kitchen(text: text) == kitchen, "\(text)")
    }
  }

  @Test func defaultsAreSpelledOut() {
    #expect(
      Kitchen().members == [
        "chairs": .integer(4), "guests": .null, "heat": .number(180), "share": .number(0.5), "wall": .string("red"),
        "shelves": .array([.integer(3), .integer(1)]), "tiles": .array([.string("green")]), "cook": .string("anna"),
        "mix": .null,
      ])
  }

  @Test func theBoundsOfARangeBelongToIt() throws {
    #expect(try Kitchen(["chairs": .integer(0)]).chairs == 0)
    #expect(try Kitchen(["chairs": .integer(12)]).chairs == 12)
    #expect(try Kitchen(["heat": .number(0)]).heat == 0)
    #expect(try Kitchen(["heat": .integer(250)]).heat == 250)
    #expect(try Kitchen(["share": .integer(1)]).share == 1)
  }

  @Test func nullTakesBackWhatIsOptional() throws {
    var kitchen = changed
    var reader = FieldReader(["guests": .null, "mix": .null])
    try kitchen.visitFields(&reader)
    try reader.finish()
    #expect(kitchen.guests == nil && kitchen.mix == nil)
    #expect(kitchen.cook == "bruno")
  }

  @Test func textIsReadByItsTypes() throws {
    let kitchen = try Kitchen(
      text: #"{"chairs": 7, "heat": 99.5, "guests": null, "wall": "green", "mix": {"salt": 1}, "tiles": ["red"]}"#)
    #expect(kitchen.chairs == 7 && kitchen.heat == 99.5 && kitchen.wall == .green)
    #expect(kitchen.mix == ["salt": 1] && kitchen.tiles == [.red])
    for text in [#"{"chairs": true}"#, #"{"chairs": 4.5}"#, #"{"chairs": "4"}"#, #"{"chairs": 99999999999999999999}"#] {
      #expect(throws: ConfigError.self, "\(text)") { try Kitchen(text: text) }
    }
  }

  @Test func aFieldThatNothingReadsIsUnknown() {
    var reader = FieldReader(["chairs": .integer(1)])
    var number = 0.0
    #expect(throws: Never.self) { try reader.number("heat", &number, in: .from(0, to: 1), "") }
    #expect(throws: ConfigError.self) { try reader.finish() }
  }
}
