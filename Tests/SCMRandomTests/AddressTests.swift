import SCMRandom
import Testing

/// Where a task's words come from: key, purpose, site, draw, block and attempt (numerics 1.5).
struct AddressTests {
  let key = TaskKey(seed: 0x0123_4567_89AB_CDEF)

  /// These numbers are in every task's bits; new purposes come after them.
  @Test func purposesHaveTheirNumbers() {
    let purposes: [TaskKey.Purpose] = [
      .graph, .permutation, .mechanismKind, .weights, .noiseParameter, .noise, .auxiliaryNoise, .latent,
      .kernelParameter, .frequencies, .featureWeights, .gaussianProcess, .calibration, .blocks, .user, .family,
    ]
    #expect(purposes.map(\.rawValue) == Array(1...16))
  }

  @Test func anAddressIsTheCounterOfItsBlock() throws {
    let words = SIMD2<UInt32>(0x89AB_CDEF, 0x0123_4567)
    #expect(
      key.block(5, site: 2, purpose: .graph, draw: 9)
        == Philox4x32.block(counter: SIMD4(5, 2, 1, 9), key: words))
    // An attempt stands in the upper half of the purpose's word.
    #expect(
      key.block(5, site: 2, purpose: .noise, draw: 9, attempt: 3)
        == Philox4x32.block(counter: SIMD4(5, 2, 6 | 3 << 16, 9), key: words))
    let vector = try #require(try Vectors.load().blocks.first { $0.counter == [0, 3, 6, 0] })
    #expect(key.block(0, site: 3, purpose: .noise) == vector.block.quadruple)
  }

  @Test func everyPartOfAnAddressCounts() {
    var blocks: Set<SIMD4<UInt32>> = [key.block(0, purpose: .noise)]
    blocks.insert(key.block(1, purpose: .noise))
    blocks.insert(key.block(0, site: 1, purpose: .noise))
    blocks.insert(key.block(0, purpose: .latent))
    blocks.insert(key.block(0, purpose: .noise, draw: 1))
    blocks.insert(key.block(0, purpose: .noise, attempt: 1))
    blocks.insert(TaskKey(seed: key.seed ^ 1).block(0, purpose: .noise))
    blocks.insert(TaskKey(seed: key.seed ^ 1 << 63).block(0, purpose: .noise))
    #expect(blocks.count == 8)
  }
}
