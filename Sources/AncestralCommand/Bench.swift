import Ancestral
import ArgumentParser

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how many tasks of a family the engine makes in a second.",
    discussion: "Example: ancestral bench family.json --rows 1000 --threads 2")

  @OptionGroup var file: FamilyFile

  @Option(help: "Rows of each task.")
  var rows = 1000

  @Option(help: "Threads that share a batch.")
  var threads = 1

  @Option(help: "Seconds to measure for.")
  var seconds = 3.0

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard rows >= 1 else { throw ValidationError("--rows \(rows): must be at least 1.") }
    guard (1...1024).contains(threads) else { throw ValidationError("--threads \(threads): must be from 1 to 1024.") }
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds \(seconds): must be above 0, up to 3600.")
    }
  }

  func run() throws {
    let family = try SCMFamily(file.config())
    let count = 16
    var batch = TaskBatch(family, taskCount: count, sampleCount: rows)
    let seeds = SeedSequence.training(base: 0)
    var next: UInt64 = 0
    func fill() throws {
      try batch.fill(seeds: (0..<UInt64(count)).map { seeds[next + $0] }, threads: threads)
      next += UInt64(count)
    }
    try fill()
    let warmUp = next
    let clock = ContinuousClock()
    let start = clock.now
    while clock.now - start < .seconds(seconds) { try fill() }
    let elapsed = (clock.now - start) / .seconds(1)
    let rate = Double(next - warmUp) / elapsed
    if json {
      print(
        JSONValue.object([
          "rows": .integer(rows), "threads": .integer(threads), "tasks_per_second": .number(rate),
          "fingerprint": .string(family.config?.fingerprint ?? ""),
        ]).text)
    } else {
      print("\(Int(rate.rounded())) tasks/s with \(rows) rows on \(threads) thread\(threads == 1 ? "" : "s")")
    }
  }
}
