import Ancestral
import ArgumentParser
import Foundation

struct Freeze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a fixed set, for validation or testing, to a safetensors file.",
    discussion: """
      Examples:
        ancestral freeze family.yaml --tasks 500 --out test.safetensors
        ancestral freeze family.yaml --tasks 500 --base-seed 3 --dir cache
        ancestral freeze family.yaml --tasks 128 --set test/id --dir cache
        ancestral freeze family.yaml --design design.yaml --tasks 128 --dir cache

      The seeds are those of `MetaFixedDataset(n_tasks=…, base_seed=…)` in Python, which no training stream has, or with `--set` \
      those of the set of that name in a `DataModule`. With `--dir` the file has the name under which `cache_dir` looks for it, \
      so that Python reads it instead of drawing the tasks. The same arguments give the same bytes, here and in Python.
      """)

  @OptionGroup var file: FamilyFile
  @OptionGroup var size: SizeOptions

  @Option(parsing: .unconditional, help: "The number from which the seeds come.")
  var baseSeed: UInt64 = 0

  @Option(help: "The name of a DataModule's set, such as val or test/id.")
  var set: String?

  @Option(help: "The file to write.", completion: .file(extensions: ["safetensors"]))
  var out: String?

  @Option(help: "The folder to write to, which is made if need be.", completion: .directory)
  var dir: String?

  @OptionGroup var work: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard size.tasks != nil else { throw ValidationError("Give --tasks, the number of tasks.") }
    guard (out == nil) != (dir == nil) else { throw ValidationError("Give either --out, a file, or --dir, a folder.") }
  }

  func run() throws {
    let count = size.tasks ?? 0
    let sequence = SeedSequence.fixed(base: baseSeed)
    let seeds =
      self.set.map { DataModule.seeds(of: $0, baseSeed: baseSeed, count: count) }
      ?? (0..<UInt64(count)).map { sequence[$0] }
    let set = try size.set(file.specification(), seeds: seeds)
    try SetWriting(
      set: set, path: out ?? place(set.name), title: "freezing", inputs: [file.family, size.file.design]
    )
    .run(output, threads: work.threads)
  }

  private func place(_ name: String) throws -> String {
    let folder = dir ?? "."
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ValidationError("--dir \(folder): must be a folder, or a place where one can be made.")
    }
    return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}
