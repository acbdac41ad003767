import SCMRandom
import Testing

/// What goes wrong with `base_seed + rank * num_workers + worker_id` as a seed, and does not here (numerics 1.4).
///
/// Its hazard (c), a loader without workers, is a matter of who computes the offset.
struct SeedHazardTests {
  @Test func neighbouringBasesAndOffsetsShareNoStream() {
    var keys: Set<UInt64> = []
    for base in 0..<64 as Range<UInt64> {
      for offset in 0..<64 as Range<UInt64> { keys.insert(SeedSequence.stream(base: base, offset: offset).key) }
    }
    #expect(keys.count == 4096)
  }

  @Test func equalSumsOfBaseAndOffsetAreDifferentStreams() {
    #expect(SeedSequence.stream(base: 0, offset: 1) != SeedSequence.stream(base: 1, offset: 0))
  }

  @Test func theSeedsOfEightStreamsAreAllDifferent() {
    var seeds: Set<UInt64> = []
    for offset in 0..<8 as Range<UInt64> {
      let stream = SeedSequence.stream(base: 0, offset: offset)
      for index in 0..<1000 as Range<UInt64> { seeds.insert(stream[index]) }
    }
    #expect(seeds.count == 8000)
  }

  @Test func anEpochChangesEverySeed() {
    let epochs = [nil, 0, 1, 2].map { SeedSequence.stream(base: 0, offset: 3, epoch: $0) }
    let seeds = Set(epochs.flatMap { epoch in (0..<1000).map { epoch[$0] } })
    #expect(seeds.count == 4000)
  }

  @Test func anEpochIsNotAnOffset() {
    for number in 0..<64 as Range<UInt64> {
      #expect(SeedSequence.training(base: 0, epoch: number) != SeedSequence.stream(base: 0, offset: number))
    }
  }

  @Test func fixedSetsShareNoSeedWithTraining() {
    let fixed = Set((0..<10_000).map { SeedSequence.fixed(base: 0)[$0] })
    let training = [SeedSequence.training(base: 0), SeedSequence.stream(base: 0, offset: 0)]
    for sequence in training { #expect(fixed.isDisjoint(with: (0..<10_000).map { sequence[$0] })) }
  }

  @Test func aRetryIsNotTheNextTask() {
    let stream = SeedSequence.stream(base: 0, offset: 0)
    let seeds = Set((0..<1000).map { stream[$0] })
    let retries = (0..<1000).flatMap { task in (1...3).map { SeedSequence.retry(of: stream[task], attempt: $0) } }
    #expect(Set(retries).count == 3000)
    #expect(seeds.isDisjoint(with: retries))
  }

  @Test func seedsUseAll64Bits() {
    let stream = SeedSequence.training(base: 0)
    for bit in 0..<64 as Range<UInt64> {
      let ones = (0..<4096).count { stream[$0] >> bit & 1 == 1 }
      expectCount(ones, of: 4096, probability: 0.5, "bit \(bit)")
    }
  }
}
