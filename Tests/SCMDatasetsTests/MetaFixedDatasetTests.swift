import SCMDatasets
import SCMFamilies
import SCMGraphs
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct MetaFixedDatasetTests {
  private func family() throws -> SCMFamily { try SCMFamily(json: #"{"n_nodes": 6, "sparsity_param": 1}"#) }

  @Test func elementIIsAlwaysTheTaskOfSeedI() throws {
    let set = try MetaFixedDataset(family(), seeds: [5, 1 << 63, 5], sampleCount: 30)
    #expect(set.count == 3)
    #expect(set[1].instance.seed == 1 << 63)
    #expect(try set[1].samples == family().sampleTask(seed: 1 << 63).sample(30))
    #expect(set[0].samples == set[2].samples)
    #expect(set.map(\.samples) == set.indices.map { set[$0].samples })
  }

  @Test func defaultSeedsAreThoseOfTheBaseSeed() throws {
    let set = try MetaFixedDataset(family(), taskCount: 4, baseSeed: 42, sampleCount: 1)
    #expect(set.seeds == (0..<4).map { SeedSequence.fixed(base: 42)[$0] })
    #expect(set.seeds.first == 0x35C9_A338_6AB7_F269)
  }

  @Test func aLongerSetStartsWithTheShorterOne() throws {
    let long = try MetaFixedDataset(family(), taskCount: 9, sampleCount: 5)
    let short = try MetaFixedDataset(family(), taskCount: 4, sampleCount: 5)
    #expect(long.prefix(4).map(\.samples) == short.map(\.samples))
  }

  @Test func anEmptySetIsASet() throws {
    let set = try MetaFixedDataset(family(), taskCount: 0, sampleCount: 5)
    #expect(set.isEmpty)
    #expect(set.graphHashes().count == 0)
  }

  @Test func hashesAreThoseOfItsGraphs() throws {
    let set = try MetaFixedDataset(family(), taskCount: 9, sampleCount: 1)
    for level in GraphLevel.allCases {
      let hashes = set.graphHashes(level: level)
      #expect(hashes.level == level)
      #expect(hashes.digests == Set(set.map { $0.instance.adjacency.digest(level: level) }))
    }
  }

  @Test func fixedAndTrainingSeedsShareNothing() throws {
    let fixed = SeedSequence.fixed(base: 0)
    let training = SeedSequence.training(base: 0)
    let all = Set((0..<10_000).map { fixed[$0] } + (0..<10_000).map { training[$0] })
    #expect(all.count == 20_000)
  }

  @Test func anErrorShowsWhenTheSetIsMade() throws {
    let exploding = try SCMFamily(json: #"{"n_nodes": 30, "sparsity_param": 14.5, "linear_weight_scale": 1000000}"#)
    #expect(throws: SamplingError.self) { try MetaFixedDataset(exploding, taskCount: 2, sampleCount: 5) }
  }
}
