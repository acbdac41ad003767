internal import FoundationEssentials
public import SCMBase

extension FamilyConfig: Codable, Equatable {
  /// - Throws: `ConfigError` in words, also where the text is not JSON.
  public init(json: String) throws(ConfigError) {
    try self.init(JSONValue.object(in: json))
  }

  public init(from decoder: any Decoder) throws {
    guard case .object(let members) = try JSONValue(from: decoder) else {
      throw ConfigError(path: "configuration", value: "no object", reason: "must be a JSON object")
    }
    try self.init(members)
  }

  public func encode(to encoder: any Encoder) throws {
    try JSONValue.object(relevantMembers).encode(to: encoder)
  }

  /// The fields that shape the family, sorted by name.
  public var canonicalJSON: String { FamilySpecification.family(self).canonicalJSON }

  /// See ``FamilySpecification/fingerprint``.
  public var fingerprint: String { FamilySpecification.family(self).fingerprint }

  public static func == (a: FamilyConfig, b: FamilyConfig) -> Bool { a.relevantMembers == b.relevantMembers }
}

extension FamilySpecification {
  /// - Throws: `ConfigError` in words, also where the text is not JSON.
  public init(json: String) throws(ConfigError) {
    try self.init(JSONValue.object(in: json))
  }

  /// The fields that shape the tasks, sorted by name, each under the first name that it had.
  public var canonicalJSON: String { JSONValue.object(members { $0.canonicalMembers }).text }

  /// SHA-256 over the version of the numerics and ``canonicalJSON``: equal for configurations that give the same tasks
  /// whatever way they are written, 64 hex digits.
  public var fingerprint: String {
    SHA256.hex(of: Array("ancestral numerics \(numericsVersion)\n\(canonicalJSON)".utf8))
  }
}

/// Changes with the bits of any task; see the CHANGELOG.
public let numericsVersion = 1

extension JSONValue {
  /// The members of the object that a text holds.
  package static func object(in json: String) throws(ConfigError) -> [String: JSONValue] {
    guard isShallow(json.utf8) else {
      throw ConfigError(
        path: "configuration", value: "a text of \(json.utf8.count) bytes",
        reason: "must be a JSON object with lists and objects nested at most \(mostDepth) deep")
    }
    let value: JSONValue
    do {
      value = try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
    } catch {
      throw ConfigError(
        path: "configuration", value: "a text of \(json.utf8.count) bytes", reason: "must be a JSON object")
    }
    guard case .object(let members) = value else {
      throw ConfigError(path: "configuration", value: "\(value)", reason: "must be a JSON object")
    }
    return members
  }

  private static let mostDepth = 64

  /// Whether lists and objects are nested no deeper than a configuration ever needs. Foundation's JSONDecoder refuses depth too, but
  /// traps (Swift 6.3, Linux) at a text that ends with its 513th open list.
  private static func isShallow(_ json: String.UTF8View) -> Bool {
    var depth = 0
    var isText = false
    var isEscaped = false
    for byte in json {
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText = true
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
      if depth > mostDepth { return false }
    }
    return true
  }

  /// The value as one line of JSON, keys sorted.
  public var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Encoding fails for numbers that are not finite only, and no field may hold one.
    guard let data = try? encoder.encode(self) else { return "null" }
    return String(decoding: data, as: UTF8.self)
  }
}
