import SCMAnalysis
import SCMBase
import SCMFamilies
import SCMGraphs
import SCMTestSupport
import Testing

@Suite struct DistanceTests {
  private func sample(
    _ fields: String, tasks: Int = 200, seed: UInt64 = 0, rows: Int = 0, threads: Int = 2
  ) throws -> FamilySample {
    try FamilySample(
      SCMFamily(json: "{\"n_nodes\": 20, \(fields)}"), taskCount: tasks, seed: seed, rowCount: rows, threads: threads)
  }

  /// Edges per node of an edge probability p at 20 nodes.
  private func density(_ p: Double) -> String { "\"sparsity_param\": \(p * 19 / 2)" }

  /// Numerics §4.2: N, p, q, KL(p‖q), Jeffreys, JS of the edge counts, W₁.
  @Test(arguments: [
    (10, 0.5, 0.3, 0.8717669357, 1.69459572, 0.17731997, 2.0), (45, 0.2, 0.4, 4.1182299832, 8.82746328, 0.52407572, 9),
    (190, 0.2, 0.3, 4.8890975708, 10.24093351, 0.55488862, 19),
    (190, 0.3, 0.2, 5.3518359431, 10.24093351, 0.55488862, 19),
    (190, 0.1, 0.4, 42.9949406252, 102.13028975, 0.69314660, 57),
    (1225, 0.08, 0.16, 34.5967703430, 76.84365796, 0.69312929, 98),
  ])
  func edgeLawsDivergeAsTheClosedFormsSay(
    pairs: Int, p: Double, q: Double, forward: Double, jeffreys: Double, js: Double, w1: Double
  ) {
    let found = EdgeDivergence(pairs: pairs, p, q)
    #expect(abs(found.forward - forward) < 1e-9 && abs(found.jeffreys - jeffreys) < 1e-7)
    #expect(abs(found.jensenShannon - js) < 1e-8 && abs(found.wasserstein - w1) < 1e-11)
  }

  @Test func edgeLawsOfNoOrAllEdgesAreCertain() {
    #expect(EdgeDivergence(pairs: 10, 0, 0).forward == 0)
    #expect(EdgeDivergence(pairs: 10, 1, 1).jeffreys == 0)
    #expect(EdgeDivergence(pairs: 10, 0.5, 0).forward == .infinity)
    #expect(EdgeDivergence(pairs: 10, 0, 0.5).forward < 7)
  }

  /// Numerics §4.2.
  @Test func normalLawsDivergeAsTheClosedFormSays() {
    let unit = NormalLaw(mean: [0], covariance: [1])
    #expect(abs(unit.divergence(from: NormalLaw(mean: [1], covariance: [4])) - 0.443147180560) < 1e-12)
    let first = NormalLaw(mean: [0, 1], covariance: [1, 0.5, 0.5, 2])
    let second = NormalLaw(mean: [1, -1], covariance: [2, -0.3, -0.3, 1])
    #expect(abs(first.divergence(from: second) - 2.473063098789) < 1e-12)
    #expect(abs(second.divergence(from: first) - 2.756256272938) < 1e-12)
    let independent = NormalLaw(mean: [0, 0], covariance: [1, 0, 0, 1])
    let correlated = NormalLaw(mean: [0, 0], covariance: [1, 0.9, 0.9, 1])
    #expect(abs(correlated.divergence(from: independent) - 0.8303656034) < 1e-9)
    #expect(first.divergence(from: first) < 1e-14)
    #expect(first.divergence(from: NormalLaw(mean: [0, 0], covariance: [1, 1, 1, 1])) == .infinity)
  }

