import Ancestral

/// Draws a task of a family, samples it, intervenes, and takes a few tasks of a stream.
@main
struct Hello {
  static func main() throws {
    var config = FamilyConfig()
    config.nodeCount = 5
    config.sparsity = 1
    config.mechanismProportions = ["linear": 0.5, "mlp": 0.5]
    let family = try SCMFamily(config)

    let task = try family.sampleTask(seed: 7)
    print("edges:", task.adjacency.edges.map { "\($0.parent) -> \($0.child)" }.joined(separator: ", "))
    print("hash:", task.adjacency.digest().hex)

    let rows = try task.sample(1000)
    print("mean of each node:", (0..<task.nodeCount).map { mean(rows.column($0)) })
    let held = try task.do([task.topologicalOrder[0]: 3]).sample(1000)
    print("with the first node held at 3:", (0..<task.nodeCount).map { mean(held.column($0)) })

    let stream = MetaIterableDataset(family, sampleCount: 100, baseSeed: 0)
    print("edges of three more tasks:", stream.prefix(3).map(\.instance.adjacency.edgeCount))
  }

  /// To two digits.
  private static func mean(_ values: [Float]) -> Float {
    (values.reduce(0, +) / Float(values.count) * 100).rounded() / 100
  }
}
