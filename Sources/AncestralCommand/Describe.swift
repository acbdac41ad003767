import Ancestral
import ArgumentParser
import Foundation

struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a family is, what its tasks are like or what a design does to them, and show one of them.",
    discussion: """
      Examples:
        ancestral describe family.yaml --seed 7
        ancestral describe avici-scm-v0 --tasks 2000
        ancestral describe notears-linear --json
        ancestral describe notears-linear --design avici-interventional

      Statistics are of graphs and of data: degrees, v-structures, equivalence classes, variances, sortabilities, how much of a node its \
      parents account for, and how far each edge moves its child. A warning says where data give the causal order away. With --design come those of its \
      experiments: rows and targets, how far means move, confounded pairs, treated shares, effects.
      """)

  @OptionGroup var file: FamilyFile
  @OptionGroup var designFile: DesignFile

  @Option(parsing: .unconditional, help: "The seed of the task that is shown.")
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditional,
    help:
      "Tasks that statistics are over, and of a mixture the training tasks whose components are counted; 0 for none.")
  var tasks = 200

  @Option(parsing: .unconditional, help: "Rows of each task of the statistics; 0 for those of graphs alone.")
  var rows = 256

  @OptionGroup var work: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try check("tasks", tasks, 0...10_000_000)
    try check("rows", rows, 0...1_000_000)
  }

  func run() throws {
    let specification = try file.specification()
    let family = try SCMFamily(specification)
    let design = try designFile.value()
    try design?.check(family)
    let counts = componentCounts(family, of: specification)
    let summary = try summary(family)
    let under = try design.map {
      try UnderDesign(family, specification, $0, taskCount: tasks, threads: work.threads, output)
    }
    if output.json {
      var description: [String: JSONValue] = [
        "config": .object(specification.relevantMembers), "fingerprint": .string(specification.fingerprint),
      ]
      if let counts { description["component_counts"] = .array(counts.map(JSONValue.integer)) }
      if let summary { description["summary"] = summary.json }
      if let under { description["design"] = under.json }
      print(JSONValue.object(description).text)
      return
    }
    list(specification, counts)
    print("fingerprint: \(specification.fingerprint)\n")
    if let summary { list(summary) }
    under?.list()
    let task = try family.sampleTask(seed: seed)
    let origin = counts == nil ? "" : ", from component \(task.component)"
    let size = "\(counted(task.nodeCount, "node")), \(counted(task.graph.edgeCount, "edge"))"
    print("The task of seed \(seed): \(size)\(origin), graph hash")
    print(task.adjacency.digest().hex)
    for node in task.topologicalOrder {
      let parents = task.parents[node].map { "X\($0)" }.joined(separator: ", ")
      print("  X\(node) = \(task.mechanisms[node].kind)(\(parents.isEmpty ? "" : parents + ", ")noise)")
    }
  }

  private func summary(_ family: SCMFamily) throws -> FamilySummary? {
    guard tasks > 0 else { return nil }
    let bar = output.bar("sampling")
    defer { bar.clear() }
    let sample = try FamilySample(
      family, taskCount: tasks, rowCount: rows, detailed: true, threads: work.threads,
      isCancelled: bar.counting(to: tasks))
    return FamilySummary(sample)
  }

  private func list(_ summary: FamilySummary) {
    StatisticsTable(title: "Over \(counted(summary.taskCount, "task"))", laws: summary.laws).list()
    for warning in summary.warnings { print("Warning: \(warning)") }
    for note in summary.notes { print("Note: \(note)") }
    print("")
  }

  /// How many of the first training tasks come from each component; `nil` for a plain family.
  private func componentCounts(_ family: SCMFamily, of specification: FamilySpecification) -> [Int]? {
    guard case .mixture = specification else { return nil }
    let seeds = SeedSequence.training(base: 0)
    return family.componentCounts((0..<UInt64(tasks)).map { seeds[$0] })
  }

  private func list(_ specification: FamilySpecification, _ counts: [Int]?, indent: String = "") {
    switch specification {
    case .family(let config):
      for (name, value) in config.relevantMembers.sorted(by: { $0.key < $1.key }) {
        print("\(indent)\(name): \(value)")
      }
    case .mixture(let mixture):
      let total = mixture.components.reduce(0) { $0 + $1.weight }
      for (index, component) in mixture.components.enumerated() {
        let drawn = counts.map { ", drawn \($0[index]) times" } ?? ""
        print("component \(index), share \(component.weight / total)\(drawn)")
        list(component.specification, nil, indent: "  ")
      }
    case .network(let network):
      for (node, variable) in network.variables.enumerated() {
        print("\(indent)X\(node) \(variable.name): \(variable.kindInWords)")
      }
    }
  }
}

extension BayesianNetwork.Variable {
  /// Its states, or that it has none.
  fileprivate var kindInWords: String {
    guard !states.isEmpty else { return "linear-Gaussian" }
    return states.prefix(8).joined(separator: ", ") + (states.count > 8 ? ", ... (\(states.count) states)" : "")
  }
}
