import SCMGraphs
import SCMRandom
import Testing

/// The kinds whose number of edges is fixed: G(n, M), and a fixed number of parents.
struct FixedSizeTests {
  @Test(arguments: [1, 2, 5, 20, 65]) func everyGraphHasThatManyEdges(nodeCount n: Int) throws {
    let pairs = n * (n - 1) / 2
    for count in Set([0, 1, n, pairs / 2, pairs]) where count <= pairs {
      let model = FixedEdgeCount(edgesPerNode: Double(count) / Double(n))
      for seed in 0..<20 as Range<UInt64> {
        #expect(try model.sample(nodeCount: n, key: TaskKey(seed: seed)).edgeCount == count, "seed \(seed)")
      }
    }
  }

  @Test func aBrokenNumberOfEdgesIsOneOfItsNeighbours() throws {
    let counts = try (0..<20_000).map {
      try FixedEdgeCount(edgesPerNode: 1.23).sample(nodeCount: 10, key: TaskKey(seed: $0)).edgeCount
    }
    #expect(Set(counts) == [12, 13])
    expectMean(Sample(counts), 12.3, "edges")
  }

  @Test func allSetsOfPairsAreEquallyLikely() {
    var counts: [[OrderedEdge]: Int] = [:]
    for seed in 0..<40_000 as Range<UInt64> {
      // Three of six pairs: 20 sets.
      counts[FixedEdgeCount(edgesPerNode: 0.75).orderedEdges(nodeCount: 4, key: TaskKey(seed: seed)), default: 0] += 1
    }
    #expect(counts.count == 20)
    expectFrequencies(Array(counts.values), [Double](repeating: 0.05, count: 20), "sets of pairs")
  }

  @Test(arguments: [2, 5, 20, 65]) func everyPlaceHasThatManyParents(nodeCount n: Int) throws {
    for m in 0...min(n - 1, 8) {
      let edges = m * n - m * (m + 1) / 2
      let model = FixedInDegree(edgesPerNode: Double(edges) / Double(n))
      for seed in 0..<20 as Range<UInt64> {
        let graph = try model.sample(nodeCount: n, key: TaskKey(seed: seed))
        let incoming = graph.topologicalOrder.map { graph.adjacency.parents(of: $0).count }
        #expect(incoming == (0..<n).map { min($0, m) }, "m = \(m), seed \(seed)")
      }
    }
  }

  @Test func parentsAreUniformAmongThoseBefore() {
    // Five nodes with two parents each: 7 edges. The last picks one of six pairs of places.
    var counts: [[Int]: Int] = [:]
    for seed in 0..<30_000 as Range<UInt64> {
      let edges = FixedInDegree(edgesPerNode: 7.0 / 5).orderedEdges(nodeCount: 5, key: TaskKey(seed: seed))
      counts[edges.filter { $0.to == 4 }.map(\.from), default: 0] += 1
    }
    #expect(counts.count == 6)
    expectFrequencies(Array(counts.values), [Double](repeating: 1.0 / 6, count: 6), "parents of the last place")
  }
}
