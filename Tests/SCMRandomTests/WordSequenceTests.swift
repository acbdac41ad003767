import SCMRandom
import Testing

/// Reading the words of one address in order.
struct WordSequenceTests {
  let key = TaskKey(seed: 99)

  @Test func shortWordsAreTheLanesOfBlocksInOrder() {
    var words = key.words(site: 3, purpose: .graph, draw: 7)
    for t in 0..<1000 {
      #expect(words.next32() == key.block(UInt32(t / 4), site: 3, purpose: .graph, draw: 7)[t % 4], "word \(t)")
    }
  }

  @Test func longWordsAreTheHalvesOfBlocksInOrder() {
    var words = key.words(site: 3, purpose: .graph, draw: 7)
    for t in 0..<1000 {
      #expect(words.next64() == key.block(UInt32(t / 2), site: 3, purpose: .graph, draw: 7).word64(t % 2), "word \(t)")
    }
  }

  @Test func aNumberBelowACountIsTheHighHalfOfAProduct() {
    var (words, numbers) = (key.words(purpose: .user), key.words(purpose: .user))
    for count in [1, 2, 3, 10, 1 << 20, .max] {
      let expected = words.next64().multipliedFullWidth(by: UInt64(count)).high
      #expect(numbers.next(below: count) == Int(expected))
    }
  }

  @Test func numbersBelowACountAreUniform() {
    var words = key.words(purpose: .user)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<700_000 { counts[words.next(below: 7)] += 1 }
    #expect(abs(chiSquareDeviation(counts)) < 5, "\(counts)")
  }

  @Test func aCopyReadsTheSameWords() {
    var words = key.words(purpose: .user)
    _ = words.next32()
    var copy = words
    #expect((0..<10).map { _ in words.next32() } == (0..<10).map { _ in copy.next32() })
  }
}
