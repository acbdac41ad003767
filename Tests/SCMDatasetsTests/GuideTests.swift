import SCMBase
import SCMDatasets
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
import Testing

// The code of docs/guides/own-strategies-swift.md, word for word: a Python test compares them, this one runs it.

/// A random node causes each other one with probability `reach`.
struct Hub: GraphGenerator {
  var reach = 0.7

  func sample(nodeCount: Int, key: TaskKey) throws(ConfigError) -> DirectedAcyclicGraph {
    var words = key.words(purpose: .user)
    let hub = words.next(below: nodeCount)
    var adjacency = AdjacencyMatrix(nodeCount: nodeCount)
    for node in 0..<nodeCount where node != hub {
      adjacency[hub, node] = Double(words.next(below: 1 << 20)) < reach * Double(1 << 20)
    }
    return try DirectedAcyclicGraph(adjacency)
  }
}

/// 1 where the sum of the parents and the noise is positive, else 0.
struct Threshold: Mechanism {
  let parentCount: Int
  var kind: String { "threshold" }
  var noise: [NoiseChannel] { [.noise] }
  var parameters: [MechanismParameter] { [] }

  func evaluate(_ rows: MechanismRows) {
    for row in 0..<rows.count {
      var sum = rows[column: parentCount, row: row]  // The noise follows the parents.
      for parent in 0..<parentCount { sum += rows[column: parent, row: row] }
      rows.setOutput(row, sum > 0 ? 1 : 0)
    }
  }
}

struct Thresholds: MechanismFactory {
  func makeMechanisms(parentCounts: [Int], key: TaskKey) -> [any Mechanism] {
    parentCounts.map { Threshold(parentCount: $0) }
  }
}

@Suite struct GuideTests {
  @Test func theGuidesStrategiesMakeTasks() throws {
    let family = try SCMFamily(
      nodeCounts: 5...5, graphGenerator: Hub(), mechanismFactory: Thresholds(), noise: NoiseSource(.logistic))
    let task = try family.sampleTask(seed: 1)
    let rows = try task.sample(1000)

    let hub = try #require(task.topologicalOrder.first { !task.adjacency.children(of: $0).isEmpty })
    #expect(task.adjacency.edges.allSatisfy { $0.parent == hub })
    #expect(Set(rows.values) == [0, 1])
    // A root is 1 where its symmetric noise is positive: a share with a standard deviation of 0.016.
    let share = rows.column(hub).reduce(0, +) / 1000
    #expect(abs(share - 0.5) < 0.08)
    #expect(try family.sampleTask(seed: 1).sample(1000) == rows)
  }

  @Test func theGuidesRunKeepsItsSetsApart() throws {
    let family = try SCMFamily(nodeCounts: 5...5, graphGenerator: Hub(), mechanismFactory: Thresholds())
    let data = try DataModule(
      train: SCMFamily(FamilyConfig()), test: ["test/hubs": family], sampleCount: 100)
    let tasks = data.training.prefix(3).map { $0.instance.adjacency }
    #expect(!tasks.contains { data.reserved.contains($0) })
    #expect(data.test["test/hubs"]?.count == 128)
  }
}
