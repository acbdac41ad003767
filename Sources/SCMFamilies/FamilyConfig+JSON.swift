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

  /// SHA-256 over the version of the numerics and ``canonicalJSON``, 64 hex digits: equal for configurations that say the same, whatever
  /// way they are written. Those with equal ones give the same tasks.
  public var fingerprint: String {
    SHA256.hex(of: Array("ancestral numerics \(numericsVersion)\n\(canonicalJSON)".utf8))
  }
}

/// Changes with the bits of any task; see the CHANGELOG.
public let numericsVersion = 1
