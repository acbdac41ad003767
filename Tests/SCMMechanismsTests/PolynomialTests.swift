import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct PolynomialTests {
  private func mechanism(_ coefficients: [Float], degree: Int, scale: Float = 0.5) -> PolynomialMechanism {
    PolynomialMechanism(coefficients: coefficients, degree: degree, additiveNoise: AdditiveNoise(scale: scale))
  }

  @Test(arguments: [(1, 1), (3, 2), (2, 3), (5, 6)])
  func equalsTheSumOfPowers(parentCount: Int, degree: Int) {
    let coefficients = normalColumn(parentCount * degree, seed: 5)
    let columns = (0...parentCount).map { normalColumn(600, site: $0) }
    let values = evaluate(mechanism(coefficients, degree: degree), columns)
    for row in 0..<600 {
      var (sum, size) = (0.5 * Double(columns[parentCount][row]), 1.0)
      for parent in 0..<parentCount {
        var power = 1.0
        for k in 0..<degree {
          power *= Double(columns[parent][row])
          sum += Double(coefficients[parent * degree + k]) * power
          size += abs(power)
        }
      }
      #expect(abs(Double(values[row]) - sum) < 1e-6 * size, "row \(row)")
    }
  }

  /// a·z + b·z² + σε of a normal z has mean b and variance a² + 2b² + σ².
  @Test func hasTheMomentsOfItsClosedForm() {
    let values = Sample(
      evaluate(mechanism([0.8, -0.6], degree: 2), [normalColumn(200_000), normalColumn(200_000, site: 1)]))
    #expect(abs(values.deviationsFromMean(-0.6)) < 5)
    #expect(abs(values.deviationsFromVariance(0.64 + 0.72 + 0.25)) < 5)
  }

  /// The k-th power's coefficient has variance scale²/(2k − 1)‼: 1, 3, 15 and 105.
  @Test func everyPowerIsAsLarge() throws {
    var model = PolynomialModel()
    (model.degree, model.weightScale) = (4, 2)
    let drawn = try (0..<1000).map { seed in
      try #require(
        model.makeMechanism(parentCount: 3, node: 2, key: TaskKey(seed: UInt64(seed))) as? PolynomialMechanism)
    }
    for (k, moment) in [1.0, 3, 15, 105].enumerated() {
      let weights = Sample(drawn.flatMap { made in (0..<3).map { made.coefficients[4 * $0 + k] } })
      #expect(abs(weights.deviationsFromMean(0)) < 5)
      #expect(abs(weights.deviationsFromVariance(4 / moment)) < 5, "power \(k + 1)")
    }
  }

  @Test func aRootIsItsNoise() {
    let root = PolynomialModel().makeMechanism(parentCount: 0, node: 2, key: TaskKey(seed: 3))
    #expect(root is LinearMechanism)
  }
}
