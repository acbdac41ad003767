import Ancestral
import ArgumentParser

struct Presets: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the published families, or print the configuration of one.",
    discussion: """
      Examples:
        ancestral presets
        ancestral presets notears-linear > family.json
      """)

  @Argument(help: "The name of a preset; without it all are listed.", completion: .list(FamilyPreset.all.map(\.name)))
  var name: String?

  @Flag(help: "Print JSON, also of the list.")
  var json = false

  func run() throws {
    if let name {
      print(JSONValue.object(try FamilySpecification.preset(name).relevantMembers).text)
    } else if json {
      let presets = FamilyPreset.all.map { ["name": JSONValue.string($0.name), "source": .string($0.source)] }
      print(JSONValue.array(presets.map { .object($0) }).text)
    } else {
      for preset in FamilyPreset.all { print("\(preset.name)\n  \(preset.source)") }
    }
  }
}
