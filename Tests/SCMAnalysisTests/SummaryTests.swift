import SCMAnalysis
import SCMBase
import SCMFamilies
import SCMTestSupport
import Testing

@Suite struct SummaryTests {
  private func summary(_ json: String, tasks: Int = 400, rows: Int = 100) throws -> FamilySummary {
    let family = try SCMFamily(FamilySpecification(json: json))
    return FamilySummary(try FamilySample(family, taskCount: tasks, rowCount: rows, detailed: true, threads: 2))
  }

  /// Numerics §2.1, n = 20, p = 0.2: means of the exact laws, within five of the sample's own standard errors.
  @Test func erdosRenyiGraphsHaveTheirExactMeans() throws {
    let found = try summary(#"{"n_nodes": 20, "sparsity_param": 1.9}"#, tasks: 2000, rows: 0)
    for (name, expected) in [
      ("edges", 38.0), ("root_count", 4.942354), ("leaf_count", 4.942354), ("v_structure_count", 36.48), ("nodes", 20),
    ] {
      let law = try #require(found.laws.first { $0.name == name }).law
      let error = law.deviation / 2000.0.squareRoot()
      #expect(abs(law.mean - expected) <= 5 * error, "\(name): \(law.mean)")
      #expect(law.quantiles == law.quantiles.sorted() && law.quantiles.count == 5)
    }
    let degrees = [0.247118, 0.232706, 0.198479, 0.147138, 0.092588]
    for (found, expected) in zip(found.inDegrees, degrees) {
      // Nodes of one graph are not independent, so the error is at most that of 2000 graphs.
      #expect(abs(found - expected) < 5 * (expected * (1 - expected) / 2000).squareRoot())
    }
    #expect(abs(found.inDegrees.reduce(0, +) - 1) < 1e-12 && abs(found.outDegrees.reduce(0, +) - 1) < 1e-12)
    #expect(found.warnings.isEmpty && found.notes.isEmpty)
  }

  @Test func asManyRowsAsColumnsAreNotedAsNoMeasureOfWhatOthersExplain() throws {
    let json = #"{"n_nodes": 5, "sparsity_param": 1}"#
    let few = try summary(json, tasks: 3, rows: 5)
    #expect(few.notes.count == 1 && few.notes[0].contains("can't be measured in 3 of 3 tasks"))
    #expect(try summary(json, tasks: 3, rows: 6).notes.isEmpty)
  }

  @Test func aFamilyThatGivesItsOrderAwayIsWarnedOf() throws {
    let raw = try summary(#"{"linear_weights": "signed_uniform", "noise_scale_law": "uniform"}"#, tasks: 60)
    #expect(raw.warnings.count == 2 && raw.warnings[0].hasPrefix("var_sortability is 0."))
    let standardized = try summary(
      #"{"linear_weights": "signed_uniform", "noise_scale_law": "uniform", "standardization": "internal"}"#, tasks: 60)
    #expect(standardized.warnings.isEmpty)
  }

  /// One edge between two nodes can never be directed: a class of two graphs, one bit. Of X1 = w·X0 + ε the signal's share is
  /// 1 − Var ε / Var X1, and the edge's effect its root.
  @Test func classesAndEffectsOfOneEdge() throws {
    let found = try summary(
      #"{"n_nodes": 2, "sparsity_param": 0.5, "linear_weights": "signed_uniform", "linear_weight_min": 1, "linear_weight_max": 1, "noise_scale_law": "uniform", "noise_scale_min": 1, "noise_scale_max": 1}"#,
      tasks: 300, rows: 1000)
    let laws = Dictionary(uniqueKeysWithValues: found.laws.map { ($0.name, $0.law) })
    #expect(laws["mec_bits"]?.quantiles == [1, 1, 1, 1, 1] && laws["reversible_edges"]?.mean == 1)
    for (name, exact) in [
      ("signal_share", 0.5), ("edge_effect", 0.5.squareRoot()), ("edge_effect_q10", 0.5.squareRoot()),
    ] {
      let law = try #require(laws[name])
      // The estimates are ratios, whose bias is below 2 / rows.
      let sigma = law.deviation / 300.0.squareRoot()
      #expect(abs(law.mean - exact) < 5 * sigma + 0.002, "\(name) \(law.mean)")
    }
    #expect(laws["weak_edges"]?.mean == 0)
    #expect(found.degrees == [0, 1])
    let variances = found.varianceAlongOrder
    #expect(variances.indices.filter { variances[$0] != nil } == [0, 5])
    // The logarithm of a Gaussian sample's variance has deviation √(2/rows), and a bias of −1/rows.
    for (place, exact) in [(0, 1.0), (5, 2.0)] {
      let ratio = try #require(variances[place]) / exact
      let sigma = (2.0 / 1000 / 300).squareRoot()
      #expect(abs(ratio - 1) < 5 * sigma + 0.002)
    }
  }

  @Test func aFamilyOfWeakEdgesIsWarnedOf() throws {
    let found = try summary(#"{"linear_weight_scale": 0.05}"#, tasks: 30)
    #expect(found.warnings.count == 1 && found.warnings[0].contains("of the edges move their child"))
  }

  @Test func componentsOfAMixtureAreCounted() throws {
    let found = try summary(
      #"{"mixture": [{"weight": 3, "family": {"n_nodes": 5}}, {"family": {"n_nodes": 6}}]}"#, tasks: 400, rows: 0)
    #expect(found.componentCounts.reduce(0, +) == 400)
    #expect(fits(found.componentCounts, [0.75, 0.25]))
    #expect(try summary("{}", tasks: 7, rows: 0).componentCounts == [7])
  }

  /// A summary lists nothing else, and in this order.
  @Test func statisticsAreListed() throws {
    let found = try summary("{}", tasks: 5, rows: 20)
    let kinds = KindDescriptors.names
    let others = FamilySummary.statistics.map(\.name).filter { !kinds.contains($0) }
    #expect(found.laws.map(\.name) == others)
    let mixed = #"{"mechanism_proportions": {"linear": 1, "binary": 1}}"#
    #expect(try summary(mixed, tasks: 5, rows: 20).laws.map(\.name) == FamilySummary.statistics.map(\.name))
    #expect(
      try summary("{}", tasks: 5, rows: 0).laws.map(\.name)
        == FamilySummary.statistics.filter { $0.source == .graph }.map(\.name))
  }

  /// What was drawn from a law together with anything else has no law that is known.
  @Test func samplesAreAppended() throws {
    let family = try SCMFamily(FamilyConfig())
    var sample = FamilySample()
    try sample.append(FamilySample(family, taskCount: 3, rowCount: 0))
    #expect(sample.family != nil && sample.componentCounts == [3])
    let graph = try family.sampleTask(seed: 1).graph
    try sample.append(FamilySample([graph], rows: []))
    #expect(sample.family == nil && sample.graphs.count == 4 && sample.componentCounts == [4])
    #expect(throws: ConfigError.self) { try sample.append(FamilySample(family, taskCount: 2, rowCount: 10)) }
    #expect(sample.graphs.count == 4)
  }

  @Test func aCancelledAnalysisEnds() throws {
    let family = try SCMFamily(FamilyConfig())
    #expect(throws: AnalysisCancelled.self) { try FamilySample(family, taskCount: 1000, isCancelled: { true }) }
    let sample = try FamilySample(family, taskCount: 5, rowCount: 0)
    #expect(throws: AnalysisCancelled.self) { try FamilyDistance(sample, sample, isCancelled: { true }) }
  }
}
