import Ancestral
import ArgumentParser
import Foundation

/// The argument FAMILY of several subcommands: a YAML or JSON file with a family's configuration, or a preset's name.
struct FamilyFile: ParsableArguments {
  @Argument(help: familyHelp, completion: .custom { _, _, prefix in FamilyFile.completions(prefix) })
  var family: String

  func specification() throws -> FamilySpecification { try Self.specification(path: family) }

  /// A file, or the name of a preset.
  static func specification(path: String) throws -> FamilySpecification {
    if FamilyPreset.all.contains(where: { $0.name == path }), !FileManager.default.fileExists(atPath: path) {
      return try FamilySpecification.preset(path)
    }
    do {
      return try FamilySpecification(members(ofFile: path))
    } catch let error as ConfigError {
      throw ValidationError("\(path): \(error)")
    }
  }

  /// The object that a YAML or JSON file holds.
  private static func members(ofFile path: String) throws -> [String: JSONValue] {
    let bytes = try contents(ofFile: path)
    guard !path.lowercased().hasSuffix(".json") else { return try JSONValue.object(in: bytes, ofFile: path) }
    switch try yaml(bytes, ofFile: path) {
    case .object(let members): return members
    // An empty file: all defaults.
    case .null: return [:]
    case let other: throw ValidationError("\(path) holds \(other): must map fields to values.")
    }
  }

  static func yaml(_ bytes: [UInt8], ofFile path: String) throws -> JSONValue {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw ValidationError("\(path) is not UTF-8.") }
    do {
      return try YAMLDocument(text).value
    } catch {
      throw ValidationError("\(path) is not YAML: \(error).")
    }
  }

  /// - Throws: also for more than any configuration has. A pipe is read to its end.
  static func contents(ofFile path: String) throws -> [UInt8] {
    let most = 1 << 24
    let found: Data?
    do {
      found = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: most + 1)
    } catch {
      let presets = FamilyPreset.all.map(\.name).joined(separator: ", ")
      let hint = path.contains("/") || path.contains(".") ? "" : "; it is no preset either: those are \(presets)"
      throw ValidationError("\(path) can't be read: \(reason(error))\(hint).")
    }
    guard let found, found.count <= most else {
      guard found != nil else { return [] }
      throw ValidationError("\(path) has more than \(most) bytes: must be a configuration.")
    }
    return Array(found)
  }

  private static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: "there is no such file"
    case .fileReadNoPermission: "permission is denied"
    default: "it must be a file"
    }
  }

  /// Presets, and files and folders of the prefix's folder.
  static func completions(_ prefix: String) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let files = names.compactMap { name -> String? in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder + name, isDirectory: &isFolder), !name.hasPrefix(".") else {
        return nil
      }
      if isFolder.boolValue { return folder + name + "/" }
      return [".yaml", ".yml", ".json"].contains(where: name.lowercased().hasSuffix) ? folder + name : nil
    }
    return (FamilyPreset.all.map(\.name) + files.sorted()).filter { $0.hasPrefix(prefix) }
  }
}

let familyHelp = ArgumentHelp(
  "A YAML or JSON file with the fields that `ancestral schema` lists, or a mixture of such, or a preset's name.")
