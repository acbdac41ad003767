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
        ancestral presets dowhy-foundcause --design > design.json

      Where a family and a design have one name, the family is printed unless
      you say --design.
      """)

  @Argument(help: "The name of a preset; without it all are listed.", completion: .list(Self.names))
  var name: String?

  @Flag(help: "Print the design where a family has the same name.")
  var design = false

  @Flag(help: "Print JSON, also of the list.")
  var json = false

  private static let families = FamilyPreset.all.map(\.name)
  private static let designs = DesignPreset.all.map(\.name)

  /// Each name once, also one that a family and a design share.
  private static let names = families + designs.filter { !families.contains($0) }

  func run() throws {
    if let name {
      print(JSONValue.object(try Self.members(of: name, design: design)).text)
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

  private static func members(of name: String, design: Bool) throws -> [String: JSONValue] {
    let known = design ? designs : names
    guard known.contains(name) else {
      throw ConfigError(
        path: "preset", value: "\"\(name)\"", reason: "must be one of \(known.joined(separator: ", "))")
    }
    if !design, families.contains(name) { return try FamilySpecification.preset(name).relevantMembers }
    return try DesignPreset(named: name).design().relevantMembers(former: false)
  }
}
