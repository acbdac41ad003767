import Foundation
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct LogSpaceTests {
  private func mechanism(_ weights: [Float], offset: Float, scale: Float = 0.5) -> LogSpaceMechanism {
    LogSpaceMechanism(weights: weights, offset: offset, exponentNoise: AdditiveNoise(scale: scale))
  }

  @Test(arguments: [0, 1, 2.5] as [Float]) func equalsAPlainProductOfPowers(offset: Float) {
    let columns = (0..<3).map { normalColumn(600, site: $0) }
    let values = evaluate(mechanism([0.7, -0.4], offset: offset), columns)
    for row in 0..<600 {
      let logarithms = (0..<2).map { log(Double(offset) + abs(Double(columns[$0][row]))) }
      let exponent = 0.7 * logarithms[0] - 0.4 * logarithms[1] + 0.5 * Double(columns[2][row])
      #expect(abs(Double(values[row]) / exp(exponent) - 1) < 2e-6, "row \(row)")
    }
  }

  /// Without an offset, of log-normal parents: log X is normal with variance Σ w² + σ².
  @Test func logarithmsAreLinearWithoutAnOffset() {
    let parents = (0..<2).map { site in normalColumn(100_000, site: site).map { exp($0) } }
    let values = evaluate(mechanism([0.7, -0.4], offset: 0), parents + [normalColumn(100_000, site: 2)])
    let logarithms = Sample(values.map { log(Double($0)) })
    #expect(abs(logarithms.deviationsFromMean(0)) < 5)
    #expect(abs(logarithms.deviationsFromVariance(0.49 + 0.16 + 0.25)) < 5)
    // A normal kurtosis, whose standard error is √(24/n).
    #expect(abs(logarithms.kurtosis - 3) < 5 * (24.0 / 100_000).squareRoot())
  }

  /// A root is log-normal: mean e^(σ²/2), variance (e^σ² − 1)·e^σ².
  @Test func aRootIsLogNormal() {
    let values = Sample(evaluate(mechanism([], offset: 1), [normalColumn(200_000)]))
    #expect(abs(values.deviationsFromMean(exp(0.125))) < 5)
    #expect(abs(values.deviationsFromVariance((exp(0.25) - 1) * exp(0.25))) < 5)
  }

  @Test func aParentOfZeroCountsAsTheLeastNormalNumber() {
    let values = evaluate(mechanism([0.5, -0.5], offset: 0, scale: 0), [[0, 0], [1, 0], [1, 1]])
    #expect(abs(values[0] / 0x1p-63 - 1) < 1e-5)
    #expect(values[1] == 1)
  }

  @Test func whatIsBeyondAFloatIsNotCut() {
    let values = evaluate(mechanism([3, 0], offset: 0, scale: 1), [[1e13, 1e-20], [1, 1], [0, 0]])
    #expect(values == [.infinity, 0])
  }

  @Test func weightsAreNormal() throws {
    let weights = try (0..<500).flatMap { seed in
      let made = LogSpaceModel().makeMechanism(parentCount: 4, node: 1, key: TaskKey(seed: UInt64(seed)))
      return try #require(made as? LogSpaceMechanism).weights
    }
    #expect(abs(Sample(weights).deviationsFromMean(0)) < 5)
    #expect(abs(Sample(weights).deviationsFromVariance(0.25)) < 5)
  }
}
