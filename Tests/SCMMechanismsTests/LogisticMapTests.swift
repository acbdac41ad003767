import Foundation
import SCMBase
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct LogisticMapTests {
  private func mechanism(_ weights: [Float], rate: Float, steps: Int, noise: Float = 0) -> LogisticMapMechanism {
    LogisticMapMechanism(
      weights: weights, rate: rate, steps: steps, scale: 3, additiveNoise: AdditiveNoise(scale: noise))
  }

  @Test(arguments: [1, 2, 4]) func equalsThePlainMap(steps: Int) {
    let columns = (0..<3).map { normalColumn(600, site: $0) }
    let values = evaluate(mechanism([0.8, -0.5], rate: 3.7, steps: steps, noise: 0.5), columns)
    for row in 0..<600 {
      let sum = 0.8 * Double(columns[0][row]) - 0.5 * Double(columns[1][row])
      var u = 1 / (1 + exp(-sum))
      for _ in 0..<steps { u = Double(Float(3.7)) * u * (1 - u) }
      let expected = 3 * (u - 0.5) + 0.5 * Double(columns[2][row])
      // A step magnifies an error by up to r.
      #expect(abs(Double(values[row]) - expected) < 1e-6 * pow(3.7, Double(steps)), "row \(row)")
    }
  }

  /// A logistic parent makes u uniform, and 4u(1 − u) has mean 2/3 and variance 4/45.
  @Test func hasTheMomentsOfItsClosedForm() {
    var parent = [Float](repeating: 0, count: 200_000)
    NoiseSource(.logistic).fill(&parent, first: 0, key: TaskKey(seed: 3), site: 0)
    let weight = Float(Double.pi / 3.0.squareRoot())
    let values = Sample(evaluate(mechanism([weight], rate: 4, steps: 1), [parent, normalColumn(200_000)]))
    #expect(abs(values.deviationsFromMean(3 * (2.0 / 3 - 0.5))) < 5)
    #expect(abs(values.deviationsFromVariance(9 * 4.0 / 45)) < 5)
  }

  @Test func staysInItsRangeWhateverItReads() {
    let values = evaluate(mechanism([1], rate: 4, steps: 6), [[-1e30, -40, 0, 40, 1e30], [0, 0, 0, 0, 0]])
    #expect(values.allSatisfy { (-1.5...1.5).contains($0) })
  }

  @Test func parametersHaveTheirLaws() throws {
    let drawn = try (0..<1000).map { seed in
      let made = LogisticMapModel().makeMechanism(parentCount: 3, node: 1, key: TaskKey(seed: UInt64(seed)))
      return try #require(made as? LogisticMapMechanism)
    }
    #expect(drawn.allSatisfy { (3.57...4).contains($0.rate) })
    #expect(abs(Sample(drawn.map(\.rate)).deviationsFromMean(3.785)) < 5)
    #expect(abs(Sample(drawn.map(\.rate)).deviationsFromVariance(0.43 * 0.43 / 12)) < 5)
    #expect(abs(Sample(drawn.flatMap(\.weights)).deviationsFromVariance(1)) < 5)
  }

  @Test func refusesAnEmptyRange() {
    var model = LogisticMapModel()
    model.rateMax = 3
    #expect(throws: ConfigError.self) { try model.check() }
  }
}
