import Foundation

/// Colours and width of the terminal behind standard output and standard error.
enum Terminal {
  enum Colour: Int {
    case red = 31
    case green = 32
    case cyan = 36
  }

  static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Columns; 80 where it can't be told.
  static func width(_ descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  static var isUnicode: Bool {
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return locale.uppercased().contains("UTF")
  }

  /// The text in a colour on a terminal, unless NO_COLOR is set (https://no-color.org).
  static func coloured(_ text: String, _ colour: Colour, _ descriptor: Int32) -> String {
    let refuses = !(ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    return isTerminal(descriptor) && !refuses && !text.isEmpty ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// To standard error, at once.
  static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
