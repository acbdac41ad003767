import SCMRandom
import Testing

/// Which seed a task gets, against the specification's vectors.
struct SeedSequenceTests {
  @Test func trainingKeysMatchTheSpecification() throws {
    for vector in try Vectors.load().training {
      #expect(SeedSequence.training(base: vector.base).key == vector.key.value, "\(vector)")
    }
  }

  @Test func streamsMatchTheSpecification() throws {
    for vector in try Vectors.load().streams {
      let stream = SeedSequence.stream(base: vector.base, offset: vector.offset)
      #expect(stream.key == vector.key.value, "\(vector)")
      #expect(vector.seeds.indices.map { stream[UInt64($0)] } == vector.seeds.map(\.value), "\(vector)")
    }
  }

  @Test func retriesMatchTheSpecification() throws {
    for vector in try Vectors.load().streams {
      for (index, retry) in vector.retries_of_seed_0.enumerated() {
        let seed = SeedSequence.retry(of: vector.seeds[0].value, attempt: UInt32(index + 1))
        #expect(seed == retry.value, "\(vector) attempt \(index + 1)")
      }
    }
  }

  @Test func fixedSeedsMatchTheSpecification() throws {
    for vector in try Vectors.load().fixed {
      let fixed = SeedSequence.fixed(base: vector.base)
      #expect(vector.seeds.indices.map { fixed[UInt64($0)] } == vector.seeds.map(\.value), "\(vector)")
    }
  }

  @Test func regionsAndAnalysesShareNoSeed() {
    let fixed = SeedSequence.fixed(base: 3)
    #expect(SeedSequence.fixed(base: 3, region: 0) == fixed)
    #expect(SeedSequence.fixed(base: 3, region: 2)[5] == fixed[2 << 32 + 5])
    #expect(SeedSequence.fixed(base: 3, region: 1 << 31 - 1)[.max >> 32] == fixed[1 << 63 - 1])
    #expect(SeedSequence.analysis(base: 3)[0] == fixed[1 << 63])
  }

  @Test func attemptZeroIsTheSeedItself() {
    #expect(SeedSequence.retry(of: 12345, attempt: 0) == 12345)
  }

  @Test func theElasticOrderIsOneSequenceForAllWorkers() throws {
    let key = try #require(try Vectors.load().training.first).key.value
    #expect(SeedSequence.training(base: 0)[5] == Threefry2x32.derive(key: key, data: 5))
  }

  @Test func numbersBeyond32BitsCount() {
    let seeds = SeedSequence.training(base: 0)
    #expect(seeds[1 << 32] != seeds[0])
    #expect(SeedSequence.training(base: 1 << 63).key != SeedSequence.training(base: 0).key)
    #expect(seeds[.max] != seeds[.max - 1])
  }
}
