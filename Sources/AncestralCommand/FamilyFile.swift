import Ancestral
import ArgumentParser

/// The argument FAMILY of several subcommands: a YAML or JSON file with a family's configuration, a network's file, or a preset's name.
struct FamilyFile: ParsableArguments {
  @Argument(help: familyHelp, completion: .custom { _, _, prefix in FamilyFile.completions(prefix) })
  var family: String

  func specification() throws -> FamilySpecification { try Self.specification(path: family) }

  /// A file, of a configuration or of a network, or the name of a preset.
  static func specification(path: String) throws -> FamilySpecification {
    let presets = FamilyPreset.all.map(\.name)
    if ConfigurationFile.isPreset(path, of: presets) { return try FamilySpecification.preset(path) }
    // A packed one is refused there, in a sentence that says what to do.
    if path.lowercased().hasSuffix(".bif") || path.lowercased().hasSuffix(".bif.gz") {
      return .network(try BayesianNetwork(contentsOf: path))
    }
    do {
      let members = try ConfigurationFile.members(of: path, presets: presets)
      if members["cpds"] != nil { return .network(try BayesianNetwork(contentsOf: path)) }
      return try FamilySpecification(members)
    } catch let error as ConfigError {
      throw ValidationError("\(path): \(error)")
    }
  }

  /// Presets, and files and folders of the prefix's folder.
  static func completions(_ prefix: String) -> [String] {
    ConfigurationFile.completions(prefix, presets: FamilyPreset.all.map(\.name))
  }
}

let familyHelp = ArgumentHelp(
  "A YAML or JSON file with the fields that `ancestral schema` lists, or a mixture of such, a network's file (BIF, or bnlearn's JSON), or a preset's name."
)
