import Ancestral
import ArgumentParser

struct Schema: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of a family's configuration, or of a design's.",
    discussion: """
      Examples:
        ancestral schema > family.schema.json
        ancestral schema --design > design.schema.json
      """)

  @Flag(help: "Of a design.")
  var design = false

  @Flag(help: "Print JSON, as it does anyway.")
  var json = false

  func run() { print((design ? Design.schema : FamilyConfig.schema).text) }
}
