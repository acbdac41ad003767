import Ancestral
import ArgumentParser

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw one task, or many, and write them to a safetensors file.",
    discussion: """
      Examples:
        ancestral sample family.yaml --seed 7 --out task.safetensors
        ancestral sample notears-linear --tasks 500 --out tasks.safetensors
        ancestral sample family.yaml --design do-pfn --out effects.safetensors

      The tasks are those of the seeds S, S + 1, … that `--seed S` starts with, each as `ancestral describe --seed` shows it and \
      as `family.sample_task(seed)` gives it in Python. For sets that share no task with each other or with training use \
      `ancestral freeze`.

      The file holds X [tasks, rows, nodes], adjacency [tasks, nodes, nodes], node_counts, hashes and seeds, or in their place \
      every array of a design's experiments; `ancestral verify` checks it.
      """)

  @OptionGroup var file: FamilyFile

  @Option(parsing: .unconditional, help: "The seed of the first task.")
  var seed: UInt64 = 0

  @OptionGroup var size: SizeOptions

  @Option(help: "The file to write.", completion: .file(extensions: ["safetensors"]))
  var out: String

  @OptionGroup var work: ThreadOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let seeds = (0..<UInt64(size.tasks ?? 1)).map { seed &+ $0 }
    let set = try size.set(file.specification(), seeds: seeds)
    try SetWriting(set: set, path: out, title: "sampling", inputs: [file.family, size.file.design])
      .run(output, threads: work.threads)
  }
}
