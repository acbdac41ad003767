internal import FoundationEssentials

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
