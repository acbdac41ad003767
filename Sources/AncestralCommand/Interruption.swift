import Foundation

/// The handling of Ctrl-C and its like, which leave behind no temporary file, a fresh line on the terminal, and the status 128 + the signal's number.
///
/// The handler itself does that, at once and with nothing but system calls: no part of the engine has to look up from its work.
enum Interruption {
  static func install() {
    // Who starts the tool from one of Dispatch's threads hands on that all signals are blocked.
    var signals = signals
    sigprocmask(SIG_UNBLOCK, &signals, nil)
    for number in numbers {
      // Who started the tool in the background, or under nohup, has set the signal aside.
      let previous = signal(number, handler)
      if unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
        signal(number, SIG_IGN)
      }
    }
    // Beyond a limit on files' sizes, writes then fail in words.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Lets signals wait until the body has returned, so that none comes between the making of a file and ``remove(_:)``.
  static func putOff<Result>(_ body: () throws -> Result) rethrows -> Result {
    var signals = signals
    sigprocmask(SIG_BLOCK, &signals, nil)
    defer { sigprocmask(SIG_UNBLOCK, &signals, nil) }
    return try body()
  }

  // Swift's runtime would answer Ctrl-\ with a report of a crash, and let the work go on.
  private static let numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

  private static var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    return signals
  }

  /// Removes the file when a signal ends the process, until it is told `nil`.
  static func remove(_ path: String?) {
    // The text before is never freed: the handler may be reading it, and a run has few.
    unfinishedFile = path.flatMap { strdup($0) }
  }

  static func barIsShown(_ isShown: Bool) { isBarShown = isShown }
}

// Read by a signal handler, which may take no lock; each is one word, set by the main thread or under the bar's lock.
private nonisolated(unsafe) var unfinishedFile: UnsafeMutablePointer<CChar>?
private nonisolated(unsafe) var isBarShown = false

private let handler: @convention(c) (Int32) -> Void = { number in
  if let path = unfinishedFile { unlink(path) }
  if isBarShown {
    var newline: UInt8 = 10
    _ = write(2, &newline, 1)
  }
  _exit(128 + number)
}
