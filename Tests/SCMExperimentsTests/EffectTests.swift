import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import Testing

// Potential outcomes, conditional means and average effects against what linear algebra and the mechanisms themselves say: experiments.md §6.

@Suite struct EffectTests {
  private func design(_ effects: String = "", rows: Int = 400, query: Int = 100) throws -> Design {
    try Design(json: #"{"n_samples": \#(rows), "query": \#(query), "effects": {\#(effects)}}"#)
  }

  /// The nodes of a task that are treatment and outcome.
  private func pair(_ data: ExperimentData) throws -> (treatment: Int, outcome: Int) {
    let roles = try #require(data.integers("roles"))
    return (try #require(roles.firstIndex(of: 2)), try #require(roles.firstIndex(of: 3)))
  }

  @Test(arguments: 0..<12 as Range<UInt64>) func linearEffectsAreExact(seed: UInt64) throws {
    let family = try LinearSCM.family(nodes: 7)
    guard let instance = try? family.sampleTask(seed: seed), instance.graph.edgeCount > 0 else { return }
    let data = try instance.run(design())
    let (t, y) = try pair(data)
    let expected = try LinearSCM(instance).total[t][y]
    let ate = try #require(data.floats("ate"))[0]
    #expect(abs(Double(ate) - expected) < 1e-6 * (1 + abs(expected)))
    #expect(data.floats("ate_se") == [0])
    let (y0, y1) = try (#require(data.floats("y0")), #require(data.floats("y1")))
    let (mu0, mu1) = try (#require(data.floats("mu0")), #require(data.floats("mu1")))
    for r in y0.indices {
      #expect(abs(Double(y1[r] - y0[r]) - expected) < 2e-5 * (1 + abs(Double(y0[r]))))
      #expect(abs(Double(mu1[r] - mu0[r]) - expected) < 2e-5 * (1 + abs(Double(mu0[r]))))
    }
    #expect(data.floats("mu0_se")!.allSatisfy { $0 == 0 })
  }

  /// A unit's effect is not the conditional mean's: with noise between they differ, and the mean of many units of one row is the latter.
  @Test func unitsAndConditionalMeansDiffer() throws {
    let family = try SCMFamily(
      FamilyConfig(json: #"{"n_nodes": 6, "sparsity_param": 2, "mechanism_proportions": {"mlp": 1}}"#))
    var told = 0
    for seed in 0..<10 as Range<UInt64> {
      let data = try family.experiments(design(#""mu_draws": 200"#), seeds: [seed])
      let (y0, y1) = try (#require(data.floats("y0")), #require(data.floats("y1")))
      let (mu0, mu1) = try (#require(data.floats("mu0")), #require(data.floats("mu1")))
      let error = try #require(data.floats("mu1_se"))
      let unit = zip(y1, y0).map { Double($0 - $1) }
      let mean = zip(mu1, mu0).map { Double($0 - $1) }
      if zip(unit, mean).contains(where: { abs($0 - $1) > 1e-3 }) { told += 1 }
      // E[unit | row] is the conditional mean, so the mean of their difference is 0 within its error.
      let difference = zip(unit, mean).map { $0 - $1 }
      let m = difference.reduce(0, +) / Double(difference.count)
      let variance = difference.reduce(0) { $0 + ($1 - m) * ($1 - m) } / Double(difference.count - 1)
      let slack = Double(error.max() ?? 0)
      let band: Double = 5 * (variance / Double(difference.count)).squareRoot() + slack / 2 + 1e-6
      #expect(abs(m) <= band, "seed \(seed)")
    }
    #expect(told > 0)
  }

  /// Additive noise at a direct child with no way round: mu1 − mu0 = f(x, 1) − f(x, 0), which the unit's effect is as well.
  @Test func additiveNoiseCancels() throws {
    let family = try SCMFamily(
      FamilyConfig(json: #"{"n_nodes": 2, "sparsity_param": 0.5, "mechanism_proportions": {"gp": 1}}"#))
    for seed in 0..<6 as Range<UInt64> {
      let data = try family.experiments(design(), seeds: [seed])
      let (y0, y1) = try (#require(data.floats("y0")), #require(data.floats("y1")))
      let (mu0, mu1) = try (#require(data.floats("mu0")), #require(data.floats("mu1")))
      for r in y0.indices { #expect(abs((y1[r] - y0[r]) - (mu1[r] - mu0[r])) < 1e-4) }
    }
  }

  /// The observed outcome is that of the arm that was had.
  @Test(arguments: ["observed", "coin"]) func outcomesAreConsistent(assignment: String) throws {
    let family = try SCMFamily(FamilyConfig(json: #"{"n_nodes": 6, "mechanism_proportions": {"linear": 1, "mlp": 1}}"#))
    for seed in 0..<8 as Range<UInt64> {
      let data = try family.experiments(design(#""assignment": "\#(assignment)""#), seeds: [seed])
      let (t, y) = try (#require(data.floats("T_query")), #require(data.floats("Y_query")))
      let (y0, y1) = try (#require(data.floats("y0")), #require(data.floats("y1")))
      for r in t.indices { #expect(y[r].bitPattern == (t[r] == 1 ? y1[r] : y0[r]).bitPattern) }
      if assignment == "coin" {
        let treated = Double(t.count { $0 == 1 })
        #expect(abs(treated - 50) < 5 * 5)
      }
    }
  }

  /// P(T = 1) = Φ(a/√(1 + b²)) where the score is a + b·z with a standard normal z, and T is calibrated given the propensity.
  @Test(arguments: ["probit", "logistic"]) func propensitiesAreExact(kind: String) throws {
    let family = try LinearSCM.family(nodes: 5)
    let rows = 40_000
    for seed in 0..<6 as Range<UInt64> {
      let data = try family.experiments(
        design(
          #""treatment_kind": "\#(kind)", "treatment_slope": 1.5, "treatment_intercept": -0.4"#, rows: rows + 1,
          query: 1),
        seeds: [seed])
      let (t, p) = try (#require(data.floats("T")), #require(data.floats("propensity")))
      let order = p.indices.sorted { p[$0] < p[$1] }
      for bin in 0..<10 {
        let chosen = order[(bin * rows / 10)..<((bin + 1) * rows / 10)]
        let expected = chosen.reduce(0) { $0 + Double(p[$1]) }
        let variance = chosen.reduce(0) { $0 + Double(p[$1]) * (1 - Double(p[$1])) }
        #expect(
          abs(chosen.reduce(0) { $0 + Double(t[$1]) } - expected) <= 5 * variance.squareRoot() + 1e-9, "bin \(bin)")
      }
    }
  }

  /// Each row is treated by itself: where half are, the number of 64 rows has a binomial's variance, 16. That of 600 tasks has a
  /// standard error of 16·√(2/599), and would be 32 if rows shared their draws two by two.
  @Test(arguments: ["probit", "logistic"]) func rowsAreTreatedIndependently(kind: String) throws {
    let data = try LinearSCM.family(nodes: 4).experiments(
      design(
        #""treatment_kind": "\#(kind)", "treatment_slope": 0, "treatment_intercept": 0"#, rows: 65, query: 1),
      seeds: (0..<600).map { $0 })
    let t = try #require(data.floats("T"))
    let counts = (0..<600).map { task in Double(t[(task * 64)..<(task * 64 + 64)].count { $0 == 1 }) }
    let mean = counts.reduce(0, +) / 600
    let variance = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 599
    #expect(abs(mean - 32) < 5 * (16.0 / 600).squareRoot())
    #expect(abs(variance / 16 - 1) < 5 * (2.0 / 599).squareRoot())
  }

  /// Adjusting for the treatment's parents finds the average effect; not adjusting misses it by what confounds.
  @Test func adjustmentHasPower() throws {
    let family = try LinearSCM.family(nodes: 4, ["sparsity_param": .number(1.5)])
    var missed = 0
    for seed in 0..<8 as Range<UInt64> {
      let data = try family.experiments(
        design(#""covariates": "adjustment", "population_rows": 2"#, rows: 100_001, query: 1), seeds: [seed])
      let (x, t, y) = try (#require(data.floats("X")), #require(data.floats("T")), #require(data.floats("Y")))
      let ate = Double(try #require(data.floats("ate"))[0])
      let width = try #require(data.shape("X"))[2]
      let used = try #require(data.flags("covariate_mask")).count { $0 }
      var table: [Float] = []
      for r in t.indices { table += x[(r * width)..<(r * width + used)] + [t[r], y[r]] }
      let moments = Moments(table, width: used + 2, rows: Array(t.indices))
      // A binary treatment of a linear SCM: given its parents, the outcome is linear in T and what T's noise leads to is none of it.
      let adjusted = regression(of: used + 1, on: Array(0...used), moments.covariance, rows: t.count)[used]
      #expect(abs(adjusted.coefficient - ate) < 5 * adjusted.error, "seed \(seed)")
      let naive = regression(of: used + 1, on: [used], moments.covariance, rows: t.count)[0]
      if abs(naive.coefficient - ate) > 10 * naive.error { missed += 1 }
    }
    #expect(missed >= 2)
  }

  @Test func continuousTreatmentsHaveDoses() throws {
    let instance = try LinearSCM.family(nodes: 6).sampleTask(seed: 3)
    let data = try instance.run(design(#""treatment_kind": "continuous", "grid": 5, "population_rows": 4096"#))
    let (t, y) = try pair(data)
    let expected = try LinearSCM(instance).total[t][y]
    let (grid, yAt) = try (#require(data.floats("grid")), #require(data.floats("y_at")))
    let (dose, error) = try (#require(data.floats("dose_response")), #require(data.floats("dose_response_se")))
    #expect(grid == grid.sorted())
    for r in 0..<100 {
      for g in 1..<5 {
        let slope = Double(yAt[r * 5 + g] - yAt[r * 5]) / Double(grid[g] - grid[0])
        #expect(abs(slope - expected) < 1e-3 * (1 + abs(expected)))
      }
    }
    for g in 0..<5 { #expect(abs(Double(dose[g]) - expected * Double(grid[g])) < 5 * Double(error[g]) + 1e-6) }
  }

  /// The treatment that is a threshold of its node cuts at a quantile of its law.
  @Test func thresholdsAreQuantiles() throws {
    let family = try LinearSCM.family(nodes: 5)
    for seed in 0..<10 as Range<UInt64> {
      let data = try family.experiments(
        design(#""threshold_min": 0.5, "threshold_max": 0.5"#, rows: 10_001, query: 1), seeds: [seed])
      let share = Double(try #require(data.floats("T")).count { $0 == 1 }) / 10_000
      // The median of 256 rows is within 5·0.5/√256 of the law's in probability, and the share within 5·0.5/√10,000 of that.
      let slack: Double = 2.5 / 16 + 2.5 / 100
      #expect(abs(share - 0.5) < slack)
    }
  }
}
