import Ancestral
import ArgumentParser

struct Describe: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a family is, and show one of its tasks.",
    discussion: "Example: ancestral describe family.json --seed 7")

  @OptionGroup var file: FamilyFile

  @Option(help: "The seed of the task that is shown.")
  var seed: UInt64 = 0

  @Flag(help: "Print JSON: the configuration and its fingerprint.")
  var json = false

  func run() throws {
    let config = try file.config()
    if json {
      let description = JSONValue.object([
        "config": .object(config.relevantMembers), "fingerprint": .string(config.fingerprint),
      ])
      print(description.text)
      return
    }
    for (name, value) in config.relevantMembers.sorted(by: { $0.key < $1.key }) { print("\(name): \(value)") }
    print("fingerprint: \(config.fingerprint)\n")
    let task = try SCMFamily(config).sampleTask(seed: seed)
    print("The task of seed \(seed): \(task.nodeCount) nodes, \(task.graph.edgeCount) edges, graph hash")
    print(task.adjacency.digest().hex)
    for node in task.topologicalOrder {
      let parents = task.parents[node].map { "X\($0)" }.joined(separator: ", ")
      print("  X\(node) = \(task.mechanisms[node].kind)(\(parents.isEmpty ? "" : parents + ", ")noise)")
    }
  }
}
