internal import FoundationEssentials
public import SCMBase
import SCMFamilies
import SCMGraphs
import SCMRandom

/// The registry of a run: a folder that says which tasks were used, for others to check.
///
/// `manifest.json` holds the versions, the families' fingerprints and the SHA-256 of each other file; its own `digest` is that of
/// its bytes with the digest's sixty-four digits written as zeros.
public struct RunRegistry: Sendable {
  public let folder: String
  /// What config.yaml holds, as whoever reads YAML has read it; `nil` where it can't be read.
  let configs: JSONValue?
  let manifest: [String: JSONValue]
  private let manifestBytes: [UInt8]

  public static let format = 2
  static let files = ["config.yaml", "seeds.json", "hashes.json", "distances.json"]

  /// - Throws: where the folder has no manifest.
  public init(folder: String, configs: JSONValue?) throws(FileError) {
    self.folder = folder
    self.configs = configs
    let path = "\(folder)/manifest.json"
    manifestBytes = try FileReader.contents(path)
    manifest = try JSONValue.object(in: manifestBytes, ofFile: path)
    let format = manifest["format"] ?? .null
    guard format == .integer(Self.format) else {
      throw FileError(
        path: folder, reason: "is no registry of a run: format \(format) of manifest.json must be \(Self.format)")
    }
  }

  /// The files that are not as they were written.
  func changedFiles() -> [String] {
    guard case .string(let digest)? = manifest["digest"], digest == Self.digest(ofManifest: manifestBytes, digest)
    else {
      return ["manifest.json is not as it was written."]
    }
    return Self.files.compactMap { name -> String? in
      do throws(FileError) {
        let found = SHA256.hex(of: try FileReader.contents("\(folder)/\(name)"))
        return manifest["files"]?[name] == .string(found) ? nil : "\(name) is not as it was written."
      } catch {
        return "\(name) \(error.reason)."
      }
    }
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

extension JSONValue {
  /// A member of an object; `nil` also where the value is none.
  subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  var members: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

  /// The texts of a list.
  var texts: [String]? {
    guard case .array(let elements) = self else { return nil }
    let texts = elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    return texts.count == elements.count ? texts : nil
  }

  var string: String? { if case .string(let text) = self { text } else { nil } }
}