  /// Numerics §4.8 at N = 200 and n = 20; the references are single draws, so the bands are a few of their own deviations.
  @Test(arguments: [(0.25, 0.0561, 0.0322), (0.3, 0.0962, 0.0938), (0.4, 0.1560, 0.2125), (0.6, 0.2347, 0.3784)])
  func denserGraphsLieFurtherAway(p: Double, w1: Double, energy: Double) throws {
    let distance = try FamilyDistance(
      sample(density(0.2)), sample(density(p), seed: 1), permutations: 199, bootstraps: 20, threads: 2)
    let (spectral, ground) = (try #require(distance[.spectralW1]), try #require(distance[.spectralEnergy]))
    #expect(abs(spectral.value - w1) < 0.02, "\(spectral.value)")
    #expect(abs(ground.value - energy) < 0.1 * energy + 0.01, "\(ground.value)")
    #expect(spectral.pValue == 0.005 && ground.pValue == 0.005)
    #expect(spectral.low <= spectral.value && spectral.value <= spectral.high)
  }

  /// One law, sixty pairs of samples: p-values are uniform, so that five in a hundred are below 0.05; the null's own band is 5σ.
  @Test func samplesOfOneFamilyAreRarelyToldApart() throws {
    let p = try (0..<60).map { pair in
      let distance = try FamilyDistance(
        sample(density(0.2), tasks: 60, seed: UInt64(2 * pair)),
        sample(density(0.2), tasks: 60, seed: UInt64(2 * pair + 1)),
        metrics: [.spectralEnergy, .inDegreeJS], permutations: 99, bootstraps: 1, seed: UInt64(pair), threads: 2)
      return distance.statistics.map(\.result.pValue)
    }
    for metric in 0..<2 {
      // sd of the share: √(0.05·0.95/60) = 0.028.
      #expect(p.count { $0[metric] <= 0.05 } <= 11)
      #expect(abs(Sample(p.map { $0[metric] }).deviationsFromMean(0.505)) < 5)
    }
  }

  /// Their skeletons have one law, so only degrees tell growing graphs from their reversals.
  @Test func reversedGraphsDifferInTheirDegreesAlone() throws {
    // Two new edges for each node, 36 in all.
    let growing = "\"graph\": \"scale_free\", \"sparsity_param\": 1.8"
    let out = try sample(growing, tasks: 300)
    let reversed = try sample(growing + ", \"scale_free_orientation\": \"in\"", tasks: 300, seed: 1)
    let distance = try FamilyDistance(out, reversed, permutations: 199, bootstraps: 1, threads: 2)
    let (spectral, inDegrees) = (try #require(distance[.spectralEnergy]), try #require(distance[.inDegreeJS]))
    #expect(abs(spectral.value) < 1e-3 && spectral.pValue > 0.01)
    // Numerics §4.8 gives 0.3525 for one draw at N = 200.
    #expect(abs(inDegrees.value - 0.3525) < 0.02 && inDegrees.pValue == 0.005, "\(inDegrees.value)")
    #expect(distance.edges == nil)
  }

  /// Erdős–Rényi families have theirs in closed form; the estimate from samples is near it (numerics §4.5: 4.53 for 4.89).
  @Test func theEdgeDivergenceIsTheClosedFormWhereThereIsOne() throws {
    let (a, b) = (try sample(density(0.2)), try sample(density(0.3), seed: 1))
    let distance = try FamilyDistance(a, b, metrics: [.edgeKL], permutations: 99, bootstraps: 20)
    let found = try #require(distance[.edgeKL])
    #expect(abs(found.value - 4.8890975708) < 1e-9 && found.pValue == 0.01)
    #expect(found.low < 5.5 && found.high > 3.5, "\(found.low) to \(found.high)")
    // Without closed forms: always 40 edges, and always 60. A count that never varies has the variance of rounding, 1/12.
    let exact = try sample("\"graph\": \"fixed_edge_count\"", tasks: 20)
    let more = try sample("\"graph\": \"fixed_edge_count\", \"sparsity_param\": 3", tasks: 20)
    #expect(try FamilyDistance(exact, exact, metrics: [.edgeKL], permutations: 1, bootstraps: 1)[.edgeKL]?.value == 0)
    let apart = try FamilyDistance(exact, more, metrics: [.edgeKL], permutations: 1, bootstraps: 1)[.edgeKL]?.value
    #expect(abs(try #require(apart) - 400 * 12 / 2) < 1e-9)
  }

  @Test func isSymmetricAndDoesNotDependOnThreads() throws {
    let a = try sample(density(0.2), tasks: 40, rows: 64)
    let b = try sample(density(0.3), tasks: 55, seed: 3, rows: 64, threads: 1)
    let again = try sample(density(0.3), tasks: 55, seed: 3, rows: 64, threads: 3)
    #expect(b.data.map(\.vector) == again.data.map(\.vector))
    let forward = try FamilyDistance(a, b, permutations: 50, bootstraps: 10, threads: 1)
    #expect(
      try FamilyDistance(a, again, permutations: 50, bootstraps: 10, threads: 2).statistics.map(\.result)
        == forward.statistics.map(\.result))
    for (metric, result) in try FamilyDistance(b, a, permutations: 1, bootstraps: 1).statistics where metric != .edgeKL
    {
      let other = try #require(forward[metric]).value
      #expect(abs(result.value - other) <= 1e-5 * max(abs(other), 1e-3), "\(metric)")
    }
  }

  @Test func aSampleDoesNotDifferFromItself() throws {
    let a = try sample(density(0.2), tasks: 30, rows: 64)
    let distance = try FamilyDistance(a, a, permutations: 1, bootstraps: 1)
    for metric in [FamilyDistance.Metric.edgeJS, .inDegreeJS, .outDegreeJS, .spectralW1, .dataGaussianKL] {
      #expect(abs(try #require(distance[metric]).value) < 1e-12, "\(metric)")
    }
  }

  @Test func completeGraphsDoNotDifferByRounding() throws {
    let fields = #"{"n_nodes": 2, "sparsity_param": 0.5}"#
    let samples = try (0..<2).map { try FamilySample(SCMFamily(json: fields), taskCount: 30, seed: UInt64($0)) }
    let distance = try FamilyDistance(samples[0], samples[1], permutations: 99, bootstraps: 1)
    for metric in [FamilyDistance.Metric.spectralW1, .spectralEnergy] {
      #expect(try #require(distance[metric]).pValue == 1, "\(metric)")
    }
  }

  @Test func sizesMayDiffer() throws {
    let small = try FamilySample(SCMFamily(json: #"{"n_nodes": 5, "sparsity_param": 1}"#), taskCount: 40)
    let mixed = try FamilySample(
      SCMFamily(json: #"{"n_nodes": 6, "n_nodes_max": 9, "sparsity_param": 1}"#), taskCount: 30)
    let distance = try FamilyDistance(small, mixed, permutations: 99, bootstraps: 10)
    #expect(distance.statistics.count == FamilyDistance.Metric.allCases.count)
    #expect(distance.statistics.allSatisfy { $0.result.value.isFinite })
    #expect(distance.edges == nil)
  }

  @Test func oneTaskIsTooFew() throws {
    let one = try sample(density(0.2), tasks: 1)
    #expect(throws: ConfigError.self) { try FamilyDistance(one, one) }
  }

  @Test func descriptorsAreFiniteForEverySizeAndDoNotDependOnNames() throws {
    for nodes in 1...4 {
      let family = try SCMFamily(json: "{\"n_nodes\": \(nodes), \"sparsity_param\": 0}")
      let sample = try FamilySample(family, taskCount: 3, rowCount: 20)
      for (graph, data) in zip(sample.graphs, sample.data) {
        #expect(graph.vector.count == GraphDescriptors.names.count && data.vector.count == DataDescriptors.names.count)
        #expect((graph.vector + data.vector).allSatisfy { $0.isFinite })
      }
    }
    var (chain, renamed) = (AdjacencyMatrix(nodeCount: 4), AdjacencyMatrix(nodeCount: 4))
    for (a, b) in [(0, 1), (1, 2), (0, 3)] { chain[a, b] = true }
    for (a, b) in [(2, 0), (0, 3), (2, 1)] { renamed[a, b] = true }
    let (a, b) = (
      try GraphDescriptors(DirectedAcyclicGraph(chain)), try GraphDescriptors(DirectedAcyclicGraph(renamed))
    )
    #expect(a.depth == 2 && a.rootCount == 1 && a.leafCount == 2 && a.vStructureCount == 0 && a.transitivity == 0)
    for (x, y) in zip(a.vector, b.vector) { #expect(abs(x - y) < 1e-12) }
  }

  /// 15 rows are no more than 20 columns, whose correlations have no inverse then.
  @Test func whatOneSampleAloneLacksIsNoted() throws {
    let few = try sample(density(0.2), tasks: 3, rows: 15)
    let enough = try sample(density(0.2), tasks: 3, rows: 30)
    func distance(_ a: FamilySample, _ b: FamilySample, _ metrics: [FamilyDistance.Metric]) throws -> FamilyDistance {
      try FamilyDistance(a, b, metrics: metrics, permutations: 9)
    }
    let found = try distance(enough, few, [.edgeJS, .dataEnergy])
    #expect(found.notes.first.isEmpty && found.notes.second == few.notes && few.notes.count == 1)
    #expect(found.json["notes"]?["second"]?.texts == few.notes)
    #expect(try distance(few, enough, [.dataEnergy]).notes.first == few.notes)
    for quiet in try [distance(few, few, [.dataEnergy]), distance(enough, few, [.edgeJS])] {
      #expect(quiet.notes.first.isEmpty && quiet.notes.second.isEmpty && quiet.json["notes"] == nil)
    }
  }
}
