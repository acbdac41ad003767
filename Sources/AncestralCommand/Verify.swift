import Ancestral
import ArgumentParser
import Foundation

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a fixed set, or the registry of a run, by computing again what it says.",
    discussion: """
      Examples:
        ancestral verify test.safetensors
        ancestral verify runs/7 --training-tasks 100000

      Of a fixed set, a safetensors file, every task is drawn again and compared. Of a run, the folder that \
      `DataModule.write_registry` leaves, these are computed again: checksums, fingerprints, the seeds and graph hashes of all \
      fixed sets, that they share no task, and of the training tasks that the stream wrote down as it drew them that none has a \
      reserved graph.

      Each fault is one line. What can't be proved here, such as what strategies written in Python draw, is a line that begins \
      with "not proved". The exit status is 0 without faults, 1 with some, and 2 where there is nothing to check.
      """)

  @Argument(
    help: "A fixed set's safetensors file, or the folder of a run's registry.",
    completion: .file(extensions: ["safetensors"]))
  var path: String

  @Option(parsing: .unconditional, help: "How many of the training tasks that a run wrote down are checked.")
  var trainingTasks = 1000

  @OptionGroup var work: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws { try check("training-tasks", trainingTasks, 0...100_000_000) }

  func run() throws {
    let bar = output.bar("verifying")
    defer { bar.clear() }
    let report = try Verification.report(
      at: path, configs: configs(), trainingTasks: trainingTasks, threads: work.threads
    ) { bar.update($0, of: $1) }
    bar.clear()
    let (faults, unproved) = (report.faults.map(\.description), report.unproved.map(\.description))
    if output.json {
      let found: [String: JSONValue] = [
        "path": .string(path), "ok": .bool(faults.isEmpty), "faults": .array(faults.map { .string($0) }),
        "unproved": .array(unproved.map { .string($0) }),
      ]
      print(JSONValue.object(found).text)
    } else {
      for sentence in unproved { print("not proved: \(sentence)") }
      for fault in faults { print(Terminal.coloured(fault, .red, STDOUT_FILENO)) }
      if faults.isEmpty {
        let words = unproved.isEmpty ? "all is as it was written" : "no fault was found"
        print("\(path): \(Terminal.coloured(words, .green, STDOUT_FILENO))")
      }
    }
    if !faults.isEmpty { throw ExitCode(1) }
  }

  /// The content of an older run's config.yaml, where there is one that can be read; its checksum tells the rest.
  private func configs() -> JSONValue? {
    let file = "\(path)/config.yaml"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    return try? ConfigurationFile.yaml(ConfigurationFile.contents(of: file), ofFile: file)
  }
}
