import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// Sub-networks of networks whose parts are known.
struct SubnetworkTests {
  private func graphs(_ edges: [(Int, Int)], topShare: Double = 0.2) -> Subnetwork {
    var model = Subnetwork()
    model.edgeList = edges.flatMap { [$0.0, $0.1] }
    model.topShare = topShare
    return model
  }

  private func edgeCount(_ model: Subnetwork, _ nodeCount: Int, seed: Int) throws -> Int {
    try model.sample(nodeCount: nodeCount, key: TaskKey(seed: UInt64(seed))).edgeCount
  }

  /// Of a random network with cycles, whose node numbers have gaps.
  @Test(arguments: [0, 0.2, 1]) func keepsTheLawsOfAllGraphs(topShare: Double) throws {
    var words = TaskKey(seed: 3).words(purpose: .user)
    let edges = (0..<600).map { _ in (7 * words.next(below: 200), 7 * words.next(below: 200)) }
    try checkLaws(of: graphs(edges, topShare: topShare), nodeCounts: [8, 20, 65, 130])
  }

  /// A module of a directed ring is a path; the whole ring loses the edge that closes it.
  @Test func aRingGivesPaths() throws {
    let ring = graphs((0..<12).map { ($0, ($0 + 1) % 12) }, topShare: 1)
    for seed in 0..<50 {
      #expect(try edgeCount(ring, 1, seed: seed) == 0)
      #expect(try edgeCount(ring, 5, seed: seed) == 4)
      #expect(try edgeCount(ring, 12, seed: seed) == 11)
    }
  }

  /// Two cliques of five with a bridge: the neighbour of highest modularity is one of the start's clique until that is whole.
  @Test func modularityKeepsACliqueTogether() throws {
    var edges = [(0, 5)]
    for first in [0, 5] {
      for a in first..<(first + 5) { for b in (a + 1)..<max(a + 1, first + 5) { edges.append((a, b)) } }
    }
    for seed in 0..<50 {
      #expect(try edgeCount(graphs(edges, topShare: 0), 5, seed: seed) == 10)
      #expect(try edgeCount(graphs(edges, topShare: 0), 6, seed: seed) == 11)
    }
    // Among all neighbours the bridge is crossed now and then.
    let crossed = try (0..<200).count { try edgeCount(graphs(edges, topShare: 1), 5, seed: $0) < 10 }
    #expect(crossed > 20)
  }

  /// 0 → 1 has one cause and 2 → 3 → 4 → 5 three: three nodes from the first are one edge, from the others two.
  @Test func everyCauseIsAsLikelyAStart() throws {
    let model = graphs([(0, 1), (2, 3), (3, 4), (4, 5)])
    let single = try (0..<4000).count { try edgeCount(model, 3, seed: $0) == 1 }
    // 5·√(4000·3/16) = 136.9.
    #expect(abs(single - 1000) <= 136, "\(single)")
  }

  @Test func loopsAndRepeatedEdgesCountForNothing() throws {
    let plain = graphs([(0, 1), (1, 2), (0, 3)])
    let repeated = graphs([(0, 1), (1, 1), (1, 2), (0, 3), (0, 1)])
    for seed in 0..<20 as Range<UInt64> {
      let key = TaskKey(seed: seed)
      #expect(try plain.sample(nodeCount: 3, key: key) == repeated.sample(nodeCount: 3, key: key))
    }
  }

  @Test func refusesWhatIsNoNetworkOrTooSmall() {
    var odd = Subnetwork()
    odd.edgeList = [0, 1, 2]
    var dense = graphs([(0, 1)])
    dense.edgesPerNode = 1
    for (model, field) in [
      (Subnetwork(), "subnetwork_edges"), (odd, "subnetwork_edges"), (graphs([(3, 3)]), "subnetwork_edges"),
      (dense, "sparsity_param"), (graphs([(0, 5)]), "n_nodes"),
    ] {
      let count = field == "n_nodes" ? 3 : 1
      let error = #expect(throws: ConfigError.self) { try model.check(nodeCount: count) }
      #expect(error?.path == field)
    }
  }
}
