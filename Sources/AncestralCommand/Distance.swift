import Ancestral
import ArgumentParser
import Foundation

struct Distance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how far families are from a first one, and how far chance alone would bring them.",
    discussion: """
      Examples:
        ancestral distance train.yaml test.yaml
        ancestral distance notears-linear iscm avici-linear --json
        ancestral distance iscm --design avici-interventional --design tabcausal
        ancestral distance train.yaml test.yaml --design design.yaml

      Each measure comes with a p-value over random relabellings of the tasks, the 0.95-quantile of those (the null), and a 95 % \
      bootstrap interval. A family given twice is drawn with other seeds, and should differ from itself by no more than the null. \
      With --design what designs do to families is compared instead, by the statistics that `describe` lists; one design is that of all \
      families, and one family that of all designs.
      """)

  @Argument(
    help: "Families: YAML, JSON or BIF files, or names of presets. The first is compared with each of the others.",
    completion: .custom { _, _, prefix in FamilyFile.completions(prefix) })
  var families: [String]

  @Option(parsing: .unconditional, help: "Tasks of each family.")
  var tasks = 500

  @Option(
    parsing: .unconditional,
    help: "Rows of each task, 256 unless you say otherwise; 0 compares graphs alone. A design has its own.")
  var rows: Int?

  @Option(
    name: .customLong("design"),
    help: ArgumentHelp(
      "A design as `describe` takes one, for all families or, repeated, one for each.", valueName: "file"),
    completion: .custom { _, _, prefix in
      ConfigurationFile.completions(prefix, presets: DesignPreset.all.map(\.name))
    })
  var designs: [String] = []

  @Option(parsing: .unconditional, help: "Random relabellings for the p-values.")
  var permutations = 999

  @Option(parsing: .unconditional, help: "The seed of the samples and of the relabellings.")
  var seed: UInt64 = 0

  @OptionGroup var work: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard max(families.count, designs.count) > 1 else {
      throw ValidationError("Give at least two families, or one under two designs.")
    }
    guard designs.count < 2 || families.count == 1 || designs.count == families.count else {
      throw ValidationError("Give one --design, or one for each of the \(families.count) families.")
    }
    try check("tasks", tasks, 2...100_000)
    if let rows {
      guard designs.isEmpty else {
        throw ValidationError("Give either --rows, or --design, which says itself how many rows there are.")
      }
      try check("rows", rows, 0...1_000_000)
    }
    try check("permutations", permutations, 1...1_000_000)
  }

  func run() throws {
    if designs.isEmpty { try compareFamilies() } else { try compareDesigns() }
  }

  private func compareFamilies() throws {
    let specifications = try families.map { try FamilyFile.specification(path: $0) }
    let bar = output.bar("sampling")
    defer { bar.clear() }
    let isCancelled = bar.counting(to: families.count * tasks)
    let samples = try specifications.enumerated().map { index, specification in
      try FamilySample(
        SCMFamily(specification), taskCount: tasks, seed: seed &+ UInt64(index), rowCount: rows ?? 256,
        threads: work.threads, isCancelled: isCancelled)
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
        for text in distance.notes.first { print("  Note: \(families[0]): \(text)") }
        for text in distance.notes.second { print("  Note: \(path): \(text)") }
      }
    }
    if output.json { print(JSONValue.array(results).text) }
  }

  private func list(_ distance: FamilyDistance) {
    list(distance.statistics.map { ($0.metric.rawValue, $0.result) }, width: 17)
    if let edges = distance.edges {
      print(
        String(
          format: "  edges, closed form: KL %.6g and %.6g, Jeffreys %.6g, JS %.6g, W1 %.6g", edges.forward,
          edges.backward,
          edges.jeffreys, edges.jensenShannon, edges.wasserstein))
    }
  }

  /// Measures by name, a line each.
  func list(_ statistics: [(name: String, result: ResampledStatistic)], width: Int) {
    func padded(_ name: String) -> String { name.padding(toLength: width, withPad: " ", startingAt: 0) }
    print("  \(padded("measure"))    value       p    null 95 %    95 % interval")
    for (name, result) in statistics {
      let numbers = String(
        format: "%10.4g  %6.3f  %10.4g    %.4g to %.4g", result.value, result.pValue, result.nullQuantile, result.low,
        result.high)
      print("  \(padded(name))\(numbers)")
    }
  }
}
