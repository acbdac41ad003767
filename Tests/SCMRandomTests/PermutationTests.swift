import SCMRandom
import Testing

/// Fisher–Yates from the words of one address.
struct PermutationTests {
  @Test func permutationsMatchTheSpecification() throws {
    let vectors = try Vectors.load()
    for expected in vectors.permutations {
      var words = TaskKey(seed: vectors.block_seed.value).words(purpose: .permutation)
      #expect(words.permutation(of: expected.count) == expected)
    }
  }

  @Test func nothingAndOneThingHaveOneOrder() {
    var words = TaskKey(seed: 0).words(purpose: .permutation)
    #expect(words.permutation(of: 0) == [])
    #expect(words.permutation(of: 1) == [0])
  }

  @Test func everyPermutationIsComplete() {
    for seed in 0..<20 as Range<UInt64> {
      var words = TaskKey(seed: seed).words(purpose: .permutation)
      #expect(words.permutation(of: 257).sorted() == Array(0..<257), "seed \(seed)")
    }
  }

  @Test func allOrdersOfFourAreEquallyLikely() {
    var counts: [[Int]: Int] = [:]
    for seed in 0..<100_000 as Range<UInt64> {
      var words = TaskKey(seed: seed).words(purpose: .permutation)
      counts[words.permutation(of: 4), default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(abs(chiSquareDeviation(Array(counts.values))) < 5, "\(counts)")
  }
}
