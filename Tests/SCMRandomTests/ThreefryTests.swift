import SCMRandom
import Testing

/// The keyed bijection against Random123's own vectors.
struct ThreefryTests {
  @Test func matchesTheVectorsOfRandom123() throws {
    let vectors = try Vectors.load().threefry2x32
    #expect(Set(vectors.map(\.rounds)) == [13, 20, 32])
    for vector in vectors {
      let block = Threefry2x32.block(vector.counter.pair, key: vector.key.pair, rounds: vector.rounds)
      #expect(block == vector.block.pair, "\(vector)")
    }
  }

  /// The last of these vectors is the `fold_in` of JAX and MLX.
  @Test func derivesKeysWithTheHighHalfFirst() throws {
    for vector in try Vectors.load().derived {
      #expect(Threefry2x32.derive(key: vector.key.value, data: vector.data.value) == vector.result.value, "\(vector)")
    }
  }

  @Test func neverMapsTwoIndicesOfOneKeyToTheSameSeed() {
    let derived = Set((0..<100_000).map { Threefry2x32.derive(key: 0x0123_4567_89AB_CDEF, data: $0) })
    #expect(derived.count == 100_000)
  }
}
