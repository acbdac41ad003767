import Ancestral
import ArgumentParser

struct Presets: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the published families, or print the configuration of one.",
    discussion: "Example: ancestral presets notears-linear > family.json")

  @Argument(help: "The name of a preset; without it all are listed.")
  var name: String?

  func run() throws {
    guard let name else {
      for preset in FamilyPreset.all { print("\(preset.name)\n  \(preset.source)") }
      return
    }
    do {
      print(JSONValue.object(try FamilySpecification.preset(name).relevantMembers).text)
    } catch {
      throw ValidationError(error.description)
    }
  }
}
