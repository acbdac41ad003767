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

  @Test(arguments: [0, 1, 2, 3, 20, 64, 129, 130, 1000]) func manyWordsAtOnceGiveTheSameOrder(count: Int) {
    let key = TaskKey(seed: 31)
    var words = key.words(purpose: .permutation)
    #expect(key.permutation(of: count, purpose: .permutation) == words.permutation(of: count))
  }

  /// Against the plain version: swaps from the last place down, one word of 32 bits each.
  @Test(arguments: [0, 1, 2, 3, 20, 513, 1000]) func quickPermutationsAreThoseOfSwaps(count: Int) {
    let key = TaskKey(seed: 31)
    var words = key.words(purpose: .rowOrder, draw: 4)
    var order = Array(0..<Int32(count))
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int((UInt64(words.next32()) * UInt64(last + 1)) >> 32))
    }
    #expect(key.quickPermutation(of: count, purpose: .rowOrder, draw: 4) == order)
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
