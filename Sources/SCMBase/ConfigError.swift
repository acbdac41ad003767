/// A value in a configuration or an argument that can't be used: the field, the value and what would be right.
///
///     throw ConfigError(path: "n_nodes", value: "0", reason: "must be an integer from 1 to 2048")
public struct ConfigError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The field's name, as it is written in a configuration file.
  public let path: String
  /// The value that was given, as text.
  public let value: String
  /// What would be right, as the end of a sentence: "must be …".
  public let reason: String

  public init(path: String, value: String, reason: String) {
    self.path = path
    self.value = value
    self.reason = reason
  }

  /// The same of a field that stands in a group of options.
  public func inside(_ group: String) -> ConfigError {
    ConfigError(path: path.hasPrefix("[") ? "\(group)\(path)" : "\(group).\(path)", value: value, reason: reason)
  }

  /// One sentence: "n_nodes = 0: must be an integer from 1 to 2048."
  public var description: String { "\(path) = \(value): \(reason)." }
}
