extension JSONValue {
  /// The object that a file's bytes hold: in UTF-8, with no comma that nothing follows, which Foundation reads and others don't, and
  /// with no member named twice, of which readers would take one or the other.
  package static func object(in bytes: [UInt8], ofFile path: String) throws(FileError) -> [String: JSONValue] {
    guard let text = String(validating: bytes, as: UTF8.self), let members = try? object(in: text),
      !hasTrailingComma(bytes)
    else {
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
    var count = 0
    forEachOutsideStrings(of: json) { if characters.utf8.contains($0) { count += 1 } }
    return count
  }

  /// Whether a list or an object of a JSON text ends with a comma.
  private static func hasTrailingComma(_ json: [UInt8]) -> Bool {
    var (isComma, isFound) = (false, false)
    forEachOutsideStrings(of: json) { byte in
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return
      case UInt8(ascii: "]") where isComma, UInt8(ascii: "}") where isComma: isFound = true
      default: isComma = byte == UInt8(ascii: ",")
      }
    }
    return isFound
  }

  /// Hands out a JSON text's characters, of each string the quotation marks alone.
  private static func forEachOutsideStrings(of json: [UInt8], _ body: (UInt8) -> Void) {
    var (isString, isEscaped) = (false, false)
    for byte in json {
      switch byte {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\") where isString: isEscaped = true
      case UInt8(ascii: "\""):
        isString.toggle()
        body(byte)
      case _ where isString: continue
      default: body(byte)
      }
    }
  }

  private var memberCount: Int {
    switch self {
    case .object(let members): members.values.reduce(members.count) { $0 + $1.memberCount }
    case .array(let elements): elements.reduce(0) { $0 + $1.memberCount }
    default: 0
    }
  }
}
