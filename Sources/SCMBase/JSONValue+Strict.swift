extension JSONValue {
  /// The object that a file's bytes hold: in UTF-8, and with no member named twice, of which readers would take one or the other.
  package static func object(in bytes: [UInt8], ofFile path: String) throws(FileError) -> [String: JSONValue] {
    guard let text = String(validating: bytes, as: UTF8.self), let members = try? object(in: text) else {
      throw FileError(path: path, reason: "must hold a JSON object")
    }
    // Each member has one colon outside of strings, and a decoded object keeps one member of each name.
    guard count(of: ":", in: bytes) == JSONValue.object(members).memberCount else {
      throw FileError(path: path, reason: "has an object that names a member twice")
    }
    return members
  }

  /// How many of some characters a JSON text has outside of its strings.
  package static func count(of characters: String, in json: [UInt8]) -> Int {
    var (count, isString, isEscaped) = (0, false, false)
    for byte in json {
      switch byte {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\") where isString: isEscaped = true
      case UInt8(ascii: "\""): isString.toggle()
      case _ where !isString && characters.utf8.contains(byte): count += 1
      default: continue
      }
    }
    return count
  }

  private var memberCount: Int {
    switch self {
    case .object(let members): members.values.reduce(members.count) { $0 + $1.memberCount }
    case .array(let elements): elements.reduce(0) { $0 + $1.memberCount }
    default: 0
    }
  }
}
