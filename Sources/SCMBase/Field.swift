/// One option of something that is configured by text: its name, its range, a sentence, and its place in `Owner`.
///
/// Each option is such a value, once, in the list of the strategy that it belongs to. Reading, checking, writing and the JSON
/// schema are loops over that list; see ``Configurable``.
///
///     Field<ScaleFree>.number("scale_free_power", \.power, in: .from(0, to: 3), "A node is chosen by its degree to this power.")
public struct Field<Owner: Sendable>: Sendable {
  /// Where the owner keeps a value.
  public typealias Place<Value> = any WritableKeyPath<Owner, Value> & Sendable

  public let name: String
  /// What it was called before: read as well, and what fingerprints are made of, so that they stay as they were.
  public private(set) var formerName: String?
  public let summary: String
  /// What a JSON Schema says of its type and its range.
  let type: [String: JSONValue]
  let read: @Sendable (inout Owner, _ given: JSONValue, _ path: String) throws(ConfigError) -> Void
  let write: @Sendable (Owner) -> JSONValue
  /// Whether the field shapes what `Owner` describes, the other fields being what they are.
  let isRelevant: @Sendable (Owner) -> Bool

  init(
    _ name: String, _ summary: String, type: [String: JSONValue], formerName: String? = nil,
    isRelevant: @escaping @Sendable (Owner) -> Bool = { _ in true }, write: @escaping @Sendable (Owner) -> JSONValue,
    read: @escaping @Sendable (inout Owner, JSONValue, String) throws(ConfigError) -> Void
  ) {
    self.name = name
    self.formerName = formerName
    self.summary = summary
    self.type = type
    self.read = read
    self.write = write
    self.isRelevant = isRelevant
  }

  /// The same field, relevant under a condition more.
  public func when(_ condition: @escaping @Sendable (Owner) -> Bool) -> Field {
    let isRelevant = isRelevant
    return Field(
      name, summary, type: type, formerName: formerName, isRelevant: { condition($0) && isRelevant($0) },
      write: write, read: read)
  }

  /// The same field, which was called `name` in earlier versions.
  public func formerly(_ name: String) -> Field {
    var field = self
    field.formerName = name
    return field
  }

  /// The same field of a larger whole, which holds its owner somewhere.
  public func of<Whole>(
    get: @escaping @Sendable (Whole) -> Owner, set: @escaping @Sendable (inout Whole, Owner) -> Void
  ) -> Field<Whole> {
    let (read, write, isRelevant) = (read, write, isRelevant)
    return Field<Whole>(
      name, summary, type: type, formerName: formerName, isRelevant: { isRelevant(get($0)) },
      write: { write(get($0)) }
    ) { (whole, given, path) throws(ConfigError) in
      var owner = get(whole)
      try read(&owner, given, path)
      set(&whole, owner)
    }
  }

  /// The same field of a larger whole, of which its owner is a part.
  public func of<Whole>(_ part: Field<Whole>.Place<Owner>) -> Field<Whole> {
    of(get: { $0[keyPath: part] }, set: { $0[keyPath: part] = $1 })
  }
}

/// An enumeration that is written by name in a configuration.
public protocol NamedChoice: RawRepresentable<String>, CaseIterable, Sendable {}

