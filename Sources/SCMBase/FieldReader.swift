/// Reads fields from a JSON object and checks each against its range.
///
/// A field that is absent keeps its value. ``finish()`` refuses the keys that nothing asked for.
public struct FieldReader: FieldVisitor {
  private let members: [String: JSONValue]
  private var known: Set<String> = []

  public init(_ members: [String: JSONValue]) {
    self.members = members
  }

  /// - Throws: when the object has a key that no field has read.
  public func finish() throws(ConfigError) {
    guard let key = members.keys.filter({ !known.contains($0) }).min() else { return }
    let names = known.sorted()
    let hint = (usual(key, among: names) ?? nearest(to: key, among: names)).map { " (did you mean \($0)?)" } ?? ""
    throw ConfigError(
      path: printable(key), value: "\(members[key] ?? .null)", reason: "is not a field of this configuration\(hint)")
  }

  private mutating func take(_ name: String) -> JSONValue? {
    known.insert(name)
    return members[name]
  }

  public mutating func integer(
    _ name: String, _ value: inout Int, in range: ClosedRange<Int>, _ summary: String
  ) throws(ConfigError) {
    guard let given = take(name) else { return }
    value = try integer(given, in: range, path: name)
  }

  public mutating func optionalInteger(
    _ name: String, _ value: inout Int?, in range: ClosedRange<Int>, _ summary: String
  ) throws(ConfigError) {
    guard let given = take(name) else { return }
    value = given == .null ? nil : try integer(given, in: range, path: name)
  }

  public mutating func number(
    _ name: String, _ value: inout Double, in range: NumberRange, _ summary: String
  ) throws(ConfigError) {
    guard let given = take(name) else { return }
    guard let number = given.asDouble, range.contains(number) else {
      throw ConfigError(path: name, value: "\(given)", reason: range.words)
    }
    value = number
  }

  public mutating func choice<Choice: NamedChoice>(
    _ name: String, _ value: inout Choice, _ summary: String
  ) throws(ConfigError) {
    guard let given = take(name) else { return }
    value = try choice(given, path: name)
  }

  public mutating func integers(
    _ name: String, _ value: inout [Int], in range: ClosedRange<Int>, count: ClosedRange<Int>, _ summary: String
  ) throws(ConfigError) {
    guard let given = take(name) else { return }
    value = []
    for (index, element) in try list(given, count: count, path: name).enumerated() {
      value.append(try integer(element, in: range, path: "\(name)[\(index)]"))
    }
  }

  public mutating func choices<Choice: NamedChoice>(
    _ name: String, _ value: inout [Choice], count: ClosedRange<Int>, _ summary: String
  ) throws(ConfigError) {
    guard let given = take(name) else { return }
    value = []
    for (index, element) in try list(given, count: count, path: name).enumerated() {
      value.append(try choice(element, path: "\(name)[\(index)]"))
    }
  }

  public mutating func name(
    _ name: String, _ value: inout String, among names: [String], _ summary: String
  ) throws(ConfigError) {
    guard let given = take(name) else { return }
    value = try oneOf(names, given, path: name)
  }

  public mutating func weights(
    _ name: String, _ value: inout [String: Double]?, among names: [String], _ summary: String
  ) throws(ConfigError) {
    guard let given = take(name) else { return }
    guard given != .null else {
      value = nil
      return
    }
    guard case .object(let entries) = given else {
      throw ConfigError(path: name, value: "\(given)", reason: "must map names to weights, or be null")
    }
    var weights: [String: Double] = [:]
    for (key, entry) in entries.sorted(by: { $0.key < $1.key }) {
      _ = try oneOf(names, .string(key), path: "a name in \(name)")
      guard let weight = entry.asDouble, weight >= 0, weight.isFinite else {
        throw ConfigError(path: "\(name).\(key)", value: "\(entry)", reason: "must be a finite number >= 0")
      }
      weights[key] = weight
    }
    let total = weights.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    guard total > 0, total.isFinite else {
      throw ConfigError(path: name, value: "\(given)", reason: "must have a positive, finite sum")
    }
    value = weights
  }

  private func integer(_ given: JSONValue, in range: ClosedRange<Int>, path: String) throws(ConfigError) -> Int {
    guard case .integer(let integer) = given, range.contains(integer) else {
      throw ConfigError(
        path: path, value: "\(given)", reason: "must be an integer from \(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  private func list(_ given: JSONValue, count: ClosedRange<Int>, path: String) throws(ConfigError) -> [JSONValue] {
    guard case .array(let elements) = given, count.contains(elements.count) else {
      throw ConfigError(
        path: path, value: "\(given)",
        reason: "must be a list of \(count.lowerBound) to \(count.upperBound) elements")
    }
    return elements
  }

  private func choice<Choice: NamedChoice>(_ given: JSONValue, path: String) throws(ConfigError) -> Choice {
    let name = try oneOf(Choice.allCases.map(\.rawValue), given, path: path)
    guard let choice = Choice(rawValue: name) else {
      throw ConfigError(path: path, value: "\(given)", reason: "must be the name of a known choice")
    }
    return choice
  }

  private func oneOf(_ names: [String], _ given: JSONValue, path: String) throws(ConfigError) -> String {
    if case .string(let name) = given, names.contains(name) { return name }
    var hint = ""
    if case .string(let name) = given,
      let meant = usual(name, among: names) ?? nearest(to: name.lowercased(), among: names)
    {
      hint = " (did you mean \(meant)?)"
    }
    throw ConfigError(path: path, value: "\(given)", reason: "must be one of " + names.joined(separator: ", ") + hint)
  }
}

/// The name with the fewest changed letters (Levenshtein), or that begins with the word, where it is near enough to be meant.
func nearest(to word: String, among names: [String]) -> String? {
  let word = Array(word.prefix(64))
  var best: (name: String, distance: Int)?
  for name in names {
    let letters = Array(name)
    var row = Array(0...letters.count)
    for (i, letter) in word.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in letters.enumerated() {
        let changed = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(changed, min(row[j], row[j + 1]) + 1)
      }
    }
    let distance = row[letters.count]
    if distance <= max(2, letters.count / 3), distance < best?.distance ?? .max { best = (name, distance) }
  }
  return best?.name ?? (word.count >= 3 ? names.first { $0.hasPrefix(String(word)) } : nil)
}
