import Foundation
import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// Exact laws of G(20, 0.2) (numerics 2.1), over 20,000 graphs.
struct ErdosRenyiLawTests {
  private static let n = 20
  private static let p = 0.2
  private static let graphs: [DirectedAcyclicGraph] = (0..<20_000).compactMap { seed in
    // p = 2k/(n − 1).
    try? ErdosRenyi(edgesPerNode: 1.9).sample(nodeCount: n, key: TaskKey(seed: seed))
  }

  private func sample(_ quantity: (DirectedAcyclicGraph) -> Int) -> Sample {
    Self.graphs.reduce(into: Sample()) { $0.add(quantity($1)) }
  }

  @Test func everyGraphIsDrawn() {
    #expect(Self.graphs.count == 20_000)
  }

  @Test func edgesAreBinomial() {
    let edges = sample(\.edgeCount)
    let variance = 190 * 0.2 * 0.8
    #expect(abs(edges.mean - 38) <= 5 * (variance / edges.count).squareRoot(), "\(edges.mean)")
    // Var(s²) = (μ₄ − σ⁴)/n, with μ₄ = 3σ⁴ + σ²(1 − 6p(1 − p)).
    let fourth = 3 * variance * variance + variance * (1 - 6 * 0.2 * 0.8)
    let band = 5 * ((fourth - variance * variance) / edges.count).squareRoot()
    #expect(abs(edges.variance - variance) <= band, "\(edges.variance)")
  }

  @Test func rootsAreAsManyAsTheFormulaSays() {
    let roots = sample { graph in (0..<Self.n).count { graph.adjacency.parents(of: $0).isEmpty } }
    expectMean(roots, (1 - pow(0.8, 20)) / 0.2, "roots")
    let leaves = sample { graph in (0..<Self.n).count { graph.adjacency.children(of: $0).isEmpty } }
    expectMean(leaves, (1 - pow(0.8, 20)) / 0.2, "leaves")
  }

  @Test func isolatedNodesAreAsManyAsTheFormulaSays() {
    let isolated = sample { graph in
      (0..<Self.n).count { graph.adjacency.parents(of: $0).isEmpty && graph.adjacency.children(of: $0).isEmpty }
    }
    expectMean(isolated, 20 * pow(0.8, 19), "isolated nodes")
  }

  @Test func vStructuresAreAsManyAsTheFormulaSays() {
    expectMean(sample { $0.adjacency.vStructures.count }, 1140 * 0.04 * 0.8, "v-structures")
  }

  @Test func trianglesAreAsManyAsTheFormulaSays() {
    expectMean(sample(\.adjacency.triangleCount), 1140 * 0.008, "triangles")
  }

  @Test func directedPathsOfTwoEdgesAreAsManyAsTheFormulaSays() {
    let paths = sample { graph in
      graph.adjacency.edges.reduce(0) { $0 + graph.adjacency.children(of: $1.child).count }
    }
    expectMean(paths, 1140 * 0.04, "directed paths of two edges")
  }

  /// With s nodes reached from one, the next node joins them with probability 1 − (1 − p)ˢ.
  @Test func ancestorsAreAsManyAsTheRecursionSays() {
    var expected = 0.0
    var reached = [0.0, 1.0]
    for _ in 1..<Self.n {
      var next = [Double](repeating: 0, count: reached.count + 1)
      for (s, probability) in reached.enumerated() {
        let joins = 1 - pow(1 - Self.p, Double(s))
        next[s] += probability * (1 - joins)
        next[s + 1] += probability * joins
      }
      reached = next
      expected += reached.enumerated().reduce(0) { $0 + Double($1.offset - 1) * $1.element }
    }
    #expect(abs(expected - 81.457) < 1e-3)
    let pairs = sample { graph in
      var descendants = [UInt32](repeating: 0, count: Self.n)
      for node in graph.topologicalOrder.reversed() {
        for child in graph.adjacency.children(of: node) { descendants[node] |= descendants[child] | 1 << UInt32(child) }
      }
      return descendants.reduce(0) { $0 + $1.nonzeroBitCount }
    }
    expectMean(pairs, expected, "ancestor–descendant pairs")
  }

  /// One node per graph, so that the draws are independent: the mixture of Bin(k, p) over its place k.
  @Test func degreesFollowTheMixtureOfBinomials() {
    var law = [Double](repeating: 0, count: Self.n)
    var binomial = [1.0]
    for _ in 0..<Self.n {
      for (degree, probability) in binomial.enumerated() { law[degree] += probability / Double(Self.n) }
      binomial = (0...binomial.count).map { degree in
        (degree < binomial.count ? binomial[degree] * (1 - Self.p) : 0)
          + (degree > 0 ? binomial[degree - 1] * Self.p : 0)
      }
    }
    #expect(abs(law[0] - 0.247118) < 1e-6 && abs(law[7] - 0.008036) < 1e-6)
    var (incoming, outgoing) = ([Int](repeating: 0, count: Self.n), [Int](repeating: 0, count: Self.n))
    for graph in Self.graphs {
      incoming[graph.adjacency.parents(of: 7).count] += 1
      outgoing[graph.adjacency.children(of: 7).count] += 1
    }
    expectFrequencies(incoming, law, "in-degrees")
    expectFrequencies(outgoing, law, "out-degrees")
  }

  @Test func noEdgesAndAllEdgesAreGraphsToo() throws {
    #expect(try ErdosRenyi(edgesPerNode: 0).sample(nodeCount: 20, key: TaskKey(seed: 0)).edgeCount == 0)
    for n in 1...100 {
      let complete = ErdosRenyi(edgesPerNode: Double(n - 1) / 2)
      #expect(try complete.sample(nodeCount: n, key: TaskKey(seed: 0)).edgeCount == n * (n - 1) / 2, "\(n) nodes")
    }
  }

  /// All 25 labelled graphs with three nodes: P(G) = L(G)/n! · pᵉ(1 − p)^(N − e), with L the number of its orders.
  @Test func labelledGraphsHaveTheProbabilityOfTheirOrders() throws {
    let graphs = EquivalenceClassTests.allGraphs(nodeCount: 3)
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    let law = graphs.map { graph in
      let fitting = orders.count { place in graph.edges.allSatisfy { place[$0.parent] < place[$0.child] } }
      // k = 0.4 of three nodes is p = 0.4.
      return Double(fitting) / 6 * pow(0.4, Double(graph.edgeCount)) * pow(0.6, Double(3 - graph.edgeCount))
    }
    var counts = [Int](repeating: 0, count: 25)
    for seed in 0..<50_000 as Range<UInt64> {
      let graph = try ErdosRenyi(edgesPerNode: 0.4).sample(nodeCount: 3, key: TaskKey(seed: seed)).adjacency
      counts[try #require(graphs.firstIndex(of: graph))] += 1
    }
    expectFrequencies(counts, law, "labelled graphs")
  }
}
