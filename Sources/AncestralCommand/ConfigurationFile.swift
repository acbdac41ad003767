import Ancestral
import ArgumentParser
import Foundation

/// The YAML or JSON file of a configuration, in whose place a preset's name may stand.
enum ConfigurationFile {
  /// Whether a name is a preset's; a file of that name goes before it.
  static func isPreset(_ name: String, of presets: [String]) -> Bool {
    presets.contains(name) && !FileManager.default.fileExists(atPath: name)
  }

  /// The object that a YAML or JSON file holds.
  ///
  /// - Parameter presets: the names that could have stood in the file's place.
  static func members(of path: String, presets: [String]) throws -> [String: JSONValue] {
    let bytes = try contents(of: path, presets: presets)
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

  /// The bytes of a file, without the byte order mark that Windows puts first.
  ///
  /// - Throws: also for more than any configuration has. A pipe is read to its end.
  static func contents(of path: String, presets: [String] = []) throws -> [UInt8] {
    let most = 1 << 24
    let found: Data?
    do {
      found = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: most + 1)
    } catch {
      let isPath = presets.isEmpty || path.contains("/") || path.contains(".")
      let hint = isPath ? "" : "; it is no preset either: those are \(presets.joined(separator: ", "))"
      throw ValidationError("\(path) can't be read: \(reason(error))\(hint).")
    }
    guard let found, found.count <= most else {
      guard found != nil else { return [] }
      throw ValidationError("\(path) has more than \(most) bytes: must be a configuration.")
    }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    return Array(found.starts(with: mark) ? found.dropFirst(mark.count) : found)
  }

  private static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: "there is no such file"
    case .fileReadNoPermission: "permission is denied"
    default: "it must be a file"
    }
  }

  /// Presets, and files and folders of the prefix's folder.
  static func completions(_ prefix: String, presets: [String]) -> [String] {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let files = names.compactMap { name -> String? in
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder + name, isDirectory: &isFolder), !name.hasPrefix(".") else {
        return nil
      }
      if isFolder.boolValue { return folder + name + "/" }
      return [".yaml", ".yml", ".json", ".bif"].contains(where: name.lowercased().hasSuffix) ? folder + name : nil
    }
    return (presets + files.sorted()).filter { $0.hasPrefix(prefix) }
  }
}
