/// Reader of JSON as RFC 8259 has it, which tells where a text is none.
///
/// It refuses what others read in ways of their own: commas that nothing follows, members named twice, halves of surrogate pairs,
/// numbers that no double holds, and depth past ``mostDepth``. Foundation's reads the first two, tells no place, and traps (Swift
/// 6.3, Linux) at a text that ends with its 513th open list.
struct JSONReader {
  /// Lists and objects within each other, more than a configuration ever needs.
  static let mostDepth = 64
  /// The byte order mark that some editors put first.
  fileprivate static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  /// The value of a text in UTF-8, with or without a byte order mark.
  static func value(of bytes: [UInt8]) throws(JSONFault) -> JSONValue {
    var reader = JSONReader(bytes)
    let value = try reader.value()
    guard reader.place == bytes.count else { throw reader.fault("expected nothing more") }
    return value
  }

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: Self.mark) { place = Self.mark.count }
  }

  /// A value with the spaces around it.
  private mutating func value() throws(JSONFault) -> JSONValue {
    skipSpaces()
    let value: JSONValue
    switch next {
    case UInt8(ascii: "{"): value = .object(try members())
    case UInt8(ascii: "["): value = .array(try elements())
    case UInt8(ascii: "\""): value = .string(try string())
    case UInt8(ascii: "-"): value = try number()
    default:
      if isDigit {
        value = try number()
      } else if skip("null") {
        value = .null
      } else if skip("true") {
        value = .bool(true)
      } else if skip("false") {
        value = .bool(false)
      } else {
        throw fault("expected a value")
      }
    }
    skipSpaces()
    return value
  }

  private mutating func members() throws(JSONFault) -> [String: JSONValue] {
    try enter()
    var members: [String: JSONValue] = [:]
    skipSpaces()
    if skip("}") { return leave(members) }
    repeat {
      skipSpaces()
      let start = place
      guard next == UInt8(ascii: "\"") else { throw fault("expected a member's name in quotation marks") }
      let name = try string()
      skipSpaces()
      guard skip(":") else { throw fault("expected a colon") }
      guard members.updateValue(try value(), forKey: name) == nil else {
        throw fault("an object names \(printable(name)) twice", at: start)
      }
    } while skip(",")
    guard skip("}") else { throw fault("expected a comma or }") }
    return leave(members)
  }

  private mutating func elements() throws(JSONFault) -> [JSONValue] {
    try enter()
    var elements: [JSONValue] = []
    skipSpaces()
    if skip("]") { return leave(elements) }
    repeat { elements.append(try value()) } while skip(",")
    guard skip("]") else { throw fault("expected a comma or ]") }
    return leave(elements)
  }

  /// An integer where it is written as one and is small enough, a number otherwise.
  private mutating func number() throws(JSONFault) -> JSONValue {
    let start = place
    var isInteger = true
    _ = skip("-")
    if !skip("0") { try digits() }
    if skip(".") {
      isInteger = false
      try digits()
    }
    if skip("e") || skip("E") {
      isInteger = false
      if !skip("+") { _ = skip("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text), number.isFinite else {
      throw fault("a number that is too large for a double", at: start)
    }
    return .number(number)
  }

  private mutating func digits() throws(JSONFault) {
    let start = place
    while isDigit { place += 1 }
    guard place > start else { throw fault("expected a digit") }
  }

  private mutating func string() throws(JSONFault) -> String {
    let opening = place
    place += 1
    var text = ""
    while true {
      let start = place
      while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
      text += String(decoding: bytes[start..<place], as: UTF8.self)
      switch next {
      case UInt8(ascii: "\""):
        place += 1
        return text
      case UInt8(ascii: "\\"): text.unicodeScalars.append(try escaped())
      case nil: throw fault("a text in quotation marks that doesn't end", at: opening)
      default: throw fault("a control character, which must be escaped")
      }
    }
  }

  private mutating func escaped() throws(JSONFault) -> Unicode.Scalar {
    let start = place
    place += 1
    let letter = next
    place += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(bytes[place - 1])
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let unit = hexadecimal() else { throw fault("expected four hexadecimal digits after \\u", at: start) }
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // The first half of a pair, which the second half follows.
      guard unit < 0xDC00, skip("\\u"), let low = hexadecimal(), (0xDC00...0xDFFF).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
      else { throw fault("half of a surrogate pair", at: start) }
      return scalar
    default: throw fault("a backslash that no escape follows", at: start)
    }
  }

  private mutating func hexadecimal() -> UInt16? {
    guard bytes.count - place >= 4 else { return nil }
    var unit: UInt16 = 0
    for byte in bytes[place..<place + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    place += 4
    return unit
  }

  private var isDigit: Bool { next.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpaces() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
  }

  /// Goes past a text where it stands here.
  private mutating func skip(_ text: String) -> Bool {
    guard bytes[place...].starts(with: text.utf8) else { return false }
    place += text.utf8.count
    return true
  }

  private mutating func enter() throws(JSONFault) {
    guard depth < Self.mostDepth else {
      throw fault("lists and objects must be nested at most \(Self.mostDepth) deep")
    }
    depth += 1
    place += 1
  }

  private mutating func leave<Found>(_ found: Found) -> Found {
    depth -= 1
    return found
  }

  private func fault(_ reason: String, at place: Int? = nil) -> JSONFault {
    JSONFault(reason, at: place ?? self.place, of: bytes)
  }
}

/// The place at which a text is no JSON, and the reason.
struct JSONFault: Error, CustomStringConvertible {
  let line: Int
  /// Of the character in its line, counted from 1.
  let column: Int
  let reason: String

  fileprivate init(_ reason: String, at place: Int, of bytes: [UInt8]) {
    let before = bytes.prefix(place)
    let first = bytes.starts(with: JSONReader.mark) ? JSONReader.mark.count : 0
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? first
    line = before.count { $0 == UInt8(ascii: "\n") } + 1
    // A character's later bytes are 10xxxxxx.
    column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
    self.reason = reason
  }

  /// "line 2, column 16: expected a value".
  var description: String { "line \(line), column \(column): \(reason)" }
}
