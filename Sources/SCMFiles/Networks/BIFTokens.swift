import SCMBase

/// The words and signs of a text in the Interchange Format for Bayesian networks, without its comments.
struct BIFTokens {
  enum Token: Equatable {
    /// A name, a number or a keyword.
    case word(String)
    /// One of `{ } ( ) [ ] , ; |`.
    case sign(Character)
    case end

    /// As an error shows it.
    var words: String {
      switch self {
      case .word(let text): "\(JSONValue.string(text))"
      case .sign(let sign): "\"\(sign)\""
      case .end: "the end of the text"
      }
    }
  }

  private let bytes: [UInt8]
  private var place = 0
  /// The line, from 1, in which the last token stood.
  private(set) var line = 1

  init(_ text: String) {
    bytes = Array(text.utf8)
    // A byte order mark.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
  }

  /// - Throws: for a quotation or a comment that isn't closed.
  mutating func next() throws(ConfigError) -> Token {
    try skipBlanks()
    guard place < bytes.count else { return .end }
    let byte = bytes[place]
    if Self.signs.contains(byte) {
      place += 1
      return .sign(Character(UnicodeScalar(byte)))
    }
    if byte == UInt8(ascii: "\"") { return .word(try quotation()) }
    let first = place
    while place < bytes.count, !isWordEnd { place += 1 }
    return .word(String(decoding: bytes[first..<place], as: UTF8.self))
  }

  /// Past a property, whose word was read last: any text to a semicolon that stands between no quotation marks of one line.
  ///
  /// What looks like a comment is text here, as in an address of the web.
  mutating func skipProperty() throws(ConfigError) {
    let first = line
    while place < bytes.count, bytes[place] != UInt8(ascii: ";") {
      if bytes[place] == UInt8(ascii: "\""), let end = endOfQuotation {
        place = end + 1
      } else {
        step()
      }
    }
    guard place < bytes.count else {
      throw ConfigError(
        path: "line \(first)", value: "a property without an end", reason: "must be closed by a semicolon")
    }
    place += 1
  }

  private static let signs = Set("{}()[],;|".utf8)

  private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

  private var isWordEnd: Bool {
    let byte = bytes[place]
    return Self.isBlank(byte) || byte == UInt8(ascii: "\"") || Self.signs.contains(byte) || comment != nil
  }

  private enum Comment { case line, block }

  /// The comment that begins here.
  private var comment: Comment? {
    guard bytes[place] == UInt8(ascii: "/"), place + 1 < bytes.count else { return nil }
    switch bytes[place + 1] {
    case UInt8(ascii: "/"): return .line
    case UInt8(ascii: "*"): return .block
    default: return nil
    }
  }

  private mutating func skipBlanks() throws(ConfigError) {
    while place < bytes.count {
      if Self.isBlank(bytes[place]) {
        step()
      } else if let comment {
        try skip(comment)
      } else {
        return
      }
    }
  }

  private mutating func skip(_ comment: Comment) throws(ConfigError) {
    let first = line
    place += 2
    while place < bytes.count {
      switch comment {
      // A text of an old Mac has returns alone.
      case .line: if bytes[place] == UInt8(ascii: "\n") || bytes[place] == UInt8(ascii: "\r") { return }
      case .block:
        if bytes[place...].starts(with: "*/".utf8) {
          place += 2
          return
        }
      }
      step()
    }
    guard comment == .line else {
      throw ConfigError(path: "line \(first)", value: "a comment without an end", reason: "must be closed by */")
    }
  }

  private mutating func quotation() throws(ConfigError) -> String {
    guard let end = endOfQuotation else {
      throw ConfigError(
        path: "line \(line)", value: "a quotation mark without another",
        reason: "must be closed in the same line")
    }
    defer { place = end + 1 }
    return String(decoding: bytes[place + 1..<end], as: UTF8.self)
  }

  /// Where the mark stands that closes the quotation which begins here, if it does in this line.
  private var endOfQuotation: Int? {
    var end = place + 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\n") { end += 1 }
    return end < bytes.count && bytes[end] == UInt8(ascii: "\"") ? end : nil
  }

  /// Past a byte, of which lines are counted.
  private mutating func step() {
    if bytes[place] == UInt8(ascii: "\n") { line += 1 }
    place += 1
  }
}
