import SCMRandom
import Testing

/// Every law of the noise against its exact distribution function and moments.
struct NoiseLawTests {
  private func draws(_ law: ExactLaw) -> [Float] {
    var rows = [Float](repeating: 0, count: 1_000_000)
    law.source.fill(&rows, first: 0, key: ExactLaw.address.key, site: ExactLaw.address.site)
    return rows
  }

  @Test func everyLawIsHeldAgainstItsExactForm() {
    #expect(Set(ExactLaw.all.map(\.source.kind)) == Set(NoiseLaws.kinds), "ExactLaw.all has another list of laws")
  }

  @Test(arguments: ExactLaw.all) func followsTheExactLaw(_ law: ExactLaw) {
    expectLaw(draws(law), law.name, cdf: law.cdf)
  }

  /// Mean, variance, skewness and kurtosis, as far as the band's own moments exist.
  @Test(arguments: ExactLaw.all.filter { !$0.moments.isEmpty }) func hasTheExactMoments(_ law: ExactLaw) {
    expectMoments(draws(law), law.name, moments: law.moments)
  }

  /// The specification's skewness and excess kurtosis.
  @Test(arguments: [
    (ExactLaw.exponential, 2, 6), (.laplace, 0, 3), (.logistic, 0, 1.2), (.gumbel, 1.1395470994, 2.4),
    (.uniform, 0, -1.2), (.studentT(10, moments: 8), 0, 1),
  ]) func hasTheMomentsOfTheSpecification(_ law: ExactLaw, skewness: Double, excess: Double) {
    #expect(law.moments[0] == 0)
    #expect(abs(law.moments[1] - 1) < 1e-12)
    #expect(abs(law.moments[2] - skewness) < 1e-10, "\(law.name)")
    #expect(abs(law.moments[3] - 3 - excess) < 1e-10, "\(law.name)")
  }

  /// The variance exists above 2 only; close to 2 nearly all of it is in the tails, yet no value is lost.
  @Test func studentTNearTwoDegreesOfFreedomStaysFiniteAndNotZero() {
    var rows = [Float](repeating: 0, count: 100_000)
    for excess in [1e-3, 1e-6, 1e-9, 1e-12] {
      NoiseSource(.studentT(degreesOfFreedom: 2 + excess)).fill(&rows, first: 0, key: TaskKey(seed: 0), site: 0)
      #expect(rows.allSatisfy { $0.isFinite && $0 != 0 }, "2 + \(excess) degrees of freedom")
    }
  }

  @Test func theUniformLawIsTheWordItself() {
    let key = TaskKey(seed: 8)
    var rows = [Float](repeating: 0, count: 1000)
    NoiseSource(.uniform).fill(&rows, first: 0, key: key, site: 2, draw: 3)
    for (row, value) in rows.enumerated() {
      let word = key.block(UInt32(row / 4), site: 2, purpose: .noise, draw: 3)[row % 4]
      #expect(value == (Float(Int32(bitPattern: word) >> 8) + 0.5) * (0x1p-23 * 1.7320508), "row \(row)")
    }
  }

  @Test func theLawDoesNotMoveTheWords() {
    // All of these are increasing functions of 31 bits of the word and odd in its last one.
    let laws: [any NoiseLaw] = [LaplaceNoise(), LogisticNoise(), CauchyNoise()]
    let signs = laws.map { law -> [Bool] in
      var rows = [Float](repeating: 0, count: 4096)
      NoiseSource(law).fill(&rows, first: 0, key: TaskKey(seed: 8), site: 2)
      return rows.map { $0.sign == .minus }
    }
    #expect(signs[0] == signs[1])
    #expect(signs[0] == signs[2])
  }
}
