import Ancestral
import ArgumentParser

/// What `sample` and `freeze` share: tasks into one file, and a line about it.
struct SetWriting {
  let set: FixedSetFile
  let path: String
  let title: String
  /// The files that were read for it.
  let inputs: [String?]

  func run(_ output: OutputOptions, threads: Int) throws {
    let bar = output.bar(title)
    let count = set.seeds.count
    // All faults of a set but its tasks' own show before there is a file.
    let size = try set.header().tensors.reduce(0) { $0 + $1.bytes.count }
    let file = try WrittenFile.begin(path, reading: inputs)
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
      var report: [String: JSONValue] = [
        "path": .string(path), "tasks": .integer(set.seeds.count), "nodes": .integer(set.width),
        "fingerprint": .string(set.fingerprint), "engine_version": .string(ancestralVersion),
      ]
      if let design = set.givenDesign {
        report["design"] = .object(design.relevantMembers(former: false))
      } else {
        report["rows"] = .integer(set.sampleCount)
      }
      print(JSONValue.object(report).text)
    } else {
      let tasks = "\(counted(set.seeds.count, "task")) of up to \(counted(set.width, "node"))"
      let rows = set.givenDesign == nil ? ", \(counted(set.sampleCount, "row")) each" : " under the design"
      print("\(path): \(tasks)\(rows), \(Self.words(size))")
    }
  }

  private static func words(_ bytes: Int) -> String {
    bytes < 1000 ? "\(bytes) B" : bytes < 1_000_000 ? "\(bytes / 1000) kB" : "\(bytes / 1_000_000) MB"
  }
}

extension FixedSetFile {
  /// The design that was asked for; `nil` where rows were.
  fileprivate var givenDesign: Design? { sampleCount > 0 ? nil : design }
}

/// How many tasks there are, and how many rows each has or what else is shown of it.
struct SizeOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Tasks; sample draws one where this is left out, freeze must be told.")
  var tasks: Int?

  @Option(parsing: .unconditional, help: "Rows of each task, 1000 unless you say otherwise; a design has its own.")
  var rows: Int?

  @OptionGroup var file: DesignFile

  func validate() throws {
    try check("tasks", tasks ?? 1, 1...100_000_000)
    try check("rows", rows ?? 0, 0...(1 << 29))
    guard rows == nil || file.design == nil else {
      throw ValidationError("Give either --rows, or --design, which says itself how many rows there are.")
    }
  }

  func set(_ family: FamilySpecification, seeds: [UInt64]) throws -> FixedSetFile {
    if let design = try file.value() { return try FixedSetFile(family, seeds: seeds, design: design) }
    return try FixedSetFile(family, seeds: seeds, sampleCount: rows ?? 1000)
  }
}
