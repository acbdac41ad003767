import Ancestral
import ArgumentParser
import Foundation
import Synchronization

struct Distance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how far families are from a first one, and how far chance alone would bring them.",
    discussion: """
      Examples:
        ancestral distance train.yaml test.yaml
        ancestral distance notears-linear iscm avici-linear --json

      Each measure comes with a p-value over random relabellings of the tasks, the 0.95-quantile of those (the null), and a 95 % \
      bootstrap interval. A family given twice is drawn with other seeds, and should differ from itself by no more than the null.
      """)

  @Argument(
    help: "Families: YAML or JSON files, or names of presets. The first is compared with each of the others.",
    completion: .custom { _, _, prefix in FamilyFile.completions(prefix) })
  var families: [String]

  @Option(help: "Tasks of each family.")
  var tasks = 500

  @Option(help: "Rows of each task; 0 compares graphs alone.")
  var rows = 256

  @Option(help: "Random relabellings for the p-values.")
  var permutations = 999

  @Option(help: "The seed of the samples and of the relabellings.")
  var seed: UInt64 = 0

  @OptionGroup var work: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard families.count > 1 else { throw ValidationError("Give at least two families.") }
    try check("tasks", tasks, 2...100_000)
    try check("rows", rows, 0...1_000_000)
    try check("permutations", permutations, 1...1_000_000)
  }

  func run() throws {
    let specifications = try families.map { try FamilyFile.specification(path: $0) }
    let bar = output.bar("sampling")
    defer { bar.clear() }
    let drawn = Atomic(0)
    let count = families.count * tasks
    let samples = try specifications.enumerated().map { index, specification in
      try FamilySample(
        SCMFamily(specification), taskCount: tasks, seed: seed &+ UInt64(index), rowCount: rows, threads: work.threads,
        isCancelled: {
          // The question comes before each task, and so tells how many there were.
          bar.update(min(drawn.wrappingAdd(1, ordering: .relaxed).oldValue, count), of: count)
          return false
        })
    }
    bar.clear()
    let comparing = output.bar("comparing")
    defer { comparing.clear() }
    var results: [JSONValue] = []
    for (index, (path, sample)) in zip(families, samples).enumerated().dropFirst() {
      comparing.update(index - 1, of: families.count - 1)
      let distance = try FamilyDistance(
        samples[0], sample, permutations: permutations, seed: seed, threads: work.threads)
      comparing.clear()
      if output.json {
        results.append(
          .object(["families": .array([.string(families[0]), .string(path)]), "distances": distance.json]))
      } else {
        print("\(families[0]) and \(path)")
        list(distance)
      }
    }
    if output.json { print(JSONValue.array(results).text) }
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
