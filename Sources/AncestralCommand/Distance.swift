import Ancestral
import ArgumentParser
import Foundation

struct Distance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how far families are from a first one, and how far chance alone would bring them.",
    discussion: """
      Examples: ancestral distance train.json test.json
                ancestral distance notears-linear iscm avici-linear --tasks 500 --json
      Each measure comes with a p-value over random relabellings of the tasks, the 0.95-quantile of those (the null), and a 95 % bootstrap
      interval. A family given twice is drawn with other seeds, and should differ from itself by no more than the null.
      """)

  @Argument(
    help: "Families: JSON files, or names of presets. The first is compared with each of the others.",
    completion: .file(extensions: ["json"]))
  var families: [String]

  @Option(help: "Tasks of each family.")
  var tasks = 500

  @Option(help: "Rows of each task; 0 compares graphs alone.")
  var rows = 256

  @Option(help: "Random relabellings for the p-values.")
  var permutations = 999

  @Option(help: "The seed of the samples and of the relabellings.")
  var seed: UInt64 = 0

  @Option(help: "Threads; any number gives the same result.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard families.count > 1 else { throw ValidationError("Give at least two families.") }
    guard (2...100_000).contains(tasks) else { throw ValidationError("--tasks \(tasks): must be from 2 to 100000.") }
    guard (0...1_000_000).contains(rows) else { throw ValidationError("--rows \(rows): must be from 0 to 1000000.") }
    guard (1...1_000_000).contains(permutations) else {
      throw ValidationError("--permutations \(permutations): must be from 1 to 1000000.")
    }
    guard (1...1024).contains(threads) else { throw ValidationError("--threads \(threads): must be from 1 to 1024.") }
  }

  func run() throws {
    let samples = try families.enumerated().map { index, path in
      try FamilySample(
        SCMFamily(FamilyFile.specification(path: path)), taskCount: tasks, seed: seed &+ UInt64(index), rowCount: rows,
        threads: threads)
    }
    var results: [JSONValue] = []
    for (path, sample) in zip(families, samples).dropFirst() {
      let distance = try FamilyDistance(samples[0], sample, permutations: permutations, seed: seed, threads: threads)
      if json {
        results.append(
          .object(["families": .array([.string(families[0]), .string(path)]), "distances": distance.json]))
      } else {
        print("\(families[0]) and \(path)")
        list(distance)
      }
    }
    if json { print(JSONValue.array(results).text) }
  }

  private func list(_ distance: FamilyDistance) {
    print("  measure              value       p    null 95 %    95 % interval")
    for (metric, result) in distance.statistics {
      let name = metric.rawValue.padding(toLength: 17, withPad: " ", startingAt: 0)
      let numbers = String(
        format: "%10.4g  %6.3f  %10.4g    %.4g to %.4g", result.value, result.pValue, result.nullQuantile, result.low,
        result.high)
      print("  \(name)\(numbers)")
    }
    if let edges = distance.edges {
      print(
        String(
          format: "  edges, closed form: KL %.6g and %.6g, Jeffreys %.6g, JS %.6g, W1 %.6g", edges.forward,
          edges.backward,
          edges.jeffreys, edges.jensenShannon, edges.wasserstein))
    }
  }
}
