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
    try succeed(anc_fixed_seeds(42, nil, 0, 3, &seeds))
    #expect(seeds == [0x35C9_A338_6AB7_F269, 0xA09B_6DA9_5D20_E7F4, 0x3F9B_1AF9_B1A3_389A])
  }

  /// Those of the Swift library's set of the same name, from any place on; and analyses begin where no set's region lies.
  @Test func aSetsNameAndAnalysesHaveSeedsOfTheirOwn() throws {
    var seeds = [UInt64](repeating: 0, count: 2)
    try succeed(anc_fixed_seeds(0, "test/id", 0, 2, &seeds))
    #expect(seeds == [0xD991_1BFD_9E9D_098A, 0x2ACF_5703_BFF8_24CF])
    try succeed(anc_fixed_seeds(42, "val", 1, 1, &seeds))
    #expect(seeds[0] == 0x09CC_27C6_B91C_837E)
    try succeed(anc_analysis_seeds(7, 2, &seeds))
    var far = seeds
    try succeed(anc_fixed_seeds(7, nil, 1 << 63, 2, &far))
    #expect(seeds == far)
    expectError(anc_analysis_seeds(7, 2, nil), ANC_ERROR_CONFIG, "out = NULL")
  }

  @Test func attemptsEndWhereAsManyGraphsWereReserved() throws {
    var reserved: OpaquePointer?
    try succeed(anc_reserved_create([UInt8](repeating: 1, count: 64), 2, ANC_LEVEL_MEC, &reserved))
    defer { _ = anc_reserved_free(reserved) }
    var (bounded, free): (UInt64, UInt64) = (0, 1)
    try succeed(anc_retry_seed(reserved, 5, 9999, &bounded))
    try succeed(anc_retry_seed(nil, 5, 9999, &free))
    #expect(bounded == free)
    expectError(
      anc_retry_seed(reserved, 5, 10_000, &bounded), ANC_ERROR_DISJOINT,
      "task seed 5: 10000 graphs in a row are among the 1 reserved ones at level 'mec'")
    #expect(anc_retry_seed(nil, 5, .max, &free) == ANC_OK)
  }

  @Test func retriesHaveTheSpecificationsSeeds() throws {
    var seed: UInt64 = 0
    try succeed(anc_retry_seed(nil, 0xD8CD_638C_AF23_E049, 1, &seed))
    #expect(seed == 0x573F_D89D_9E25_472E)
    try succeed(anc_retry_seed(nil, 0xD8CD_638C_AF23_E049, 2, &seed))
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
    #expect(anc_fixed_seeds(0, nil, 0, 0, nil) == ANC_OK)
  }

  @Test func badArgumentsAreErrors() {
    var seed: UInt64 = 0
    expectError(anc_stream_seeds(0, -2, -1, 0, 1, &seed), ANC_ERROR_CONFIG, "offset = -2")
    expectError(anc_stream_seeds(0, 0, .min, 0, 1, &seed), ANC_ERROR_CONFIG, "epoch = -9223372036854775808")
    expectError(anc_stream_seeds(0, 0, -1, 0, 1, nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_fixed_seeds(0, nil, 0, 1, nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_stream_seeds(0, 0, -1, 0, hugeSize, &seed), ANC_ERROR_CONFIG, "count")
    expectError(anc_fixed_seeds(0, nil, 0, .max, &seed), ANC_ERROR_CONFIG, "count")
  }
}
