import SCMBase
import SCMExperiments
import SCMFamilies
import SCMTestSupport
import Testing

/// What a design's options contradict, by themselves or for a family.
@Suite struct DesignCheckTests {
  @Test(arguments: [
    (#""effects": {"threshold_min": 0.7, "threshold_max": 0.4}"#, "effects.threshold_min"),
    (#""effects": {"treatment": "graph", "outcome": "any"}"#, "effects.outcome"),
    (#""observation": {"rounded_share": 1, "bins_min": 9, "bins_max": 8}"#, "observation.bins_min"),
    (#""observation": {"censored_share": 1, "censored_min": 0.7, "censored_max": 0.4}"#, "observation.censored_min"),
    (#""interventions": {"n_samples": 4, "regimes": 2, "regimes_max": 9}"#, "interventions.regimes_max"),
    (#""interventions": {"values": "signed_uniform", "value_min": -1}"#, "interventions.value_min"),
    (#""effects": {}, "interventions": {}"#, "interventions"),
    (#""effects": {}, "selection": {}"#, "selection"),
    (#""effects": {}, "observation": {}"#, "observation"),
    (#""effects": {}, "outputs": ["truth_noise"]"#, "outputs"),
    (#""counterfactuals": {}"#, "counterfactuals"),
    (#""outputs": ["complete"]"#, "outputs"),
    (#""hidden": {}, "outputs": ["cpdag"]"#, "outputs"),
  ])
  func contradictionsNameTheirField(part: String, path: String) throws {
    let error = try #require(throws: ConfigError.self) { try Design(json: "{\"n_samples\": 20, \(part)}") }
    #expect(error.path == "design.\(path)", "\(error)")
  }

  @Test func theSignOfUniformValuesIsTheirOwn() throws {
    _ = try Design(json: #"{"n_samples": 20, "interventions": {"values": "uniform", "value_min": -1, "value_max": 1}}"#)
  }

  /// An effect needs two nodes, and a column with holes one beside it that is seen.
  @Test(arguments: [
    (#""effects": {}"#, "design.effects.treatment"),
    (#""observation": {"missing": "mar"}"#, "design.observation.missing"),
  ])
  func aSingleNodeIsTooFew(part: String, path: String) throws {
    let design = try Design(json: "{\"n_samples\": 20, \(part)}")
    let error = try #require(throws: ConfigError.self) { try design.check(nodeCounts: 1...3) }
    #expect(error.path == path)
    try design.check(nodeCounts: 2...3)
  }

  /// A confounder has two children, so that of n nodes at most n - 2 are confounders.
  @Test func moreConfoundersThanTwoChildrenAllowAreRefused() throws {
    let design = try Design(
      json: #"{"n_samples": 20, "hidden": {"which": "confounders", "count": 2, "scarcity": "redraw"}}"#)
    let error = try #require(throws: ConfigError.self) { try design.check(nodeCounts: 3...3) }
    #expect(error.path == "design.hidden.which" && error.reason.contains("2 are hidden of 3 nodes"), "\(error)")
    try design.check(nodeCounts: 3...4)
  }

  @Test(arguments: [(5, false), (6, true)]) func theNumberOfRegimesIsToldWhereItDiffers(most: Int, isTold: Bool) throws
  {
    let design = try Design(json: "{\"interventions\": {\"n_samples\": 30, \"regimes\": 5, \"regimes_max\": \(most)}}")
    let layout = try Layout(design, of: SCMFamily(json: #"{"n_nodes": 6}"#))
    #expect(layout.entries.contains { $0.name == "n_regimes" } == isTold)
  }

  /// Options that change nothing where they stand tell no two designs apart; the others do.
  @Test func designsAreEqualByWhatTheySay() throws {
    func design(_ text: String) throws -> Design { try Design(json: "{\"n_samples\": 20\(text)}") }
    let observed = #", "observation": {"missing": "mcar""#
    #expect(try design("") == design(""))
    #expect(try design("") != design(observed + "}"))
    #expect(try design(observed + "}") == design(observed + #", "missing_causes": 5}"#))
    let caused = #", "observation": {"missing": "mar""#
    #expect(try design(caused + "}") != design(caused + #", "missing_causes": 5}"#))
  }
}
