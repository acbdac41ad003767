import Ancestral
import ArgumentParser

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of a family's configuration.",
    discussion: """
      Example:
        ancestral schema > family.schema.json
      """)

  @Flag(help: "Print JSON, as it does anyway.")
  var json = false

  func run() { print(FamilyConfig.schema.text) }
}
