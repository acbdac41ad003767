import Foundation
import SCMBase

/// Something with one field of each type.
struct Kitchen: Configurable, Equatable {
  enum Colour: String, NamedChoice {
    case red, green
    case darkBlue = "dark_blue"
  }

  var chairs = 4
  var guests: Int? = nil
  var heat = 180.0
  var share = 0.5
  var wall = Colour.red
  var shelves = [3, 1]
  var tiles = [Colour.green]
  var cook = "anna"
  var mix: [String: Double]? = nil

  static let cooks = ["anna", "bruno"]
  static let ingredients = ["flour", "salt", "water"]

  init() {}

  init(_ members: [String: JSONValue]) throws(ConfigError) {
    try read(members)
  }

  init(text: String) throws {
    try self.init(try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8)))
  }

  var fields: [Field<Self>] {
    [
      .integer("chairs", \.chairs, in: 0...12, "Chairs at the table."),
      .optionalInteger("guests", \.guests, in: 1...12, "Guests, or null."),
      .number("heat", \.heat, in: .from(0, to: 250), "Degrees."),
      .number("share", \.share, in: .above(0, to: 1), "A share above nothing."),
      .choice("wall", \.wall, "Colour of the wall."),
      .integers("shelves", \.shelves, in: 0...9, count: 1...3, "Plates on each shelf."),
      .choices("tiles", \.tiles, count: 1...2, "Colours of the tiles."),
      .name("cook", \.cook, among: Self.cooks, "Who cooks."),
      .weights("mix", \.mix, among: Self.ingredients, "Parts of each ingredient, or null."),
    ]
  }
}
