/// The value of a plain scalar by YAML 1.1, in PyYAML's reading of it, with the exponents without a dot of YAML 1.2 besides, as the Python
/// front has them.
enum YAMLScalar: Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case date
  case text
  /// Looks like a number and is none.
  case faulty

  init(_ text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL": self = .null
    case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": self = .bool(true)
    case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": self = .bool(false)
    default:
      // Most texts are words.
      guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else {
        self = .text
        return
      }
      if Self.isInteger(text) {
        self = Self.integer(text.filter { $0 != "_" })
      } else if Self.isNumber(text) {
        self = Self.number(text.filter { $0 != "_" })
      } else {
        self = text.wholeMatch(of: /\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d.*)?/) != nil ? .date : .text
      }
    }
  }

  private static func isInteger(_ text: String) -> Bool {
    text.wholeMatch(
      of: /[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)/) != nil
  }

  private static func isNumber(_ text: String) -> Bool {
    text.wholeMatch(
      of: /[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|\.(?:inf|Inf|INF))/)
      != nil
      || text.wholeMatch(of: /\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|\.(?:nan|NaN|NAN)/) != nil
      || text.wholeMatch(of: /[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+/) != nil
  }

  private static func integer(_ text: String) -> YAMLScalar {
    let (sign, digits) = signed(text)
    let (radix, rest): (Int, Substring) =
      if digits.hasPrefix("0b") {
        (2, digits.dropFirst(2))
      } else if digits.hasPrefix("0x") {
        (16, digits.dropFirst(2))
      } else if digits.hasPrefix("0"), digits.count > 1 {
        (8, digits.dropFirst())
      } else {
        (10, digits)
      }
    if let value = Int(sign + rest, radix: radix) { return .integer(value) }
    // Beyond the machine's integers; every field refuses such a number, by its value.
    let sexagesimal = digits.split(separator: ":").compactMap { Double($0) }
    guard radix == 10, !sexagesimal.isEmpty else { return .faulty }
    let value = (sign == "-" ? -1 : 1) * sexagesimal.reduce(0) { 60 * $0 + $1 }
    return Int(exactly: value).map { .integer($0) } ?? .number(value)
  }

  private static func number(_ text: String) -> YAMLScalar {
    let (sign, digits) = signed(text)
    let factor = sign == "-" ? -1.0 : 1
    switch digits.lowercased() {
    case ".inf": return .number(factor * .infinity)
    case ".nan": return .number(.nan)
    default:
      let parts = digits.split(separator: ":").map { Double($0.hasSuffix(".") ? $0 + "0" : $0) }
      guard !parts.contains(nil) else { return .faulty }
      return .number(factor * parts.reduce(0) { 60 * $0 + ($1 ?? 0) })
    }
  }

  private static func signed(_ text: String) -> (sign: String, digits: Substring) {
    text.hasPrefix("-") ? ("-", text.dropFirst()) : ("", text.hasPrefix("+") ? text.dropFirst() : text[...])
  }
}
