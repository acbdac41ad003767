import Foundation
import Synchronization

/// One line on standard error that says how far long work is; nothing where that is no terminal.
///
///     let bar = ProgressBar("freezing", isQuiet: false)
///     bar.update(3, of: 10)
///     bar.clear()
final class ProgressBar: Sendable {
  private let title: String
  private let isShown: Bool
  private let start = ContinuousClock.now
  private let lastDrawn = Mutex<ContinuousClock.Instant?>(nil)

  init(_ title: String, isQuiet: Bool) {
    self.title = title
    isShown = !isQuiet && Terminal.isTerminal(STDERR_FILENO)
  }

  /// Draws the line anew, at most ten times in a second. May be called by any thread.
  func update(_ done: Int, of count: Int) {
    guard isShown else { return }
    lastDrawn.withLock { last in
      let now = ContinuousClock.now
      if let last, now - last < .milliseconds(100), done < count { return }
      last = now
      Interruption.barIsShown(true)
      Terminal.write("\r\u{1B}[K" + line(done, max(count, 1), seconds: (now - start) / .seconds(1)))
    }
  }

  /// Counts pieces of work that each begin with a call of it; it never asks to stop.
  func counting(to count: Int) -> @Sendable () -> Bool {
    let begun = Atomic(0)
    return {
      self.update(min(begun.wrappingAdd(1, ordering: .relaxed).oldValue, count), of: count)
      return false
    }
  }

  /// Takes the line away, for others to write there.
  func clear() {
    lastDrawn.withLock { last in
      guard last != nil else { return }
      last = nil
      Interruption.barIsShown(false)
      Terminal.write("\r\u{1B}[K")
    }
  }

  private func line(_ done: Int, _ count: Int, seconds: Double) -> String {
    let share = min(1, Double(done) / Double(count))
    let left = done == 0 ? "" : ", \(Self.words(seconds * (1 - share) / share)) left"
    let counts = " \(done)/\(count), \(Int(100 * share)) %\(left)"
    // What doesn't fit into one line can't be drawn over.
    let width = min(30, Terminal.width(STDERR_FILENO) - title.count - counts.count - 3)
    guard width >= 5 else { return String("\(title)\(counts)".prefix(Terminal.width(STDERR_FILENO) - 1)) }
    let full = Int((Double(width) * share).rounded())
    let (on, off) = Terminal.isUnicode ? ("━", "─") : ("=", "-")
    let bar = Terminal.coloured(String(repeating: on, count: full), .cyan, STDERR_FILENO)
    return "\(title) \(bar)\(String(repeating: off, count: width - full))\(counts)"
  }

  private static func words(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(.up), 1e6))
    return whole < 60 ? "\(whole) s" : whole < 3600 ? "\(whole / 60) min" : "\(whole / 3600) h \(whole / 60 % 60) min"
  }
}
