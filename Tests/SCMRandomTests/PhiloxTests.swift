import SCMRandom
import Testing

/// The bulk generator against Random123's own vectors and the specification's blocks.
struct PhiloxTests {
  @Test func matchesTheVectorsOfRandom123() throws {
    let vectors = try Vectors.load().philox4x32
    #expect(Set(vectors.map(\.rounds)) == [7, 10])
    for vector in vectors {
      let block = Philox4x32.block(counter: vector.counter.quadruple, key: vector.key.pair, rounds: vector.rounds)
      #expect(block == vector.block.quadruple, "\(vector)")
    }
  }

  @Test func tenRoundsAreTheStandard() {
    let (counter, key) = (SIMD4<UInt32>(1, 2, 3, 4), SIMD2<UInt32>(5, 6))
    #expect(Philox4x32.block(counter: counter, key: key) == Philox4x32.block(counter: counter, key: key, rounds: 10))
  }

  @Test func blocksOfATaskMatchTheSpecification() throws {
    let vectors = try Vectors.load()
    let key = vectors.block_seed.value
    for vector in vectors.blocks {
      let counter = SIMD4(vector.counter[0], vector.counter[1], vector.counter[2], vector.counter[3])
      let words = SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
      #expect(Philox4x32.block(counter: counter, key: words) == vector.block.quadruple, "\(vector)")
    }
  }

  @Test func aChangedBitOfCounterOrKeyChangesHalfOfTheBlock() {
    let counter = SIMD4<UInt32>(7, 0, 6, 1)
    let key = SIMD2<UInt32>(3, 0)
    let block = Philox4x32.block(counter: counter, key: key)
    var changed = 0
    for bit in 0..<192 {
      var (otherCounter, otherKey) = (counter, key)
      if bit < 128 { otherCounter[bit / 32] ^= 1 << UInt32(bit % 32) }
      if bit >= 128 { otherKey[bit / 32 - 4] ^= 1 << UInt32(bit % 32) }
      let difference = Philox4x32.block(counter: otherCounter, key: otherKey) ^ block
      changed += (0..<4).reduce(0) { $0 + difference[$1].nonzeroBitCount }
    }
    expectCount(changed, of: 192 * 128, probability: 0.5, "changed bits")
  }
}
