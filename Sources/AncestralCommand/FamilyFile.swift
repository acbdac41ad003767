import Ancestral
import ArgumentParser
import FoundationEssentials

/// The argument FAMILY of several subcommands: a JSON file with a family's configuration.
struct FamilyFile: ParsableArguments {
  @Argument(help: "A JSON file with the fields that `ancestral schema` lists.", completion: .file(extensions: ["json"]))
  var family: String

  func config() throws -> FamilyConfig { try Self.config(path: family) }

  static func config(path: String) throws -> FamilyConfig {
    guard let data = FileManager.default.contents(atPath: path) else { throw ValidationError("\(path) can't be read.") }
    do {
      return try FamilyConfig(json: String(decoding: data, as: UTF8.self))
    } catch {
      throw ValidationError("\(path): \(error)")
    }
  }
}
