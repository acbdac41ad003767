import SCMFamilies
import SCMGraphs
import SCMTestSupport
import Testing

@Suite struct NodeCountTests {
  @Test func aRangeIsDrawnUniformly() throws {
    let family = try SCMFamily(json: #"{"n_nodes": 3, "n_nodes_max": 9, "sparsity_param": 1}"#)
    #expect(family.nodeCounts == 3...9)
    let drawn = try (0..<7000).map { try family.sampleGraph(seed: UInt64($0)).nodeCount }
    let counts = (3...9).map { size in drawn.count { $0 == size } }
    #expect(fits(counts, [Double](repeating: 1 / 7, count: 7)), "\(counts)")
    #expect(counts.reduce(0, +) == 7000)
  }

  @Test func aTaskHasTheGraphOfItsSeed() throws {
    let family = try SCMFamily(json: #"{"n_nodes": 3, "n_nodes_max": 9, "sparsity_param": 1}"#)
    for seed in 0..<50 as Range<UInt64> {
      #expect(try family.sampleTask(seed: seed).graph == family.sampleGraph(seed: seed))
    }
  }

  @Test func aRangeOfOneIsThatNumber() throws {
    let range = try SCMFamily(json: #"{"n_nodes": 6, "n_nodes_max": 6}"#)
    let single = try SCMFamily(json: #"{"n_nodes": 6}"#)
    for seed in 0..<20 as Range<UInt64> {
      #expect(try range.sampleGraph(seed: seed) == single.sampleGraph(seed: seed))
    }
  }

  @Test func oneNodeIsATask() throws {
    let task = try SCMFamily(json: #"{"n_nodes": 1, "sparsity_param": 0}"#).sampleTask(seed: 1)
    #expect(task.topologicalOrder == [0])
    #expect(try task.sample(5).values.count == 5)
  }
}
