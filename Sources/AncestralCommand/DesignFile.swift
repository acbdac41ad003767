import Ancestral
import ArgumentParser

/// The option --design of several subcommands: a YAML or JSON file with a design, or a preset's name.
struct DesignFile: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is done to each task and shown of it: a YAML or JSON file with the fields that `ancestral schema --design` lists, or a "
        + "preset's name.", valueName: "file"),
    completion: .custom { _, _, prefix in
      ConfigurationFile.completions(prefix, presets: DesignPreset.all.map(\.name))
    })
  var design: String?

  /// `nil` where none was given.
  func value() throws -> Design? { try design.map { try Self.design(path: $0) } }

  /// The design of a file, or of a preset's name.
  static func design(path: String) throws -> Design {
    let presets = DesignPreset.all.map(\.name)
    if ConfigurationFile.isPreset(path, of: presets) { return try DesignPreset(named: path).design() }
    do {
      return try Design(ConfigurationFile.members(of: path, presets: presets))
    } catch let error as ConfigError {
      throw ValidationError("\(path): \(error)")
    }
  }
}
