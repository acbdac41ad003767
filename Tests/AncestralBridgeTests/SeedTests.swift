import CAncestral
import Testing

@Suite struct SeedTests {
  private func stream(_ base: UInt64, offset: Int64, epoch: Int64 = -1, first: UInt64 = 0, count: Int = 3) throws
    -> [UInt64]
  {
    var seeds = [UInt64](repeating: 0, count: count)
    try succeed(anc_stream_seeds(base, offset, epoch, first, count, &seeds))
    return seeds
  }

  // Vectors of the specification.
  @Test func streamsHaveTheSpecificationsSeeds() throws {
    #expect(try stream(0, offset: 0) == [0xD8CD_638C_AF23_E049, 0x89CF_5C60_A4DC_2331, 0x08B4_E950_702F_761C])
    #expect(try stream(0, offset: 7) == [0x8EC9_65EC_C9FE_7817, 0x9A29_9E53_EAAC_46CC, 0x9F5C_2953_CD1B_8E4F])
    #expect(try stream(42, offset: 0, first: 1, count: 1) == [0xE327_2B66_C888_3967])
  }

  @Test func fixedSetsHaveTheSpecificationsSeeds() throws {
    var seeds = [UInt64](repeating: 0, count: 3)
    try succeed(anc_fixed_seeds(42, 0, 3, &seeds))
    #expect(seeds == [0x35C9_A338_6AB7_F269, 0xA09B_6DA9_5D20_E7F4, 0x3F9B_1AF9_B1A3_389A])
  }

  @Test func retriesHaveTheSpecificationsSeeds() throws {
    var seed: UInt64 = 0
    try succeed(anc_retry_seed(0xD8CD_638C_AF23_E049, 1, &seed))
    #expect(seed == 0x573F_D89D_9E25_472E)
    try succeed(anc_retry_seed(0xD8CD_638C_AF23_E049, 2, &seed))
    #expect(seed == 0x0D49_1D45_3B2C_E846)
  }

  @Test func epochsAndTheElasticOrderAreOtherStreams() throws {
    let all = try [-1, 0, 1].flatMap { epoch in
      try [-1, 0, 5].flatMap { try stream(3, offset: $0, epoch: epoch, count: 100) }
    }
    #expect(Set(all).count == 900)
  }

  @Test func numbersMayRunToTheEndOf64BitsAndOn() throws {
    #expect(try stream(.max, offset: .max, epoch: .max, first: .max, count: 2).count == 2)
    #expect(try stream(1, offset: -1, first: .max, count: 2)[1] == (try stream(1, offset: -1, count: 1))[0])
  }

  @Test func noSeedsNeedNoMemory() {
    #expect(anc_stream_seeds(0, 0, 0, 0, 0, nil) == ANC_OK)
    #expect(anc_fixed_seeds(0, 0, 0, nil) == ANC_OK)
  }

  @Test func badArgumentsAreErrors() {
    var seed: UInt64 = 0
    expectError(anc_stream_seeds(0, -2, -1, 0, 1, &seed), ANC_ERROR_CONFIG, "offset = -2")
    expectError(anc_stream_seeds(0, 0, .min, 0, 1, &seed), ANC_ERROR_CONFIG, "epoch = -9223372036854775808")
    expectError(anc_stream_seeds(0, 0, -1, 0, 1, nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_fixed_seeds(0, 0, 1, nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_stream_seeds(0, 0, -1, 0, hugeSize, &seed), ANC_ERROR_CONFIG, "count")
    expectError(anc_fixed_seeds(0, 0, .max, &seed), ANC_ERROR_CONFIG, "count")
  }
}
