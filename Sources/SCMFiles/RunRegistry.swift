internal import FoundationEssentials
public import SCMBase

/// The registry of a run: a folder that says which tasks were used, for others to check.
///
/// `manifest.json` holds the versions, the families' fingerprints and the SHA-256 of each other file; its own `digest` is that of
/// its bytes with the digest's sixty-four digits written as zeros. Format 2, of older runs, has the families in config.yaml, and no
/// record of training.
public struct RunRegistry: Sendable {
  public let folder: String
  /// What config.yaml holds, as whoever reads YAML has read it; `nil` where it can't be read.
  private let yaml: JSONValue?
  let manifest: [String: JSONValue]
  private let manifestBytes: [UInt8]
  private let format: Int

  public static let format = 3
  private static let oldFormat = 2

  /// Where the families stand.
  var configFile: String { format == Self.oldFormat ? "config.yaml" : "config.json" }
  /// Whether the stream wrote down what it drew.
  var hasTrainingRecord: Bool { format != Self.oldFormat }

  private var files: [String] {
    [configFile, "seeds.json", "hashes.json", "distances.json"] + (hasTrainingRecord ? ["training.json"] : [])
  }

  /// - Parameter configs: what config.yaml of an older run holds; `nil` where it can't be read.
  /// - Throws: where the folder has no manifest.
  public init(folder: String, configs: JSONValue?) throws(FileError) {
    self.folder = folder
    yaml = configs
    let path = "\(folder)/manifest.json"
    manifestBytes = try FileReader.contents(path)
    manifest = try JSONValue.object(in: manifestBytes, ofFile: path)
    let found = manifest["format"] ?? .null
    guard case .integer(let format) = found, [Self.format, Self.oldFormat].contains(format) else {
      throw FileError(
        path: folder,
        reason: "is no registry of a run: format \(found) of manifest.json must be \(Self.format) or \(Self.oldFormat)")
    }
    self.format = format
  }

  /// The files that are not as they were written.
  func changedFiles() -> [Fault] {
    guard case .string(let digest)? = manifest["digest"], digest == Self.digest(ofManifest: manifestBytes, digest)
    else {
      return [.changed(file: "manifest.json")]
    }
    return files.compactMap { name -> Fault? in
      do throws(FileError) {
        let found = SHA256.hex(of: try FileReader.contents("\(folder)/\(name)"))
        return manifest["files"]?[name] == .string(found) ? nil : .changed(file: name)
      } catch {
        return .file(FileError(path: name, reason: error.reason))
      }
    }
  }

  /// The families by name.
  func configs() throws(FileError) -> [String: JSONValue] {
    if format != Self.oldFormat { return try members(configFile) }
    guard let members = yaml?.members else {
      throw FileError(path: configFile, reason: "must map names to families")
    }
    return members
  }

  /// SHA-256 of a manifest's bytes with zeros for its digest's digits.
  static func digest(ofManifest bytes: [UInt8], _ digest: String) -> String {
    guard digest.utf8.count == 64 else { return "" }
    let zeros = String(repeating: "0", count: 64)
    return SHA256.hex(of: Array(String(decoding: bytes, as: UTF8.self).replacing(digest, with: zeros).utf8))
  }

  /// The members of one of the other files.
  func members(_ name: String) throws(FileError) -> [String: JSONValue] {
    let path = "\(folder)/\(name)"
    return try JSONValue.object(in: FileReader.contents(path), ofFile: path)
  }
}
