import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// The process of Barabási and Albert (numerics 2.2).
struct ScaleFreeTests {
  private func graphs(
    _ model: ScaleFree, nodeCount: Int, count: UInt64
  ) throws -> [DirectedAcyclicGraph] {
    try (0..<count).map { try model.sample(nodeCount: nodeCount, key: TaskKey(seed: $0)) }
  }

  private func degree(_ node: Int, _ graph: AdjacencyMatrix) -> Int {
    graph.parents(of: node).count + graph.children(of: node).count
  }

  @Test(arguments: ScaleFree.Orientation.allCases)
  func integerAttachmentsGiveThatManyEdgesEveryTime(_ orientation: ScaleFree.Orientation) throws {
    for n in [2, 3, 5, 20, 21, 64, 65, 100] {
      for m in 0...min(n / 2, 12) {
        let edges = m * (n - m)
        let model = ScaleFree(edgesPerNode: Double(edges) / Double(n), orientation: orientation)
        for graph in try graphs(model, nodeCount: n, count: 10) {
          #expect(graph.edgeCount == edges, "\(n) nodes, m = \(m), \(orientation)")
        }
      }
    }
  }

  @Test func densitiesBetweenMixTheTwoNeighbours() throws {
    // 19 edges with m = 1, 36 with m = 2: k = 1.2 asks for 24.
    let graphs = try graphs(ScaleFree(edgesPerNode: 1.2), nodeCount: 20, count: 20_000)
    #expect(Set(graphs.map(\.edgeCount)) == [19, 36])
    let many = Sample(graphs.map { $0.edgeCount == 36 ? 1 : 0 })
    expectMean(many, 5.0 / 17, "share of m = 2")
  }

  /// Nodes of degree k after t: N_k(t+1) = N_k + ((k−1)N_{k−1} − kN_k)/(2(t−1)) + [k=1], from two nodes of degree 1.
  @Test func degreesOfTreesFollowTheExactRecursion() throws {
    let n = 20
    var expected = [Double](repeating: 0, count: n + 1)
    expected[1] = 2
    for t in 2..<n {
      expected = (0...n).map { k in
        guard k > 0 else { return 0 }
        let links = 2 * Double(t - 1)
        return expected[k] + (Double(k - 1) * expected[k - 1] - Double(k) * expected[k]) / links + (k == 1 ? 1 : 0)
      }
    }
    let table = [12.842747, 3.342747, 1.436710, 0.791303, 0.502351, 0.344841, 0.245041]
    for (k, value) in table.enumerated() { #expect(abs(expected[k + 1] - value) < 1e-6) }
    let graphs = try graphs(ScaleFree(edgesPerNode: 0.95), nodeCount: n, count: 20_000)
    var samples = [Sample](repeating: Sample(), count: n)
    for graph in graphs {
      var counts = [Int](repeating: 0, count: n)
      for node in 0..<n { counts[degree(node, graph.adjacency)] += 1 }
      for k in 0..<n { samples[k].add(counts[k]) }
    }
    // Where a few are to be seen at all.
    for k in 0..<n where expected[k] > 1e-3 { expectMean(samples[k], expected[k], "nodes of degree \(k)") }
    #expect(samples[0].mean == 0)
  }

  /// ∏ (1 + 1/(2k)), k = 1 … n − 2.
  @Test func theFirstNodeHasTheExactExpectedDegree() throws {
    let expected = (1...18).map { 1 + 0.5 / Double($0) }.reduce(1, *)
    #expect(abs(expected - 4.886242) < 1e-6)
    let graphs = try graphs(ScaleFree(edgesPerNode: 0.95), nodeCount: 20, count: 20_000)
    expectMean(Sample(graphs.map { degree($0.topologicalOrder[0], $0.adjacency) }), expected, "degree of node 0")
  }

  /// Uniform attachment: the degree of node 0 is 1 + 1/2 + … + 1/(n − 1) on average.
  @Test func powerZeroAttachesUniformly() throws {
    let graphs = try graphs(ScaleFree(edgesPerNode: 0.95, power: 0), nodeCount: 20, count: 20_000)
    let expected = (1...19).map { 1 / Double($0) }.reduce(0, +)
    expectMean(Sample(graphs.map { degree($0.topologicalOrder[0], $0.adjacency) }), expected, "degree of node 0")
  }

  /// The general way of choosing, next to the quick one of power 1.
  @Test func aPowerNearOneHasNearlyTheLawOfOne() throws {
    let graphs = try graphs(ScaleFree(edgesPerNode: 0.95, power: 1 + 1e-9), nodeCount: 20, count: 20_000)
    expectMean(Sample(graphs.map { degree($0.topologicalOrder[0], $0.adjacency) }), 4.886242, "degree of node 0")
  }

  @Test func aLargerPowerMakesLargerHubs() throws {
    let largest = try [0.5, 1, 1.5, 2].map { power in
      let graphs = try graphs(ScaleFree(edgesPerNode: 0.98, power: power), nodeCount: 50, count: 500)
      return Sample(graphs.map { graph in (0..<50).map { degree($0, graph.adjacency) }.max() ?? 0 }).mean
    }
    #expect(largest == largest.sorted() && largest[0] < largest[3], "\(largest)")
  }
}
