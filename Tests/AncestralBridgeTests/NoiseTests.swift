import CAncestral
import SCMRandom
import Testing

/// Noise for mechanisms that live outside the engine.
@Suite struct NoiseTests {
  private func noise(_ family: Family, first: UInt64, rows: Int, draw: UInt32 = 0) throws -> [Float] {
    var out = [Float](repeating: .nan, count: rows * 4)
    try succeed(anc_noise_fill(family.handle, 11, 4, first, rows, draw, &out))
    return out
  }

  @Test(arguments: NoiseLaws.kinds)
  func isWhatTheEnginesOwnRootsRead(law: String) throws {
    let family = try Family(
      #"{"n_nodes": 4, "sparsity_param": 0, "root_policy": "noise", "noise_type": "\#(law)"}"#)
    let rows = try Instance(family, seed: 11).sample(600, draw: 3)
    #expect(try noise(family, first: 0, rows: 600, draw: 3) == rows)
    for (first, count) in [(1, 5), (255, 3), (130, 470), (599, 1)] {
      let part = try noise(family, first: UInt64(first), rows: count, draw: 3)
      #expect(part == Array(rows[(4 * first)..<(4 * (first + count))]), "rows \(first)")
    }
  }

  @Test func aMixturesNoiseIsThatOfTheSeedsOwnFamily() throws {
    func plain(_ law: String) -> String {
      #"{"n_nodes": 4, "sparsity_param": 0, "root_policy": "noise", "noise_type": "\#(law)"}"#
    }
    let mixture = try Family(#"{"mixture": [{"family": \#(plain("gaussian"))}, {"family": \#(plain("cauchy"))}]}"#)
    let families = [try Family(plain("gaussian")), try Family(plain("cauchy"))]
    var seen: Set<Int32> = []
    for seed in 0..<20 as Range<UInt64> {
      var (component, seed) = (Int32(-1), seed)
      try succeed(anc_family_components(mixture.handle, &seed, 1, &component))
      seen.insert(component)
      var (mixed, own) = ([Float](repeating: 0, count: 40), [Float](repeating: 1, count: 40))
      try succeed(anc_noise_fill(mixture.handle, seed, 4, 0, 10, 0, &mixed))
      try succeed(anc_noise_fill(families[Int(component)].handle, seed, 4, 0, 10, 0, &own))
      #expect(mixed == own, "seed \(seed)")
      #expect(try Instance(mixture, seed: seed).sample(10) == mixed, "seed \(seed)")
    }
    #expect(seen == [0, 1])
  }

  @Test func badArgumentsAreErrors() throws {
    let owner = try Family("{}")
    let family = owner.handle
    var out: Float = 7
    expectError(anc_noise_fill(nil, 0, 1, 0, 1, 0, &out), ANC_ERROR_CONFIG, "family = NULL")
    expectError(anc_noise_fill(family, 0, 1, 0, 1, 0, nil), ANC_ERROR_CONFIG, "out = NULL")
    expectError(anc_noise_fill(family, 0, 2049, 0, 1, 0, &out), ANC_ERROR_CONFIG, "n_nodes = 2049")
    expectError(anc_noise_fill(family, 0, hugeSize, 0, 1, 0, &out), ANC_ERROR_CONFIG, "n_nodes")
    expectError(anc_noise_fill(family, 0, 1, .max, 1, 0, &out), ANC_ERROR_CONFIG, "first_row = 18446744073709551615")
    expectError(anc_noise_fill(family, 0, 1, 0, hugeSize, 0, &out), ANC_ERROR_CONFIG, "rows")
    expectError(anc_noise_fill(family, 0, 1, 1 << 34, 1, 0, &out), ANC_ERROR_CONFIG, "rows = 1")
    expectError(anc_noise_fill(family, 0, 2048, 0, 1 << 34, 0, nil), ANC_ERROR_CONFIG)
    #expect(out == 7)
    #expect(anc_noise_fill(family, 0, 0, 0, 5, 0, nil) == ANC_OK)
    #expect(anc_noise_fill(family, 0, 5, 0, 0, 0, nil) == ANC_OK)
  }
}
