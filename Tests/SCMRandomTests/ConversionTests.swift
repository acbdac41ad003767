import SCMRandom
import Testing

/// From words to reals without rounding (numerics 1.6).
struct ConversionTests {
  /// Word 0 of the specification's block (0, 0, 0, 0).
  let word: UInt64 = 0xC58C_B04B_B850_222E

  @Test func aBlockIsTwoLongWordsLowWordFirst() throws {
    let vectors = try Vectors.load()
    let block = try #require(vectors.blocks.first).block.quadruple
    #expect(block.word64(0) == word)
    #expect(block.word64(1) == 0x7A84_FFF9_14A7_A020)
  }

  @Test func theSpecificationsWordGivesItsReals() {
    #expect(Double(unit: word) == 0.7716779885161604)
    #expect(Double(unit: word).bitPattern == 0x3FE8_B196_0977_0A04)
    #expect(Double(positiveUnit: word).bitPattern == 0x3FE8_B196_0977_0A05)
    #expect(Double(openUnit: word).bitPattern == 0x3FE8_B196_0977_0A05)
  }

  @Test func allZeroAndAllOneWordsStayInTheirIntervals() {
    #expect(Double(unit: 0) == 0)
    #expect(Double(unit: .max) == 1 - 0x1p-53)
    #expect(Double(positiveUnit: 0) == 0x1p-53)
    #expect(Double(positiveUnit: .max) == 1)
    #expect(Double(openUnit: 0) == 0x1p-53)
    #expect(Double(openUnit: .max) == 1 - 0x1p-53)
    #expect(Float(unit: 0) == 0)
    #expect(Float(unit: .max) == 1 - 0x1p-24)
  }

  @Test func conversionsAreTheirFormulas() {
    var words = TaskKey(seed: 1).words(purpose: .user)
    for _ in 0..<100_000 {
      let word = words.next64()
      #expect(Double(unit: word) == Double(word >> 11) * 0x1p-53)
      #expect(Double(positiveUnit: word) == Double((word >> 11) + 1) * 0x1p-53)
      #expect(Double(openUnit: word) == (Double(word >> 12) + 0.5) * 0x1p-52)
      #expect(Float(unit: UInt32(word >> 32)) == Float(word >> 40) * 0x1p-24)
    }
  }

  @Test func theOpenUnitIsSymmetric() {
    var words = TaskKey(seed: 2).words(purpose: .user)
    for word in [0, 1, 0xFFF, 0x1000, .max] + (0..<10_000).map({ _ in words.next64() }) {
      #expect(Double(openUnit: ~word) == 1 - Double(openUnit: word), "word \(word)")
    }
  }

  @Test func bernoulliComparesIntegers() {
    // ⌊0.2·2³²⌋ = 858993459.
    #expect(Bernoulli(0.2).holds(858_993_458))
    #expect(!Bernoulli(0.2).holds(858_993_459))
    #expect(Bernoulli(0x1p-32).holds(0))
    #expect(!Bernoulli(0x1p-32).holds(1))
  }

  @Test func probabilityOneAlwaysHoldsAndZeroNever() {
    for word in [0, 1, 0x7FFF_FFFF, 0x8000_0000, .max] as [UInt32] {
      #expect(Bernoulli(1).holds(word))
      #expect(!Bernoulli(0).holds(word))
    }
  }

  @Test func probabilitiesBeyondTheirRangeAreClamped() {
    #expect(Bernoulli(1.5).holds(.max))
    #expect(Bernoulli(.infinity).holds(.max))
    #expect(!Bernoulli(-0.5).holds(0))
  }
}
