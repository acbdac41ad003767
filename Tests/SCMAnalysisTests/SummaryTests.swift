import SCMAnalysis
import SCMFamilies
import SCMTestSupport
import Testing

@Suite struct SummaryTests {
  private func summary(_ json: String, tasks: Int = 400, rows: Int = 100) throws -> FamilySummary {
    let family = try SCMFamily(FamilySpecification(json: json))
    return FamilySummary(try FamilySample(family, taskCount: tasks, rowCount: rows, threads: 2))
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
    #expect(found.warnings.isEmpty)
  }

  @Test func aFamilyThatGivesItsOrderAwayIsWarnedOf() throws {
    let raw = try summary(#"{"linear_weights": "signed_uniform", "noise_scale_law": "uniform"}"#, tasks: 60)
    #expect(raw.warnings.count == 2 && raw.warnings[0].hasPrefix("var_sortability is 0."))
    let standardized = try summary(
      #"{"linear_weights": "signed_uniform", "noise_scale_law": "uniform", "standardization": "internal"}"#, tasks: 60)
    #expect(standardized.warnings.isEmpty)
  }

  @Test func componentsOfAMixtureAreCounted() throws {
    let found = try summary(
      #"{"mixture": [{"weight": 3, "family": {"n_nodes": 5}}, {"family": {"n_nodes": 6}}]}"#, tasks: 400, rows: 0)
    #expect(found.componentCounts.reduce(0, +) == 400)
    #expect(fits(found.componentCounts, [0.75, 0.25]))
    #expect(try summary("{}", tasks: 7, rows: 0).componentCounts == [7])
  }

  @Test func aCancelledAnalysisEnds() throws {
    let family = try SCMFamily(FamilyConfig())
    #expect(throws: AnalysisCancelled.self) { try FamilySample(family, taskCount: 1000, isCancelled: { true }) }
    let sample = try FamilySample(family, taskCount: 5, rowCount: 0)
    #expect(throws: AnalysisCancelled.self) { try FamilyDistance(sample, sample, isCancelled: { true }) }
  }
}
