// Values of a configuration, checked; errors name the path and say what would be right.
extension JSONValue {
  /// Also of a number such as 6.0.
  public func integer(in range: ClosedRange<Int>, path: String) throws(ConfigError) -> Int {
    guard let integer = asInteger, range.contains(integer) else {
      throw refused(path, "must be an integer from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  private var asInteger: Int? {
    switch self {
    case .integer(let integer): integer
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }

  /// -0 is 0: configurations that are equal have one text, hence one fingerprint.
  public func number(in range: NumberRange, path: String) throws(ConfigError) -> Double {
    guard let number = asDouble, range.contains(number) else { throw refused(path, range.words) }
    return number + 0
  }

  func flag(path: String) throws(ConfigError) -> Bool {
    guard case .bool(let value) = self else { throw refused(path, "must be true or false") }
    return value
  }

  /// A group of options, whose errors name the group too.
  func part<Part: Configurable>(_ initial: Part, path: String) throws(ConfigError) -> Part {
    guard case .object(let members) = self else { throw refused(path, "must be an object of options, or null") }
    var part = initial
    do { try part.read(members) } catch { throw error.inside(path) }
    return part
  }

  func list<Element>(
    count: ClosedRange<Int>, path: String, _ read: (JSONValue, _ path: String) throws(ConfigError) -> Element
  ) throws(ConfigError) -> [Element] {
    guard case .array(let elements) = self, count.contains(elements.count) else {
      throw refused(path, "must be a list of \(count.lowerBound) to \(count.upperBound) elements")
    }
    var result: [Element] = []
    for (index, element) in elements.enumerated() { result.append(try read(element, "\(path)[\(index)]")) }
    return result
  }

  func choice<Choice: NamedChoice>(path: String) throws(ConfigError) -> Choice {
    let name = try name(among: Choice.allCases.map(\.rawValue), path: path)
    guard let choice = Choice(rawValue: name) else { throw refused(path, "must be the name of a known choice") }
    return choice
  }

  func name(among names: [String], path: String) throws(ConfigError) -> String {
    if case .string(let name) = self, names.contains(name) { return name }
    var hint = ""
    if case .string(let name) = self,
      let meant = meant(by: name, among: names)
    {
      hint = " (did you mean \(meant)?)"
    }
    throw refused(path, "must be one of " + names.joined(separator: ", ") + hint)
  }

  func weights(among names: [String], path: String) throws(ConfigError) -> [String: Double] {
    guard case .object(let entries) = self else { throw refused(path, "must map names to weights, or be null") }
    var weights: [String: Double] = [:]
    for (key, entry) in entries.sorted(by: { $0.key < $1.key }) {
      _ = try JSONValue.string(key).name(among: names, path: "a name in \(path)")
      guard let weight = entry.asDouble, weight >= 0, weight.isFinite else {
        throw entry.refused("\(path).\(key)", "must be a finite number >= 0")
      }
      weights[key] = weight
    }
    let total = weights.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    guard total > 0, total.isFinite else { throw refused(path, "must have a positive, finite sum") }
    return weights
  }

  private func refused(_ path: String, _ reason: String) -> ConfigError {
    ConfigError(path: path, value: "\(self)", reason: reason)
  }
}
