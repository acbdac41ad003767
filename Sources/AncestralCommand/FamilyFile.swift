import Ancestral
import ArgumentParser
import FoundationEssentials

/// The argument FAMILY of several subcommands: a JSON file with a family's configuration.
struct FamilyFile: ParsableArguments {
  @Argument(
    help: "A JSON file with the fields that `ancestral schema` lists, or a mixture of such, or a preset's name.",
    completion: .file(extensions: ["json"]))
  var family: String

  func specification() throws -> FamilySpecification { try Self.specification(path: family) }

  /// A file, or the name of a preset.
  static func specification(path: String) throws -> FamilySpecification {
    if FamilyPreset.all.contains(where: { $0.name == path }), !FileManager.default.fileExists(atPath: path) {
      return try FamilySpecification.preset(path)
    }
    guard let data = FileManager.default.contents(atPath: path) else { throw ValidationError("\(path) can't be read.") }
    do {
      return try FamilySpecification(json: String(decoding: data, as: UTF8.self))
    } catch {
      throw ValidationError("\(path): \(error)")
    }
  }
}