// The types that a field may have.
extension Field {
  public static func integer(
    _ name: String, _ place: Place<Int>, in range: ClosedRange<Int>, _ summary: String
  ) -> Field {
    Field(
      name, summary, type: .integer(range, .string("integer")), write: { .integer($0[keyPath: place]) }
    ) { (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = try given.integer(in: range, path: path)
    }
  }

  public static func optionalInteger(
    _ name: String, _ place: Place<Int?>, in range: ClosedRange<Int>, _ summary: String
  ) -> Field {
    Field(
      name, summary, type: .integer(range, .array([.string("integer"), .string("null")])),
      write: { $0[keyPath: place].map(JSONValue.integer) ?? .null }
    ) { (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = given == .null ? nil : try given.integer(in: range, path: path)
    }
  }

  public static func number(
    _ name: String, _ place: Place<Double>, in range: NumberRange, _ summary: String
  ) -> Field {
    let type: [String: JSONValue] = [
      "type": .string("number"), "maximum": .number(range.upperBound),
      range.isOpenBelow ? "exclusiveMinimum" : "minimum": .number(range.lowerBound),
    ]
    return Field(name, summary, type: type, write: { .number($0[keyPath: place]) }) {
      (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = try given.number(in: range, path: path)
    }
  }

  /// `nil` where it is null.
  public static func optionalNumber(
    _ name: String, _ place: Place<Double?>, in range: NumberRange, _ summary: String
  ) -> Field {
    let type: [String: JSONValue] = [
      "type": .array([.string("number"), .string("null")]), "maximum": .number(range.upperBound),
      range.isOpenBelow ? "exclusiveMinimum" : "minimum": .number(range.lowerBound),
    ]
    return Field(name, summary, type: type, write: { $0[keyPath: place].map(JSONValue.number) ?? .null }) {
      (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = given == .null ? nil : try given.number(in: range, path: path)
    }
  }

  public static func flag(_ name: String, _ place: Place<Bool>, _ summary: String) -> Field {
    Field(name, summary, type: ["type": .string("boolean")], write: { .bool($0[keyPath: place]) }) {
      (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = try given.flag(path: path)
    }
  }

  /// A group of options of its own, an object in a configuration; `nil` where it is absent or null.
  public static func part<Part: Configurable>(
    _ name: String, _ place: Place<Part?>, _ initial: Part, _ summary: String
  ) -> Field {
    let type: [String: JSONValue] = [
      "type": .array([.string("object"), .string("null")]), "additionalProperties": .bool(false),
      "properties": .object(initial.properties), "x-order": .array(initial.fieldNames.map(JSONValue.string)),
    ]
    return Field(
      name, summary, type: type,
      write: { $0[keyPath: place].map { .object($0.relevantMembers(former: false)) } ?? .null }
    ) { (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = given == .null ? nil : try given.part(initial, path: path)
    }
  }

  public static func choice<Choice: NamedChoice>(
    _ name: String, _ place: Place<Choice>, _ summary: String
  ) -> Field {
    let type = [String: JSONValue].oneOf(Choice.allCases.map(\.rawValue))
    return Field(name, summary, type: type, write: { .string($0[keyPath: place].rawValue) }) {
      (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = try given.choice(path: path)
    }
  }

  /// A list with at least one element.
  public static func integers(
    _ name: String, _ place: Place<[Int]>, in range: ClosedRange<Int>,
    count: ClosedRange<Int>, _ summary: String
  ) -> Field {
    Field(
      name, summary, type: .list(of: .integer(range, .string("integer")), count: count),
      write: { .array($0[keyPath: place].map(JSONValue.integer)) }
    ) { (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = try given.list(count: count, path: path) { (element, path) throws(ConfigError) in
        try element.integer(in: range, path: path)
      }
    }
  }

  /// A list with at least one element.
  public static func choices<Choice: NamedChoice>(
    _ name: String, _ place: Place<[Choice]>, count: ClosedRange<Int>, _ summary: String
  ) -> Field {
    Field(
      name, summary, type: .list(of: .oneOf(Choice.allCases.map(\.rawValue)), count: count),
      write: { .array($0[keyPath: place].map { .string($0.rawValue) }) }
    ) { (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = try given.list(count: count, path: path) { (element, path) throws(ConfigError) in
        try element.choice(path: path)
      }
    }
  }

  /// The name of one strategy out of a catalogue.
  public static func name(
    _ name: String, _ place: Place<String>, among names: [String], _ summary: String
  ) -> Field {
    Field(name, summary, type: .oneOf(names), write: { .string($0[keyPath: place]) }) {
      (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = try given.name(among: names, path: path)
    }
  }

  /// The name of one strategy out of a catalogue, or none.
  public static func optionalName(
    _ name: String, _ place: Place<String?>, among names: [String], _ summary: String
  ) -> Field {
    let type: [String: JSONValue] = [
      "type": .array([.string("string"), .string("null")]), "enum": .array(names.map(JSONValue.string) + [.null]),
    ]
    return Field(name, summary, type: type, write: { $0[keyPath: place].map(JSONValue.string) ?? .null }) {
      (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = given == .null ? nil : try given.name(among: names, path: path)
    }
  }

  /// Non-negative weights of named things, not all zero; `nil` where the field is absent or null.
  public static func weights(
    _ name: String, _ place: Place<[String: Double]?>, among names: [String],
    _ summary: String
  ) -> Field {
    let weight = JSONValue.object(["type": .string("number"), "minimum": .number(0)])
    let type: [String: JSONValue] = [
      "type": .array([.string("object"), .string("null")]), "additionalProperties": .bool(false),
      "properties": .object(Dictionary(uniqueKeysWithValues: names.map { ($0, weight) })),
    ]
    return Field(
      name, summary, type: type,
      write: { $0[keyPath: place].map { .object($0.mapValues(JSONValue.number)) } ?? .null }
    ) { (owner, given, path) throws(ConfigError) in
      owner[keyPath: place] = given == .null ? nil : try given.weights(among: names, path: path)
    }
  }
}

extension [String: JSONValue] {
  fileprivate static func integer(_ range: ClosedRange<Int>, _ type: JSONValue) -> Self {
    ["type": type, "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
  }

  fileprivate static func oneOf(_ names: [String]) -> Self {
    ["type": .string("string"), "enum": .array(names.map(JSONValue.string))]
  }

  fileprivate static func list(of items: Self, count: ClosedRange<Int>) -> Self {
    [
      "type": .string("array"), "items": .object(items), "minItems": .integer(count.lowerBound),
      "maxItems": .integer(count.upperBound),
    ]
  }
}
