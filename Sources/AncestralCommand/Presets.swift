import Ancestral
import ArgumentParser

struct Presets: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the published families and designs, or print the configuration of one.",
    discussion: """
      Examples:
        ancestral presets
        ancestral presets notears-linear > family.json
        ancestral presets do-pfn > design.json
      """)

  @Argument(help: "The name of a preset; without it all are listed.", completion: .list(Self.names))
  var name: String?

  @Flag(help: "Print JSON, also of the list.")
  var json = false

  private static let names = FamilyPreset.all.map(\.name) + DesignPreset.all.map(\.name)

  func run() throws {
    if let name {
      print(JSONValue.object(try Self.members(of: name)).text)
    } else if json {
      func entry(_ kind: String, _ name: String, _ source: String) -> JSONValue {
        .object(["kind": .string(kind), "name": .string(name), "source": .string(source)])
      }
      let families = FamilyPreset.all.map { entry("family", $0.name, $0.source) }
      print(JSONValue.array(families + DesignPreset.all.map { entry("design", $0.name, $0.source) }).text)
    } else {
      print("Families\n")
      for preset in FamilyPreset.all { print("\(preset.name)\n  \(preset.source)") }
      print("\nDesigns, for --design\n")
      for preset in DesignPreset.all { print("\(preset.name)\n  \(preset.source)") }
    }
  }

  private static func members(of name: String) throws -> [String: JSONValue] {
    guard names.contains(name) else {
      throw ConfigError(
        path: "preset", value: "\"\(name)\"", reason: "must be one of \(names.joined(separator: ", "))")
    }
    if DesignPreset.all.contains(where: { $0.name == name }) {
      return try DesignPreset(named: name).design().relevantMembers(former: false)
    }
    return try FamilySpecification.preset(name).relevantMembers
  }
}
