import Foundation
import SCMBase
import Testing

/// The reader of JSON: Foundation's value of each text that both read, and the place where a text is none.
struct JSONReaderTests {
  private func member(_ text: String) throws -> JSONValue? { try JSONValue.object(in: "{\"a\": \(text)}")["a"] }

  @Test(arguments: [
    ("null", JSONValue.null), ("true", .bool(true)), ("false", .bool(false)), ("0", .integer(0)), ("-0", .integer(0)),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775808", .number(0x1p63)), ("6.0", .number(6)), ("6e0", .number(6)), ("-1.5E+2", .number(-150)),
    ("1e-3", .number(0.001)), ("4.9e-324", .number(.leastNonzeroMagnitude)), ("1e-400", .number(0)),
    ("0.1", .number(0.1)), ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
    (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")),
    (#""\u00fc\u20AC\ud83d\ude00\u0000""#, .string("ü€😀\0")),
    ("\"ü€😀\u{7F}\"", .string("ü€😀\u{7F}")), ("[]", .array([])), ("{ }", .object([:])),
    ("\r\n\t [ 1 ,\n[ { \"b\" : null } ] ] ", .array([.integer(1), .array([.object(["b": .null])])])),
  ]) func textsHaveOneValue(_ text: String, expected: JSONValue) throws {
    #expect(try member(text) == expected)
  }

  /// Values at random, of each kind and depth, in the text that Foundation writes with spaces strewn in.
  @Test func foundationReadsTheSame() throws {
    var words = RandomTexts(state: 11)
    for _ in 0..<2000 {
      let members = ["a": words.value(depth: 3), "b": words.value(depth: 4)]
      let text = words.strewn(JSONValue.object(members).text)
      #expect(try JSONValue.object(in: text) == members, "\(text)")
      let foundation = try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
      #expect(foundation == members, "\(text)")
    }
  }

  /// A change of one byte is read as Foundation reads it, or refused.
  @Test func changedTextsAreReadAsFoundationReadsThemOrRefused() throws {
    var words = RandomTexts(state: 12)
    var (readCount, refusedCount) = (0, 0)
    for _ in 0..<4000 {
      let members = ["a": words.value(depth: 2), "é": words.value(depth: 2)]
      var bytes = Array(JSONValue.object(members).text.utf8)
      let signs = Array("{}[],:\"\\ 01-+.eEnutf\n\u{1}x".utf8)
      bytes[words.below(bytes.count)] = signs[words.below(signs.count)]
      guard let text = String(validating: bytes, as: UTF8.self) else { continue }
      guard let read = try? JSONValue.object(in: text) else {
        refusedCount += 1
        continue
      }
      readCount += 1
      let foundation = try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
      #expect(numbers(.object(read)) == numbers(.object(foundation)), "\(text)")
    }
    #expect(readCount > 400)
    #expect(refusedCount > 500)
  }

  /// Wherever a text is cut off, and whatever bytes stand in it, it is refused in words and never ends the process.
  @Test func textsThatAreCutOffAreRefused() throws {
    let text = #"{"a\u00fc\ud83d\ude00\n": [1.5e-3, -0, null, true, false, {"b": ["é", {}]}], "c": "\\"}"#
    #expect(try JSONValue.object(in: text).count == 2)
    let bytes = Array(text.utf8)
    for count in 0..<bytes.count {
      #expect(throws: FileError.self, "\(count)") { try JSONValue.object(in: Array(bytes.prefix(count)), ofFile: "f") }
    }
    var words = RandomTexts(state: 13)
    for _ in 0..<20_000 {
      let noise = (0..<words.below(12)).map { _ in bytes[words.below(bytes.count)] }
      _ = try? JSONValue.object(in: [UInt8(ascii: "{"), UInt8(ascii: "\"")] + noise, ofFile: "f")
    }
  }

  /// Integers as numbers, since Foundation reads 6.0 as 6.
  private func numbers(_ value: JSONValue) -> JSONValue {
    switch value {
    case .integer(let integer): .number(Double(integer))
    case .array(let elements): .array(elements.map(numbers))
    case .object(let members): .object(members.mapValues(numbers))
    default: value
    }
  }

  @Test(arguments: [
    ("", 1, 1, "expected a value"), ("  \n ", 2, 2, "expected a value"), ("nul", 1, 1, "expected a value"),
    (#"{"a": NaN}"#, 1, 7, "expected a value"), (#"{"a": +1}"#, 1, 7, "expected a value"),
    (#"{"a": .5}"#, 1, 7, "expected a value"), (#"{"a": }"#, 1, 7, "expected a value"),
    (#"{"a": [1, ]}"#, 1, 11, "expected a value"), (#"{"a": [1 2]}"#, 1, 10, "expected a comma or ]"),
    (#"{"a": [1"#, 1, 9, "expected a comma or ]"), (#"{"a": 1,}"#, 1, 9, "expected a member's name"),
    ("{a: 1}", 1, 2, "expected a member's name"), (#"{"a" 1}"#, 1, 6, "expected a colon"),
    (#"{"a": 1 "b": 2}"#, 1, 9, "expected a comma or }"), (#"{"a": 1"#, 1, 8, "expected a comma or }"),
    ("{\"ü€😀\": 1,\n \"ä\": 2,\r\n  \"ü€😀\": 3}", 3, 3, "an object names ü€😀 twice"),
    (#"{"a": 1} x"#, 1, 10, "expected nothing more"), (#"{"a": 01}"#, 1, 8, "expected a comma or }"),
    (#"{"a": 1.}"#, 1, 9, "expected a digit"), (#"{"a": -}"#, 1, 8, "expected a digit"),
    (#"{"a": 1e+}"#, 1, 10, "expected a digit"), (#"{"a": 1e999}"#, 1, 7, "a number that is too large"),
    (#"{"a": "b}"#, 1, 7, "a text in quotation marks that doesn't end"),
    ("{\"a\": \"b\n\"}", 1, 9, "a control character"), (#"{"a": "é\x"}"#, 1, 9, "a backslash that no escape follows"),
    (#"{"a": "\"#, 1, 8, "a backslash that no escape follows"),
    (#"{"a": "\u12g4"}"#, 1, 8, "expected four hexadecimal digits"), (#"{"a": "\u12"#, 1, 8, "expected four"),
    (#"{"a": "\ud83d"}"#, 1, 8, "half of a surrogate pair"), (#"{"a": "\ude00"}"#, 1, 8, "half of a surrogate pair"),
    (#"{"a": "\ud83d\u0041"}"#, 1, 8, "half of a surrogate pair"), ("\u{FEFF}{]", 1, 2, "expected a member's name"),
  ]) func whereATextIsNoneIsSaid(_ text: String, line: Int, column: Int, says: String) {
    let error = #expect(throws: ConfigError.self) { try JSONValue.object(in: text) }
    let start =
      "configuration = a text of \(text.utf8.count) bytes: must be a JSON object (line \(line), column \(column): "
    #expect(error?.description.hasPrefix(start + says) == true, "\(error.map { "\($0)" } ?? "read")")
    #expect(throws: FileError.self) { try JSONValue.object(in: Array(text.utf8), ofFile: "f") }
  }

  @Test func filesSayWhatTheyHoldInstead() {
    for (bytes, says) in [
      (Array("[1, 2]".utf8), "f must hold a JSON object, and holds [1, 2]."),
      ([0x7B, 0xFF, 0x7D], "f must hold a JSON object (in UTF-8)."),
      (Array("{".utf8), "f must hold a JSON object (line 1, column 2: expected a member's name in quotation marks)."),
    ] {
      let error = #expect(throws: FileError.self) { try JSONValue.object(in: bytes, ofFile: "f") }
      #expect(error?.description == says)
    }
  }

  @Test(arguments: [(64, true), (65, false), (513, false), (100_000, false)])
  func depthEndsInWords(depth: Int, isRead: Bool) {
    // The object itself is the first level.
    let text = #"{"a": "# + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1) + "}"
    #expect(((try? JSONValue.object(in: text)) != nil) == isRead)
    let open = #expect(throws: ConfigError.self) {
      try JSONValue.object(in: #"{"a": "# + String(repeating: "[", count: depth))
    }
    // Those beside each other are no deeper.
    let siblings = Array(repeating: depth % 2 == 0 ? "[]" : "{}", count: min(depth, 1000)).joined(separator: ",")
    #expect(throws: Never.self) { try JSONValue.object(in: "{\"a\": [\(siblings)]}") }
    #expect(isRead || open?.reason.contains("column 70: lists and objects must be nested at most 64 deep") == true)
  }
}

/// Values and texts at random, of a fixed seed (SplitMix64).
private struct RandomTexts {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }

  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

  mutating func value(depth: Int) -> JSONValue {
    switch below(depth == 0 ? 5 : 7) {
    case 0: return .null
    case 1: return .bool(below(2) == 0)
    case 2: return .integer(Int(bitPattern: UInt(next() >> UInt64(below(64)))))
    case 3:
      let number = Double(bitPattern: next())
      // Whole numbers are written without a point, and read as integers.
      return number.isFinite && Int(exactly: number) == nil && abs(number) < 0x1p63 ? .number(number) : .number(0.5)
    case 4: return .string(text())
    case 5: return .array((0..<below(4)).map { _ in value(depth: depth - 1) })
    default:
      return .object([String: JSONValue]((0..<below(4)).map { ("\($0)" + text(), value(depth: depth - 1)) }) { $1 })
    }
  }

  private mutating func text() -> String {
    let signs: [Character] = ["a", "\"", "\\", "/", "\n", "\u{1}", "ü", "€", "😀", ",", "}", "]", ":", " ", "e\u{301}"]
    return String((0..<below(6)).map { _ in signs[below(signs.count)] })
  }

  /// A text with spaces around the signs that stand outside of its strings.
  mutating func strewn(_ text: String) -> String {
    var (found, isString, isEscaped) = ("", false, false)
    for scalar in text.unicodeScalars {
      let isSign = !isString && "{}[],:".unicodeScalars.contains(scalar)
      if isSign { found += ["", " ", "\r\n", "\t"][below(4)] }
      found.unicodeScalars.append(scalar)
      if isSign { found += ["", " ", "\n\n"][below(3)] }
      if isEscaped {
        isEscaped = false
      } else if isString && scalar == "\\" {
        isEscaped = true
      } else if scalar == "\"" {
        isString.toggle()
      }
    }
    return found
  }
}
