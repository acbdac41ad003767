import Ancestral
import ArgumentParser

struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a family is, and show one of its tasks.",
    discussion: """
      Examples:
        ancestral describe family.yaml --seed 7
        ancestral describe avici-scm-v0 --tasks 2000
      """)

  @OptionGroup var file: FamilyFile

  @Option(help: "The seed of the task that is shown.")
  var seed: UInt64 = 0

  @Option(help: "Training tasks whose components are counted, for a mixture.")
  var tasks = 1000

  @Flag(help: "Print JSON: the configuration, its fingerprint and, for a mixture, how many tasks each component has.")
  var json = false

  func validate() throws {
    try check("tasks", tasks, 0...10_000_000)
  }

  func run() throws {
    let specification = try file.specification()
    let family = try SCMFamily(specification)
    let counts = componentCounts(family)
    if json {
      var description: [String: JSONValue] = [
        "config": .object(specification.relevantMembers), "fingerprint": .string(specification.fingerprint),
      ]
      if let counts { description["component_counts"] = .array(counts.map(JSONValue.integer)) }
      print(JSONValue.object(description).text)
      return
    }
    switch specification {
    case .family(let config): list(config, indent: "")
    case .mixture(let mixture):
      let total = mixture.components.reduce(0) { $0 + $1.weight }
      for (index, component) in mixture.components.enumerated() {
        let drawn = counts.map { ", drawn \($0[index]) times" } ?? ""
        print("component \(index), share \(component.weight / total)\(drawn)")
        list(component.config, indent: "  ")
      }
    }
    print("fingerprint: \(specification.fingerprint)\n")
    let task = try family.sampleTask(seed: seed)
    let origin = family.components.isEmpty ? "" : ", from component \(task.component)"
    print("The task of seed \(seed): \(task.nodeCount) nodes, \(task.graph.edgeCount) edges\(origin), graph hash")
    print(task.adjacency.digest().hex)
    for node in task.topologicalOrder {
      let parents = task.parents[node].map { "X\($0)" }.joined(separator: ", ")
      print("  X\(node) = \(task.mechanisms[node].kind)(\(parents.isEmpty ? "" : parents + ", ")noise)")
    }
  }

  /// How many of the first training tasks come from each component; `nil` for a plain family.
  private func componentCounts(_ family: SCMFamily) -> [Int]? {
    guard !family.components.isEmpty else { return nil }
    let seeds = SeedSequence.training(base: 0)
    return family.componentCounts((0..<UInt64(tasks)).map { seeds[$0] })
  }

  private func list(_ config: FamilyConfig, indent: String) {
    for (name, value) in config.relevantMembers.sorted(by: { $0.key < $1.key }) { print("\(indent)\(name): \(value)") }
  }
}
