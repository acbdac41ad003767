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

  /// Holds two options against each other that bound one number, `NAME_min` and `NAME_max`.
  ///
  /// - Throws: where the least is above the most.
  package static func checkBounds<Bound: Comparable>(
    _ name: String, _ least: Bound, _ most: Bound
  ) throws(ConfigError) {
    guard least <= most else {
      throw ConfigError(path: "\(name)_min", value: "\(least)", reason: "must be at most \(name)_max, \(most)")
    }
  }

  /// Refuses numbers of things, by their names, that are negative.
  package static func checkNotNegative(_ counts: (name: String, count: Int)...) throws(ConfigError) {
    for (name, count) in counts where count < 0 {
      throw ConfigError(path: name, value: "\(count)", reason: "must be at least 0")
    }
  }

  /// Holds an option `NAME` against `NAME_max`, up to which it is drawn where that is given.
  ///
  /// - Throws: where the latter is below.
  package static func checkRange<Bound: Comparable>(
    _ name: String, _ least: Bound, to most: Bound?
  ) throws(ConfigError) {
    if let most, most < least {
      throw ConfigError(path: "\(name)_max", value: "\(most)", reason: "must be at least \(name), \(least)")
    }
  }

  /// One sentence: "n_nodes = 0: must be an integer from 1 to 2048."
  public var description: String { "\(path) = \(value): \(reason)." }
}
