import Ancestral
import Yams

/// A YAML text as the JSON value that PyYAML's `safe_load` makes of it, so that both tools read a file alike; what Python has and JSON
/// has not (dates, tags, keys that are no text) is refused, and so are keys that come twice.
struct YAMLDocument {
  let value: JSONValue

  /// A fault of a text, with its place.
  struct Fault: Error, CustomStringConvertible {
    let description: String

    init(_ mark: Mark?, _ reason: String) {
      description = (mark.map { "line \($0.line), column \($0.column): " } ?? "") + reason
    }
  }

  /// - Parameter text: an empty one is null.
  init(_ text: String) throws {
    do {
      // Without rules, a plain scalar keeps its text, which `scalar` reads.
      var nodes = 0
      value = try Parser(yaml: text, resolver: .basic).singleRoot().map { try Self.value($0, &nodes) } ?? .null
    } catch let error as YamlError {
      throw Self.fault(error)
    }
  }

  /// Aliases may multiply what a short text says; nothing of ours is larger.
  private static let mostNodes = 1_000_000

  private static func value(_ node: Node, _ nodes: inout Int) throws -> JSONValue {
    nodes += 1
    guard nodes <= mostNodes else { throw Fault(node.mark, "the text has more than \(mostNodes) values") }
    switch node {
    case .scalar(let scalar): return try value(scalar)
    case .sequence(let sequence):
      try check(sequence.tag, "seq", sequence.mark)
      return .array(try sequence.map { try value($0, &nodes) })
    case .mapping(let mapping):
      try check(mapping.tag, "map", mapping.mark)
      return .object(try members(mapping, &nodes))
    case .alias(let alias): throw Fault(alias.mark, "the alias has no anchor")
    }
  }

  private static func members(_ mapping: Node.Mapping, _ nodes: inout Int) throws -> [String: JSONValue] {
    var (members, merged): ([String: JSONValue], [String: JSONValue]) = ([:], [:])
    for (key, value) in mapping {
      guard case .scalar(let scalar) = key else { throw Fault(key.mark, "a key must be text") }
      let content = try Self.value(value, &nodes)
      if scalar.string == "<<", scalar.style == .plain {
        // The first of several merged mappings wins, and the mapping's own keys over all.
        for part in try mergeable(content, value.mark) { merged.merge(part) { first, _ in first } }
        continue
      }
      guard scalar.style != .plain || YAMLScalar(scalar.string) == .text else {
        throw Fault(scalar.mark, "the key \(scalar.string) must be text: put it in quotes")
      }
      members[scalar.string] = content
    }
    return members.merging(merged) { own, _ in own }
  }

  private static func mergeable(_ value: JSONValue, _ mark: Mark?) throws -> [[String: JSONValue]] {
    switch value {
    case .object(let members): return [members]
    case .array(let elements): return try elements.flatMap { try mergeable($0, mark) }
    default: throw Fault(mark, "<< must be given a mapping, or a list of them")
    }
  }

  private static func value(_ scalar: Node.Scalar) throws -> JSONValue {
    try check(scalar.tag, "str", scalar.mark)
    let isText = scalar.style != .plain || scalar.tag.rawValue == Tag.Name.str.rawValue
    switch isText ? .text : YAMLScalar(scalar.string) {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .number(let value): return .number(value)
    case .text: return .string(scalar.string)
    case .date: throw Fault(scalar.mark, "\(scalar.string) is a date: put it in quotes if it is text")
    case .faulty: throw Fault(scalar.mark, "\(scalar.string) is no number")
    }
  }

  private static func check(_ tag: Tag, _ standard: String, _ mark: Mark?) throws {
    guard ["", "!", "tag:yaml.org,2002:\(standard)"].contains(tag.rawValue) else {
      throw Fault(mark, "the tag \(tag.rawValue) is not read: leave it out")
    }
  }

  private static func fault(_ error: YamlError) -> Fault {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      Fault(mark, problem)
    case .duplicatedKeysInMapping(let keys, let context):
      Fault(context.mark, "the key \(keys.first ?? "") comes twice")
    case .reader(let problem, let offset, _, _): Fault(nil, problem + (offset.map { " at character \($0)" } ?? ""))
    default: Fault(nil, "it can't be parsed")
    }
  }
}
