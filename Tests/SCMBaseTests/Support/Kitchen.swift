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
    var reader = FieldReader(members)
    try visitFields(&reader)
    try reader.finish()
  }

  init(text: String) throws {
    try self.init(try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8)))
  }

  mutating func visitFields(_ visitor: inout some FieldVisitor) throws(ConfigError) {
    try visitor.integer("chairs", &chairs, in: 0...12, "Chairs at the table.")
    try visitor.optionalInteger("guests", &guests, in: 1...12, "Guests, or null.")
    try visitor.number("heat", &heat, in: .from(0, to: 250), "Degrees.")
    try visitor.number("share", &share, in: .above(0, to: 1), "A share above nothing.")
    try visitor.choice("wall", &wall, "Colour of the wall.")
    try visitor.integers("shelves", &shelves, in: 0...9, count: 1...3, "Plates on each shelf.")
    try visitor.choices("tiles", &tiles, count: 1...2, "Colours of the tiles.")
    try visitor.name("cook", &cook, among: Self.cooks, "Who cooks.")
    try visitor.weights("mix", &mix, among: Self.ingredients, "Parts of each ingredient, or null.")
  }

  /// All fields as they stand.
  var members: [String: JSONValue] {
    var (copy, writer) = (self, FieldWriter())
    // A writer never throws.
    try? copy.visitFields(&writer)
    return writer.members
  }
}
