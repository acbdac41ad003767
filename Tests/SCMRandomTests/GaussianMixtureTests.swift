import SCMRandom
import Testing

/// The components of a node's mixture; its law as a whole is held against its closed form with those of the other laws.
struct GaussianMixtureTests {
  private static let drawn = (0..<2000).map {
    GaussianMixtureNoise().components(key: TaskKey(seed: UInt64($0)), site: 3)
  }

  @Test func isStandardised() {
    for parts in Self.drawn {
      let count = Double(parts.means.count)
      #expect(abs(parts.means.reduce(0, +)) < 1e-12)
      let variance = parts.means.reduce(0) { $0 + $1 * $1 } / count + parts.deviation * parts.deviation
      #expect(abs(variance - 1) < 1e-12)
    }
  }

  /// Each number from 2 to 6 has probability 1/5: five deviations of 2000 are 5·√320 = 89.4.
  @Test func everyNumberOfComponentsIsAsLikely() {
    for count in 2...6 {
      let found = Self.drawn.count { $0.means.count == count }
      #expect(abs(found - 400) <= 89, "\(count): \(found)")
    }
    let two = (0..<100).map { GaussianMixtureNoise(mostComponents: 2).components(key: TaskKey(seed: $0), site: 0) }
    #expect(two.allSatisfy { $0.means.count == 2 })
  }

  /// Two means at ±m with m² + s² = 1: the kurtosis is 3 − 2m⁴.
  @Test func theKurtosisOfTwoComponentsIsItsClosedForm() {
    for parts in Self.drawn where parts.means.count == 2 {
      let square = parts.means[0] * parts.means[0]
      #expect(abs(parts.kurtosis - (3 - 2 * square * square)) < 1e-12)
    }
  }

  /// Means of the raw law are U(−7.5, 7.5) with deviation 1: the standardised difference of two of them over a component's deviation is
  /// a difference of two uniforms, with variance 2·7.5²/3.
  @Test func componentsLieAsFarApartAsTheSpreadSays() {
    let gaps = Self.drawn.map { ($0.means[0] - $0.means[1]) / $0.deviation }
    let square = gaps.reduce(0) { $0 + $1 * $1 } / 2000
    // E g⁴ of such a difference, of width w = 15: w⁴/15, against E g² = w²/6.
    let deviation = (15.0 * 15 * 15 * 15 / 15 - 37.5 * 37.5).squareRoot() / 2000.0.squareRoot()
    #expect(abs(square - 37.5) < 5 * deviation, "\(square)")
    #expect(gaps.allSatisfy { abs($0) <= 15 })
  }

  @Test func anotherNodeHasAnotherMixtureAndAllRowsOfANodeTheSame() {
    let (law, key) = (GaussianMixtureNoise(), TaskKey(seed: 7))
    #expect(law.components(key: key, site: 1) == law.components(key: key, site: 1))
    #expect(law.components(key: key, site: 1) != law.components(key: key, site: 2))
    #expect(law.components(key: key, site: 1) != law.components(key: TaskKey(seed: 8), site: 1))
  }
}
