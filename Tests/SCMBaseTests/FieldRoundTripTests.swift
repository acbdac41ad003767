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
    try kitchen.read(["guests": .null, "mix": .null])
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

  @Test func aFormerNameIsReadWrittenForFingerprintsAndDescribed() throws {
    let oven = Oven(heat: 200)
    var read = Oven()
    try read.read(["warmth": .integer(200)])
    #expect(read == oven)
    #expect(oven.members == ["heat": .number(200), "light": .number(0)])
    #expect(oven.relevantMembers(former: true) == ["warmth": .number(200)])
    #expect(oven.relevantMembers(former: false) == ["heat": .number(200)])
    guard case .object(let former) = oven.properties["warmth"] else {
      Issue.record("the former name is not described")
      return
    }
    #expect(former["deprecated"] == .bool(true) && former["description"] == .string("Former name of heat."))
    let error = #expect(throws: ConfigError.self) { try read.read(["warmth": .integer(1), "heat": .integer(1)]) }
    #expect(error?.description == "warmth = 1: is the former name of heat, which is given as well.")
  }

  @Test func aFieldThatShapesNothingIsNotRelevant() {
    #expect(Oven(heat: 200, light: 1).relevantMembers(former: false) == ["heat": .number(200), "light": .number(1)])
  }
}

/// Something with a field that had another name, and one that says nothing where it is 0.
private struct Oven: Configurable, Equatable {
  var heat = 180.0
  var light = 0.0

  var fields: [Field<Self>] {
    [
      .number("heat", \.heat, in: .from(0, to: 250), "Degrees.").formerly("warmth"),
      .number("light", \.light, in: .from(0, to: 1), "Brightness.").when { $0.light != 0 },
    ]
  }
}
