import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMRandom
import Testing

@Suite struct SizeTests {
  private func family() throws -> SCMFamily {
    try SCMFamily(FamilyConfig(json: #"{"n_nodes": 3, "sparsity_param": 1}"#))
  }

  @Test(arguments: ["uniform", "log_uniform"]) func numbersOfRowsHaveTheirLaw(law: String) throws {
    let tasks = 4000
    let data = try family().experiments(
      Design(json: #"{"n_samples": 5, "n_samples_max": 24, "n_samples_law": "\#(law)"}"#),
      seeds: (0..<UInt64(tasks)).map { $0 })
    let mask = try #require(data.flags("row_mask"))
    let sizes = (0..<tasks).map { task in mask[(task * 24)..<(task * 24 + 24)].count { $0 } }
    let shares = (5...24).map { n in
      law == "uniform" ? 1.0 / 20 : Elementary.log(Double(n + 1) / Double(n)) / Elementary.log(25.0 / 5)
    }
    let statistic = zip(5...24, shares).reduce(0) { sum, pair in
      let expected = pair.1 * Double(tasks)
      let found = Double(sizes.count { $0 == pair.0 })
      return sum + (found - expected) * (found - expected) / expected
    }
    // χ² of 19 degrees of freedom: mean 19, variance 38.
    #expect(statistic < 19 + 5 * 38.0.squareRoot())
    let x = try #require(data.floats("X"))
    for task in 0..<tasks { #expect(x[((task * 24 + sizes[task]) * 3)..<((task + 1) * 24 * 3)].allSatisfy { $0 == 0 }) }
  }

  @Test func rowsOfTwoSizesAgree() throws {
    let instance = try family().sampleTask(seed: 4)
    let small = try instance.run(Design(json: #"{"n_samples": 333}"#))
    let large = try instance.run(Design(json: #"{"n_samples": 1400, "query": 0.25}"#))
    #expect(try #require(small.floats("X")) == Array(#require(large.floats("X")).prefix(333 * 3)))
    #expect(large.integers("split") == [1050])
  }

  @Test func aBatchHasOneSizeThatItsFirstTaskDecides() throws {
    let design = try Design(json: #"{"n_samples": 5, "n_samples_max": 24, "n_samples_per": "per_batch"}"#)
    var sizes: Set<Int> = []
    for first in 0..<40 as Range<UInt64> {
      let batch = try family().experiments(design, seeds: [first, 77])
      let other = try family().experiments(design, seeds: [first, 78, 79])
      let rows = try #require(batch.shape("X"))[1]
      #expect(try #require(other.shape("X"))[1] == rows)
      #expect(batch.flags("row_mask") == nil)
      sizes.insert(rows)
    }
    #expect(sizes.count > 10)
  }
}
