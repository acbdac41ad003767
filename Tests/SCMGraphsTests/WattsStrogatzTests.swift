import SCMGraphs
import SCMRandom
import Testing

/// Rings and what rewiring leaves of them (numerics 2.4).
struct WattsStrogatzTests {
  private func neighbours(_ node: Int, _ graph: AdjacencyMatrix) -> [Int] {
    graph.parents(of: node) + graph.children(of: node)
  }

  @Test(arguments: [0.0, 0.3, 1]) func rewiringKeepsTheNumberOfEdges(rewiring: Double) throws {
    for (n, m) in [(3, 1), (5, 2), (20, 3), (65, 2)] {
      for seed in 0..<30 as Range<UInt64> {
        let model = WattsStrogatz(edgesPerNode: Double(m), rewiring: rewiring)
        let graph = try model.sample(nodeCount: n, key: TaskKey(seed: seed))
        #expect(graph.edgeCount == n * m, "\(n) nodes, m = \(m), seed \(seed)")
        // A link moves at one end only, so each node keeps its own m.
        #expect((0..<n).allSatisfy { neighbours($0, graph.adjacency).count >= m }, "\(n) nodes, m = \(m), seed \(seed)")
      }
    }
  }

  /// Each of K = 2m neighbours; 3(K − 2)/(4(K − 1)) of their pairs are linked.
  @Test(arguments: 1...4) func withoutRewiringItIsTheRing(m: Int) throws {
    let graph = try WattsStrogatz(edgesPerNode: Double(m), rewiring: 0).sample(nodeCount: 30, key: TaskKey(seed: 3))
      .adjacency
    for node in 0..<30 {
      let neighbours = neighbours(node, graph)
      #expect(neighbours.count == 2 * m)
      let links = neighbours.reduce(0) { sum, a in sum + neighbours.count { a < $0 && graph.isAdjacent(a, $0) } }
      // Of the m(2m − 1) pairs 3m(m − 1)/2.
      #expect(links == 3 * m * (m - 1) / 2)
    }
  }

  /// Each link of the ring, nearest first, stays or moves to a uniform one of the nodes that its own is not linked to.
  @Test(arguments: [0.3, 1]) func rewiringIsThatOfThePlainVersion(rewiring: Double) {
    let (n, m) = (12, 2)
    for seed in 0..<200 as Range<UInt64> {
      let key = TaskKey(seed: seed)
      var words = key.words(purpose: .graph)
      var links = [Set<Int>](repeating: [], count: n)
      for node in 0..<n {
        for other in 0..<n where (1...m).contains((node - other + n) % n) || (1...m).contains((other - node + n) % n) {
          links[node].insert(other)
        }
      }
      for step in 1...m {
        for node in 0..<n {
          let word = words.next64()
          let free = (0..<n).filter { $0 != node && !links[node].contains($0) }
          guard Bernoulli(rewiring).holds(UInt32(word >> 32)), !free.isEmpty else { continue }
          let (old, new) = ((node + step) % n, free[words.next(below: free.count)])
          links[node].remove(old)
          links[old].remove(node)
          links[node].insert(new)
          links[new].insert(node)
        }
      }
      var places = key.words(purpose: .blocks)
      let place = places.permutation(of: n)
      let expected = Set(
        links.enumerated().flatMap { node, others in
          others.map { OrderedEdge(from: min(place[node], place[$0]), to: max(place[node], place[$0])) }
        })
      let model = WattsStrogatz(edgesPerNode: Double(m), rewiring: rewiring)
      #expect(Set(model.orderedEdges(nodeCount: n, key: key)) == expected, "seed \(seed)")
    }
  }

  @Test func rewiringTakesTheClusteringAway() throws {
    let triangles = try [0, 0.1, 0.5, 1].map { rewiring in
      let model = WattsStrogatz(edgesPerNode: 3, rewiring: rewiring)
      let graphs = try (0..<200).map { try model.sample(nodeCount: 60, key: TaskKey(seed: $0)).adjacency }
      return Sample(graphs.map(\.triangleCount)).mean
    }
    #expect(triangles[0] == 60 * 3)
    #expect(triangles == triangles.sorted(by: >) && triangles[3] < 60, "\(triangles)")
  }

  /// A link is rewired with the given probability: of n·m ring links 1 − β stay, up to what comes back by chance.
  @Test func linksAreRewiredWithTheirProbability() throws {
    let (n, beta) = (100, 0.3)
    var kept = Sample()
    for seed in 0..<2000 as Range<UInt64> {
      let edges = WattsStrogatz(edgesPerNode: 1, rewiring: beta).orderedEdges(nodeCount: n, key: TaskKey(seed: seed))
      var words = TaskKey(seed: seed).words(purpose: .blocks)
      var label = [Int](repeating: 0, count: n)
      for (node, place) in words.permutation(of: n).enumerated() { label[place] = node }
      kept.add(edges.count { edge in [1, n - 1].contains((label[edge.from] - label[edge.to] + n) % n) })
    }
    let share = kept.mean / Double(n)
    #expect(
      share > 1 - beta && share < 1 - beta + 2 * beta / Double(n) + 5 * kept.standardError / Double(n), "\(share)")
  }
}
