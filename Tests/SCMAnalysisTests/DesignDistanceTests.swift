import SCMAnalysis
import SCMBase
import SCMExperiments
import SCMFamilies
import Testing

@Suite struct DesignDistanceTests {
  private func family(_ json: String = #"{"n_nodes": 6, "sparsity_param": 1.5}"#) throws -> SCMFamily {
    try SCMFamily(FamilyConfig(json: json))
  }

  private func sample(_ design: String, seed: UInt64 = 0, tasks: Int = 40) throws -> DesignSample {
    try DesignSample(family(), Design(json: design), taskCount: tasks, seed: seed, threads: 2)
  }

  private static let rows =
    #"{"n_samples": 20, "interventions": {"n_samples": 12, "regimes": 3}, "hidden": {"count": 1}}"#

  /// A design against itself with other seeds: p-values are uniform over the grid of (1 + k)/(1 + B), so that their mean is
  /// (1 + 1/(1 + B))/2 and its variance 1/12 at most; and numbers that no task differs in are at distance 0 with p = 1.
  @Test func aDesignDiffersFromItselfByChanceAlone() throws {
    let runs = 60
    var means: [String: Double] = [:]
    for run in 0..<UInt64(runs) {
      let distance = try DesignDistance(
        sample(Self.rows, seed: 2 * run, tasks: 20), sample(Self.rows, seed: 2 * run + 1, tasks: 20), permutations: 39,
        bootstraps: 2, seed: run)
      for name in ["rows", "regimes", "targets_per_regime", "observational_share", "shown_variables"] {
        guard let found = distance[name] else { continue }
        if name != "targets_per_regime" { #expect(found.value == 0 && found.pValue == 1) }
      }
      for name in ["target_shift", "descendant_shift", DesignDistance.joint] {
        means[name, default: 0] += try #require(distance[name]).pValue / Double(runs)
      }
    }
    for (name, mean) in means {
      #expect(abs(mean - (1 + 1.0 / 40) / 2) < 5 * (1.0 / 12 / Double(runs)).squareRoot(), "\(name)")
    }
    #expect(means.count == 3)
  }

  @Test func anotherNumberOfTargetsIsFound() throws {
    let two =
      #"{"n_samples": 20, "interventions": {"n_samples": 12, "regimes": 3, "targets": 2}, "hidden": {"count": 1}}"#
    let distance = try DesignDistance(sample(Self.rows), sample(two, seed: 1), permutations: 99, bootstraps: 20)
    let targets = try #require(distance["targets_per_regime"])
    // No relabelling is as far apart as the labels.
    #expect(targets.pValue == 0.01 && targets.value > targets.nullQuantile && targets.low > 0)
    #expect(try #require(distance[DesignDistance.joint]).pValue == 0.01)
    #expect(distance["regimes"]?.value == 0)
    #expect(distance.onlyFirst == [] && distance.onlySecond == [])
  }

  @Test func whatOneDesignAloneHasIsListed() throws {
    let effects = #"{"n_samples": 60, "query": 20, "effects": {}}"#
    let distance = try DesignDistance(sample(Self.rows), sample(effects), permutations: 9, bootstraps: 2)
    #expect(distance.onlyFirst.contains("regimes") && distance.onlyFirst.contains("confounded_pairs"))
    #expect(distance.onlySecond.contains("treated_share") && distance["treated_share"] == nil)
    #expect(distance["rows"]?.pValue == 0.1)
    #expect(distance.json.text.contains(#""only_second":["treated_share""#))
  }

  @Test func threadsAreNoMatterAndCancellationEndsIt() throws {
    let (a, b) = (try sample(Self.rows), try sample(Self.rows, seed: 1))
    let one = try DesignDistance(a, b, permutations: 19, bootstraps: 5).json
    #expect(try DesignDistance(a, b, permutations: 19, bootstraps: 5, threads: 3).json == one)
    #expect(try DesignDistance(a, b, permutations: 19, bootstraps: 5, seed: 1).json != one)
    #expect(throws: AnalysisCancelled.self) { try DesignDistance(a, b, isCancelled: { true }) }
    let single = try sample(Self.rows, tasks: 1)
    #expect(throws: ConfigError.self) { try DesignDistance(single, b) }
  }
}
