import SCMBase
import SCMExperiments
import SCMFamilies
import Testing

@Suite struct RowTests {
  /// Rows without an intervention are those of the same task without a design, whatever parts the design has.
  @Test(arguments: [
    #"{"n_samples": 700}"#,
    #"{"n_samples": 700, "interventions": {"n_samples": 60, "regimes": 5}}"#,
    #"{"n_samples": 700, "knowledge": {}, "outputs": ["cpdag", "ancestors", "order", "truth_noise"]}"#,
    #"{"n_samples": 700, "query": 0.3, "interventions": {"n_samples": 33, "regimes": 4, "noise": "shared"}}"#,
  ])
  func observationalRowsAreTheTasksOwn(json: String) throws {
    var config = FamilyConfig()
    config.nodeCount = 7
    config.mechanismProportions = ["linear": 1, "mlp": 1, "gp": 1]
    for mode in FamilyConfig.Standardization.allCases {
      config.standardization = mode
      let instance = try SCMFamily(config).sampleTask(seed: 11)
      let rows = try instance.sample(700).values
      let x = try #require(try instance.run(Design(json: json)).floats("X"))
      #expect(x.prefix(700 * 7).elementsEqual(rows), "\(mode)")
    }
  }
}
