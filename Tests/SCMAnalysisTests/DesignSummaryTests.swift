import SCMAnalysis
import SCMBase
import SCMExperiments
import SCMFamilies
import Testing

@Suite struct DesignSummaryTests {
  private func means(_ design: String, _ family: String = #"{"n_nodes": 6, "sparsity_param": 1.5}"#) throws -> [String:
    Double]
  {
    let summary = try DesignSummary(
      SCMFamily(FamilyConfig(json: family)), Design(json: design), taskCount: 60, threads: 2)
    return Dictionary(uniqueKeysWithValues: summary.laws.map { ($0.name, $0.law.mean) })
  }

  @Test func interventionsAreCounted() throws {
    let found = try means(
      #"{"n_samples": 150, "interventions": {"n_samples": 50, "regimes": 5, "kind": "shift", "values": "uniform", "value_min": 100, "#
        + #""value_max": 100, "values_per": "regime"}}"#)
    #expect(found["rows"] == 200 && found["observational_share"] == 0.75)
    #expect(found["regimes"] == 5 && found["targets_per_regime"] == 1)
    // A shift of 100 is far above any deviation of six linear nodes; descendants move by it times a path's weight.
    #expect(found["target_shift"]! > 10 && found["descendant_shift"]! > 1)
    #expect(found["ate"] == nil && found["treated_share"] == nil)
  }

  @Test func hiddenCausesAreShared() throws {
    let found = try means(#"{"n_samples": 5, "hidden": {"count": 1, "which": "confounders", "scarcity": "redraw"}}"#)
    #expect(found["shown_variables"] == 5)
    // One hidden cause of two children or more links one pair of ten at least.
    #expect(found["confounded_pairs"]! >= 0.1)
    #expect(try means(#"{"n_samples": 5}"#)["confounded_pairs"] == nil)
  }

  @Test func effectsAreOnTheOutcomesScale() throws {
    let effects = #"{"n_samples": 300, "query": 50, "effects": {"treatment_kind": "logistic", "treatment_slope": 0}}"#
    let found = try means(effects)
    // A coin: half are treated, nothing confounds, and the propensity is 1/2 everywhere.
    #expect(abs(found["treated_share"]! - 0.5) < 5 * 0.5 / (250.0 * 60).squareRoot())
    #expect(abs(found["least_propensity"]! - 0.5) < 1e-6)
    // The difference of two means of 125 rows: E|N(0, s²)| = 0.8·s with s = √(4/250) of the outcome's own deviation, at most.
    #expect(found["confounding_bias"]! < 1.5 * 0.8 * (4.0 / 250).squareRoot())
    // In a linear family all units have one effect.
    #expect(found["effect_spread"]! < 1e-5 && found["average_effect"]! > 0.1)
  }

  @Test func threadsAndSeedsAreThose() throws {
    let family = try SCMFamily(FamilyConfig(json: #"{"n_nodes": 5}"#))
    let design = try Design(json: #"{"n_samples": 20, "interventions": {"n_samples": 10, "regimes": 2}}"#)
    let one = try DesignSummary(family, design, taskCount: 20).json
    #expect(try DesignSummary(family, design, taskCount: 20, threads: 3).json == one)
    #expect(try DesignSummary(family, design, taskCount: 20, seed: 1).json != one)
    #expect(throws: AnalysisCancelled.self) {
      try DesignSummary(family, design, taskCount: 20, isCancelled: { true })
    }
  }

  @Test func holesBoundsAndBinsAreCounted() throws {
    let found = try means(
      #"{"n_samples": 400, "observation": {"missing_rate": 0.3, "censored_share": 0.5, "censored_min": 0.2, "censored_max": 0.2}}"#
    )
    // Cells are missing one by one, and those that are seen censored at a quantile of the law, in closed form.
    let cells: Double = 400 * 6 * 60
    let missing = abs(found["missing_cells"]! - 0.3)
    #expect(missing < 5 * (0.21 / cells).squareRoot())
    // Half of the columns are censored, each in a fifth of its cells.
    let censored = abs(found["censored_cells"]! - 0.1)
    #expect(censored < 5 * (0.16 / (0.7 * cells)).squareRoot())
    #expect(found["rounded_cells"] == nil && found["retries"] == nil)
    let rounded = try means(
      #"{"n_samples": 400, "observation": {"missing": "none", "rounded_share": 0.5, "censored_share": 0.5}}"#)
    // Three of six columns each, chosen apart from each other.
    #expect(rounded["rounded_cells"] == 0.5 && rounded["missing_cells"] == nil)
    #expect(rounded["censored_cells"]! > 0 && rounded["censored_cells"]! < 0.25)
  }

  @Test func retriesOfSelectionAreCounted() throws {
    let found = try means(
      #"{"n_samples": 400, "selection": {"kept": 0.25}, "interventions": {"n_samples": 400, "regimes": 4}}"#)
    // The number of draws of a row is geometric: mean 4, variance 12; rows under interventions are not among them.
    let rows: Double = 400 * 60
    let error = 5 * (12 / rows).squareRoot()
    let (retries, kept) = (abs(found["retries"]! - 3), abs(found["kept_share"]! - 0.25))
    #expect(retries < error)
    #expect(kept < error / 16 + 0.01)
  }

  @Test func holesMoveNoMeans() throws {
    let shifted =
      #""interventions": {"n_samples": 300, "regimes": 2, "values": "normal", "value_mean": 50, "value_deviation": 0.1}"#
    let whole = try means(#"{"n_samples": 300, \#(shifted)}"#)
    let holed = try means(#"{"n_samples": 300, \#(shifted), "observation": {"missing_rate": 0.5}}"#)
    // A hole that counted as 0 would halve how far a target's mean moves, and change the deviations besides.
    let ratio = holed["target_shift"]! / whole["target_shift"]!
    #expect(abs(ratio - 1) < 0.1)
  }
}
