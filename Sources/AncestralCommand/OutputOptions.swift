import Ancestral
import ArgumentParser
import Foundation

/// What subcommands with long work say, and how.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Show no progress bar; none is shown anyway where standard error is no terminal.")
  var quiet = false

  func bar(_ title: String) -> ProgressBar { ProgressBar(title, isQuiet: quiet) }
}

/// How many threads share the work.
struct ThreadOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Threads; any number gives the same result.")
  var threads = min(Limits.threads.upperBound, ProcessInfo.processInfo.activeProcessorCount)

  func validate() throws { try check("threads", threads, Limits.threads) }
}

/// - Throws: a sentence for an option that is out of its range.
func check<Value: BinaryInteger>(_ option: String, _ value: Value, _ range: ClosedRange<Value>) throws {
  guard range.contains(value) else {
    throw ValidationError("--\(option) \(value): must be from \(range.lowerBound) to \(range.upperBound).")
  }
}
