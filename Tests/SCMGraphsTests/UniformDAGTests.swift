import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// Every labelled DAG with the same probability (numerics 2.5).
struct UniformDAGTests {
  private func uniform(_ n: Int) -> UniformDAG { UniformDAG(edgesPerNode: UniformDAG.meanEdgesPerNode(nodeCount: n)) }

  @Test(arguments: [2, 3, 4]) func everyLabelledGraphIsEquallyLikely(nodeCount n: Int) throws {
    let graphs = EquivalenceClassTests.allGraphs(nodeCount: n)
    var counts = Dictionary(uniqueKeysWithValues: graphs.map { ($0, 0) })
    for seed in 0..<60_000 as Range<UInt64> {
      counts[try uniform(n).sample(nodeCount: n, key: TaskKey(seed: seed)).adjacency, default: 0] += 1
    }
    #expect(counts.count == graphs.count && counts.values.allSatisfy { $0 > 0 })
    let law = [Double](repeating: 1 / Double(graphs.count), count: graphs.count)
    expectFrequencies(Array(counts.values), law, "graphs with \(n) nodes")
  }

  /// 1, 20, 180, … of the 29281 graphs with five nodes have no edge, one, two, …
  @Test func edgesFollowTheExactLaw() throws {
    let law = [1, 20, 180, 940, 3050, 6180, 7960, 6540, 3330, 960, 120].map { $0 / 29281.0 }
    var counts = [Int](repeating: 0, count: 11)
    for seed in 0..<40_000 as Range<UInt64> {
      counts[try uniform(5).sample(nodeCount: 5, key: TaskKey(seed: seed)).edgeCount] += 1
    }
    expectFrequencies(counts, law, "edges")
  }

  @Test func meanEdgesMatchTheTable() {
    let table = [0.666667, 1.92, 3.712707, 6.021652, 8.836867, 12.154398, 15.972757, 20.291406, 25.110155]
    for (index, mean) in table.enumerated() {
      let n = index + 2
      #expect(abs(UniformDAG.meanEdgesPerNode(nodeCount: n) * Double(n) - mean) < 1e-6, "\(n) nodes")
    }
    #expect(UniformDAG.meanEdgesPerNode(nodeCount: 1) == 0)
  }

  @Test(arguments: [10, 40, 128]) func largerGraphsHaveTheirMeanEdges(nodeCount n: Int) throws {
    let edges = Sample(try (0..<1000).map { try uniform(n).sample(nodeCount: n, key: TaskKey(seed: $0)).edgeCount })
    expectMean(edges, UniformDAG.meanEdgesPerNode(nodeCount: n) * Double(n), "edges of \(n) nodes")
  }

  /// The shares of 1, 2, 3 and 4 nodes without parents among 20.
  @Test func rootsFollowTheLimitingLaw() throws {
    var counts = [Int](repeating: 0, count: 21)
    for seed in 0..<20_000 as Range<UInt64> {
      let graph = try uniform(20).sample(nodeCount: 20, key: TaskKey(seed: seed)).adjacency
      counts[(0..<20).count { graph.parents(of: $0).isEmpty }] += 1
    }
    let law = [0, 0.574362, 0.366214, 0.056465, 0.002902]
    expectFrequencies(counts, law + [1 - law.reduce(0, +)] + [Double](repeating: 0, count: 15), "roots")
  }

  @Test func anotherDensityIsRefusedInWords() {
    let error = #expect(throws: ConfigError.self) {
      try UniformDAG(edgesPerNode: 2).sample(nodeCount: 20, key: TaskKey(seed: 0))
    }
    #expect(error?.path == "sparsity_param" && error?.reason.contains("whose density can't be chosen") == true)
    let larger = #expect(throws: ConfigError.self) {
      try UniformDAG(edgesPerNode: 2).sample(nodeCount: 129, key: TaskKey(seed: 0))
    }
    #expect(larger?.description == "n_nodes = 129: must be at most 128 for uniform_dag graphs.")
  }
}
