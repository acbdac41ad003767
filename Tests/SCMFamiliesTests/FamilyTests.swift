import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMTestSupport
import Testing

/// Families that are composed in code.
@Suite struct FamilyTests {
  private func family(_ counts: ClosedRange<Int>, calibrationRows: Int = 256) throws -> SCMFamily {
    try SCMFamily(
      nodeCounts: counts, graphGenerator: ErdosRenyi(edgesPerNode: 1),
      mechanismFactory: MixedMechanisms([(LinearModel(), 1)]), calibrationRows: calibrationRows)
  }

  @Test func compositionEqualsTheConfigurationOfTheSameParts() throws {
    let composed = try family(10...10)
    let configured = try SCMFamily(json: #"{"n_nodes": 10, "sparsity_param": 1}"#)
    #expect(try composed.sampleTask(seed: 3).sample(20) == configured.sampleTask(seed: 3).sample(20))
    #expect(composed.config == nil)
    #expect(configured.config?.nodeCount == 10)
  }

  @Test(arguments: [0...3, 5...65_537, -4...2])
  func refusesNodeCountsOutOfRange(counts: ClosedRange<Int>) {
    #expect(throws: ConfigError.self) { try family(counts) }
  }

  @Test(arguments: [0, 15, 65_537, -1])
  func refusesCalibrationRowsOutOfRange(rows: Int) {
    #expect(throws: ConfigError.self) { try family(3...3, calibrationRows: rows) }
  }

  @Test func aGraphThatTheGeneratorCannotDrawShowsAtTheTask() throws {
    let family = try SCMFamily(
      nodeCounts: 3...3, graphGenerator: ErdosRenyi(edgesPerNode: 2),
      mechanismFactory: MixedMechanisms([(LinearModel(), 1)]))
    #expect(throws: ConfigError.self) { try family.sampleTask(seed: 1) }
  }
}
