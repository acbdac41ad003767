public import SCMBase

/// A published design by name.
public struct DesignPreset: Sendable {
  public let name: String
  /// The paper whose laws these are.
  public let source: String
  /// The options that differ from the defaults.
  public let members: [String: JSONValue]

  public static let all: [DesignPreset] = []

  /// A list of {name, source, config}.
  public static var list: JSONValue {
    .array(
      all.map {
        .object(["name": .string($0.name), "source": .string($0.source), "config": .object($0.members)])
      })
  }
}
