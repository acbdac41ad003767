/// Something whose options arrive as named fields.
///
///     struct Ring: Configurable {
///       var rewiring = 0.3
///       var fields: [Field<Ring>] { [.number("rewiring", \.rewiring, in: .from(0, to: 1), "Probability of a new link.")] }
///     }
///     var ring = Ring()
///     try ring.read(["rewiring": .number(0.5)])
public protocol Configurable: Sendable {
  /// The options, each once, in the order in which they are read and listed.
  var fields: [Field<Self>] { get }
}

extension Configurable {
  /// Sets the fields that are named; the others keep their values.
  ///
  /// - Throws: when a value is of the wrong type or out of its range, or a name is none of a field.
  public mutating func read(_ members: [String: JSONValue]) throws(ConfigError) {
    let fields = fields
    var known: Set<String> = []
    for field in fields {
      known.insert(field.name)
      if let given = members[field.name] { try field.read(&self, given, field.name) }
      guard let former = field.formerName else { continue }
      known.insert(former)
      guard let given = members[former] else { continue }
      guard members[field.name] == nil else {
        throw ConfigError(
          path: former, value: "\(given)", reason: "is the former name of \(field.name), which is given as well")
      }
      try field.read(&self, given, former)
    }
    guard let key = members.keys.filter({ !known.contains($0) }).min() else { return }
    throw ConfigError(
      path: printable(key), value: "\(members[key] ?? .null)",
      reason: "is not a field of this configuration" + remedy(for: key))
  }

  /// What a name of no field may have been meant to be: the field that it is near to or, of not too many for a sentence, all.
  private func remedy(for key: String) -> String {
    if let near = meant(by: key, among: fieldNames.sorted()) { return " (did you mean \(near)?)" }
    if let setting = usual(key, among: ["n_samples", "seed", "batch_size"]) {
      return ": \(setting) is told to the data set"
    }
    if fieldNames.isEmpty { return ", which has none" }
    return fieldNames.count > 32 ? "" : ": must be one of \(fieldNames.joined(separator: ", "))"
  }

  /// Whether the fields that shape something have values that a text could give them.
  ///
  /// - Throws: for the first that has not.
  package func checkFields() throws(ConfigError) {
    var copy = self
    for field in fields where field.isRelevant(self) { try field.read(&copy, field.write(self), field.name) }
  }

  /// In the order of ``fields``.
  public var fieldNames: [String] { fields.map(\.name) }

  /// Every field with its value, defaults spelled out.
  public var members: [String: JSONValue] {
    Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.write(self)) })
  }

  /// The fields that shape something, the others being what they are.
  ///
  /// - Parameter former: under the names that fields had first, where they had another.
  public func relevantMembers(former: Bool) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    for field in fields where field.isRelevant(self) {
      members[former ? field.formerName ?? field.name : field.name] = field.write(self)
    }
    return members
  }

  /// Each field as a property of a JSON Schema (draft 2020-12), its value here as the default.
  public var properties: [String: JSONValue] {
    var properties: [String: JSONValue] = [:]
    for field in fields {
      properties[field.name] = .object(
        field.type.merging(["description": .string(field.summary), "default": field.write(self)]) { $1 })
      guard let former = field.formerName else { continue }
      properties[former] = .object(
        field.type.merging(["description": .string("Former name of \(field.name)."), "deprecated": .bool(true)]) { $1 })
    }
    return properties
  }
}
