import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// Which way scale-free edges point.
struct ScaleFreeOrientationTests {
  private func graph(_ orientation: ScaleFree.Orientation, m: Int, nodeCount n: Int, seed: UInt64) throws
    -> DirectedAcyclicGraph
  {
    try ScaleFree(edgesPerNode: Double(m * (n - m)) / Double(n), orientation: orientation)
      .sample(nodeCount: n, key: TaskKey(seed: seed))
  }

  private func degrees(_ graph: AdjacencyMatrix) -> [Int] {
    (0..<graph.nodeCount).map { graph.parents(of: $0).count + graph.children(of: $0).count }.sorted()
  }

  @Test(arguments: 1...4) func outGivesEveryLaterNodeTheSameNumberOfParents(m: Int) throws {
    for seed in 0..<50 as Range<UInt64> {
      let graph = try graph(.out, m: m, nodeCount: 30, seed: seed)
      let incoming = graph.topologicalOrder.map { graph.adjacency.parents(of: $0).count }
      #expect(incoming == [0] + [Int](repeating: 1, count: m) + [Int](repeating: m, count: 29 - m), "seed \(seed)")
    }
  }

  @Test(arguments: 1...4) func inGivesEveryEarlierNodeTheSameNumberOfChildren(m: Int) throws {
    for seed in 0..<50 as Range<UInt64> {
      let graph = try graph(.in, m: m, nodeCount: 30, seed: seed)
      let outgoing = graph.topologicalOrder.reversed().map { graph.adjacency.children(of: $0).count }
      #expect(outgoing == [0] + [Int](repeating: 1, count: m) + [Int](repeating: m, count: 29 - m), "seed \(seed)")
    }
  }

  @Test func hubsAreParentsInOutAndChildrenInIn() throws {
    var (out, incoming) = (Sample(), Sample())
    for seed in 0..<500 as Range<UInt64> {
      let graph = try graph(.out, m: 2, nodeCount: 50, seed: seed).adjacency
      out.add((0..<50).map { graph.children(of: $0).count }.max() ?? 0)
      let other = try self.graph(.in, m: 2, nodeCount: 50, seed: seed).adjacency
      incoming.add((0..<50).map { other.parents(of: $0).count }.max() ?? 0)
    }
    #expect(out.mean > 10)
    #expect(out.mean == incoming.mean)
  }

  @Test(arguments: 1...3) func theSkeletonIsTheSameForAnyOrientation(m: Int) throws {
    for seed in 0..<100 as Range<UInt64> {
      let lists = try ScaleFree.Orientation.allCases.map { orientation in
        degrees(try graph(orientation, m: m, nodeCount: 40, seed: seed).adjacency)
      }
      #expect(Set(lists).count == 1, "seed \(seed)")
    }
  }

  @Test func treesPointingOutHaveNoVStructures() throws {
    for seed in 0..<200 as Range<UInt64> {
      #expect(try graph(.out, m: 1, nodeCount: 20, seed: seed).adjacency.vStructures.isEmpty, "seed \(seed)")
    }
  }

  @Test(arguments: [ScaleFree.Orientation.in, .random])
  func treesOfOtherOrientationsHaveVStructures(_ orientation: ScaleFree.Orientation) throws {
    let trees = try (0..<200).map { try graph(orientation, m: 1, nodeCount: 20, seed: $0).adjacency }
    #expect(trees.allSatisfy { !$0.vStructures.isEmpty })
  }

  /// In a tree all of whose edges point along a random order, an edge at a node is as often incoming as outgoing.
  @Test func randomFavoursNeitherDirection() throws {
    var difference = Sample()
    for seed in 0..<5000 as Range<UInt64> {
      let graph = try graph(.random, m: 2, nodeCount: 20, seed: seed).adjacency
      let degrees = (0..<20).map { graph.parents(of: $0).count + graph.children(of: $0).count }
      let hub = try #require(degrees.firstIndex(of: degrees.max() ?? 0))
      difference.add(graph.parents(of: hub).count - graph.children(of: hub).count)
    }
    expectMean(difference, 0, "parents minus children of the hub")
  }
}
