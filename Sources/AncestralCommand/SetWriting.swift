import Ancestral
import ArgumentParser

/// What `sample` and `freeze` share: tasks into one file, and a line about it.
struct SetWriting {
  let set: FixedSetFile
  let path: String
  let title: String

  func run(_ output: OutputOptions, threads: Int) throws {
    let bar = output.bar(title)
    let count = set.seeds.count
    // All faults of a set but its tasks' own show before there is a file.
    let size = try set.header().tensors.reduce(0) { $0 + $1.bytes.count }
    let file = try Interruption.putOff {
      let file = try AtomicFile(replacing: path)
      Interruption.remove(file.temporaryPath)
      return file
    }
    defer {
      bar.clear()
      Interruption.remove(nil)
    }
    bar.update(0, of: count)
    try set.write(to: file, threads: threads) { bar.update($0, of: count) }
    try file.commit()
    bar.clear()
    report(output, size: size)
  }

  private func report(_ output: OutputOptions, size: Int) {
    if output.json {
      let report: [String: JSONValue] = [
        "path": .string(path), "tasks": .integer(set.seeds.count), "rows": .integer(set.sampleCount),
        "nodes": .integer(set.width), "fingerprint": .string(set.specification.fingerprint),
        "engine_version": .string(ancestralVersion),
      ]
      print(JSONValue.object(report).text)
    } else {
      let tasks = set.seeds.count == 1 ? "1 task" : "\(set.seeds.count) tasks"
      print("\(path): \(tasks) of up to \(set.width) nodes, \(set.sampleCount) rows each, \(Self.words(size))")
    }
  }

  private static func words(_ bytes: Int) -> String {
    bytes < 1000 ? "\(bytes) B" : bytes < 1_000_000 ? "\(bytes / 1000) kB" : "\(bytes / 1_000_000) MB"
  }
}

/// How many tasks there are, and how many rows each has.
struct SizeOptions: ParsableArguments {
  @Option(help: "Tasks.")
  var tasks: Int?

  @Option(help: "Rows of each task.")
  var rows = 1000

  func validate() throws {
    try check("tasks", tasks ?? 1, 1...100_000_000)
    try check("rows", rows, 0...(1 << 29))
  }
}
