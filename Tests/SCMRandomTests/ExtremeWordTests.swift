import SCMRandom
import Testing

/// A generator of zeros and one of ones.
///
/// Philox can be inverted, so among 2³² keys one has a block of all zeros at an address with the purpose `auxiliaryNoise`,
/// and another one of all ones. Student's t takes its angles from that purpose, so its eight words are all alike there.
struct ExtremeWordTests {
  private struct Place {
    let key: TaskKey
    let block, site, draw, word: UInt32
    var firstRow: Int { 4 * Int(block) }
  }

  private static func places() throws -> [Place] {
    try Vectors.load().constant_blocks.map { vector in
      Place(
        key: TaskKey(seed: vector.seed.value), block: vector.counter[0], site: vector.counter[1],
        draw: vector.counter[3], word: vector.block.values[0])
    }
  }

  private func rows(_ source: NoiseSource, _ place: Place) -> [Float] {
    var rows = [Float](repeating: .nan, count: 4)
    source.fill(
      &rows, first: place.firstRow, key: place.key, site: place.site, purpose: .auxiliaryNoise, draw: place.draw)
    return rows
  }

  @Test func thePlacesHoldNothingButZerosAndNothingButOnes() throws {
    let places = try Self.places()
    #expect(places.map(\.word) == [0, .max])
    for place in places {
      let block = place.key.block(place.block, site: place.site, purpose: .auxiliaryNoise, draw: place.draw)
      #expect(block == SIMD4(repeating: place.word))
    }
  }

  @Test(arguments: ExactLaw.all) func everyLawStaysFinite(_ law: ExactLaw) throws {
    for place in try Self.places() {
      #expect(rows(law.source, place).allSatisfy { $0.isFinite }, "\(law.name) of words \(place.word)")
    }
  }

  /// √(2 ln 2³²) = 6.660 is as far as a Float32 normal goes.
  @Test func zerosAreTheLargestNormalsAndOnesTheSmallest() throws {
    let places = try Self.places()
    #expect(rows(NoiseSource(.gaussian), places[0]) == [6.6604366, 0, 6.6604366, 0])
    #expect(rows(NoiseSource(.gaussian), places[1]).allSatisfy { $0 == 0 })
  }

  /// Words of zeros are u = 2⁻³² with the sign +, words of ones u = 1 with the sign −.
  @Test func extremesLieWhereTheirLawsPutThem() throws {
    let places = try Self.places()
    func values(_ law: some NoiseLaw) -> [Float] { places.map { rows(NoiseSource(law), $0)[0] } }
    #expect(values(.exponential) == [32 * 0.6931472 - 1, -1])
    #expect(values(.laplace) == [32 * 0.6931472 * 0.70710678, 0])
    #expect(values(.uniform) == [0.5 * 0x1p-23 * 1.7320508, -0.5 * 0x1p-23 * 1.7320508])
    #expect(values(.logistic) == [33 * 0.6931472 * 0.55132890, 0])
    let gumbel = values(.gumbel)
    #expect(gumbel[0] > 16.8 && gumbel[1] < -2.6, "\(gumbel)")
    // cot π2⁻³³ and cot ½π.
    let cauchy = values(.cauchy)
    #expect(abs(cauchy[0] / (0x1p33 / .pi) - 1) < 1e-6 && cauchy[1] == 0, "\(cauchy)")
  }

  @Test(arguments: [0.3, 1, 2.5, 10]) func gammaStaysPositiveAndFinite(shape: Double) throws {
    for place in try Self.places() {
      let value = Gamma(shape: shape, scale: 1).sample(
        place.block, key: place.key, site: place.site, purpose: .auxiliaryNoise, draw: place.draw)
      #expect(value > 0 && value.isFinite, "shape \(shape), words \(place.word): \(value)")
    }
  }
}
