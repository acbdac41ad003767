import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import Testing

/// Batches of experiments whose memory is used again.
@Suite struct RefillTests {
  /// A batch's memory is used again by batches of as many tasks of the same design alone.
  @Test func aBatchIsRefilledByItsOwnDesign() throws {
    let family = try SCMFamily(FamilyConfig(json: #"{"n_nodes": 4, "sparsity_param": 1}"#))
    let design = try Design(json: #"{"n_samples": 20}"#)
    var data = try family.experiments(design, seeds: [1, 2])
    try family.experiments(design, seeds: [3, 4], into: &data)
    #expect(try data.floats("X") == family.experiments(design, seeds: [3, 4]).floats("X"))
    for (other, seeds) in [
      (#"{"n_samples": 20}"#, [1]), (#"{"n_samples": 21}"#, [1, 2]),
      (#"{"n_samples": 20, "outputs": ["truth_noise"]}"#, [1, 2]),
    ] as [(String, [UInt64])] {
      let other = try Design(json: other)
      #expect(throws: ConfigError.self) { try family.experiments(other, seeds: seeds, into: &data) }
    }
  }
}
