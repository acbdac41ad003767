import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMTestSupport
import Testing

/// The JSON Schema against what the reader accepts.
@Suite struct SchemaTests {
  private func properties() throws -> [String: JSONValue] {
    guard case .object(let schema) = FamilyConfig.schema, case .object(let properties)? = schema["properties"] else {
      throw ConfigError(path: "schema", value: "\(FamilyConfig.schema)", reason: "must have properties")
    }
    #expect(schema["additionalProperties"] == .bool(false))
    return properties
  }

  @Test func listsEveryFieldWithItsDefaultAndASentence() throws {
    let members = FamilyConfig().members
    let properties = try properties()
    #expect(Set(members.keys).isSubset(of: properties.keys))
    for (name, property) in properties {
      guard case .object(let property) = property, case .string(let sentence)? = property["description"] else {
        Issue.record("\(name) has no description")
        continue
      }
      #expect(property["default"] == members[name], "\(name)")
      #expect((property["deprecated"] == .bool(true)) == (members[name] == nil), "\(name)")
      #expect(sentence.count > 10 && sentence.hasSuffix("."), "\(name): \(sentence)")
    }
  }

  @Test func everyListedFieldIsReadAndItsDefaultAccepted() throws {
    var defaults: [String: JSONValue] = [:]
    for (name, property) in try properties() {
      if case .object(let property) = property { defaults[name] = property["default"] }
    }
    #expect(try FamilyConfig(defaults) == FamilyConfig())
  }

  @Test func boundsAreThoseOfTheReader() throws {
    for (name, property) in try properties() {
      guard case .object(let property) = property else { continue }
      for (bound, step) in [("minimum", -1.0), ("maximum", 1.0)] {
        switch property[bound] {
        case .integer(let edge):
          #expect(throws: ConfigError.self, "\(name)") { try FamilyConfig([name: .integer(edge + Int(step))]) }
        case .number(let edge):
          #expect(throws: ConfigError.self, "\(name)") {
            try FamilyConfig([name: .number(edge + step * max(1, edge.magnitude) * 0.01)])
          }
        default: continue
        }
      }
      if case .number(let edge)? = property["exclusiveMinimum"] {
        #expect(throws: ConfigError.self, "\(name)") { try FamilyConfig([name: .number(edge)]) }
      }
    }
  }

  @Test func namesEveryKind() throws {
    let properties = try properties()
    guard case .object(let graph)? = properties["graph"], case .array(let kinds)? = graph["enum"] else {
      Issue.record("graph has no list of kinds")
      return
    }
    #expect(kinds == GraphModels.all.map { .string($0.kind) })
    guard case .object(let mix)? = properties["mechanism_proportions"], case .object(let names)? = mix["properties"]
    else {
      Issue.record("mechanism_proportions has no names")
      return
    }
    #expect(Set(names.keys) == Set(MechanismModels.kinds))
  }
}
