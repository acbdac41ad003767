internal import FoundationEssentials

extension JSONValue {
  /// The members of the object that a text holds.
  package static func object(in json: String) throws(ConfigError) -> [String: JSONValue] {
    let value: JSONValue
    do {
      value = try JSONReader.value(of: Array(json.utf8))
    } catch {
      throw ConfigError(
        path: "configuration", value: "a text of \(json.utf8.count) bytes", reason: "must be a JSON object (\(error))")
    }
    guard case .object(let members) = value else {
      throw ConfigError(path: "configuration", value: "\(value)", reason: "must be a JSON object")
    }
    return members
  }

  /// The members of the object that a file holds, in UTF-8.
  package static func object(in bytes: [UInt8], ofFile path: String) throws(FileError) -> [String: JSONValue] {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw FileError(path: path, reason: "must hold a JSON object (in UTF-8)")
    }
    let value: JSONValue
    do {
      value = try JSONReader.value(of: bytes)
    } catch {
      throw FileError(path: path, reason: "must hold a JSON object (\(error))")
    }
    guard case .object(let members) = value else {
      throw FileError(path: path, reason: "must hold a JSON object, and holds \(value)")
    }
    return members
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
