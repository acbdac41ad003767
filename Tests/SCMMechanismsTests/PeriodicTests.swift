import Foundation
import SCMBase
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct PeriodicTests {
  private func mechanism(_ amplitude: Float, _ frequency: Float, _ phase: Float) -> PeriodicMechanism {
    PeriodicMechanism(
      amplitudes: [amplitude], frequencies: [frequency], phases: [phase], additiveNoise: AdditiveNoise(scale: 0.5))
  }

  /// Also after thousands of turns, of which the fraction counts.
  @Test(arguments: [0.3, 7, 1000] as [Float]) func equalsACosine(frequency: Float) {
    let columns = (0..<2).map { normalColumn(600, site: $0) }
    let values = evaluate(mechanism(2, frequency, 0.125), columns)
    for row in 0..<600 {
      let turns = Double(frequency) * Double(columns[0][row]) + 0.125
      let expected = 2 * cos(2 * .pi * (turns - turns.rounded())) + 0.5 * Double(columns[1][row])
      #expect(abs(Double(values[row]) - expected) < 4e-6, "row \(row)")
    }
  }

  /// Of a normal parent: mean a·cos(2πφ)·e^(−2π²f²), second moment ½a²·(1 + cos(4πφ)·e^(−8π²f²)), plus σ².
  @Test func hasTheMomentsOfItsClosedForm() {
    let (a, f, phase) = (1.5, 0.15, 0.1)
    let values = Sample(
      evaluate(mechanism(1.5, 0.15, 0.1), [normalColumn(200_000), normalColumn(200_000, site: 1)]))
    let mean = a * cos(2 * .pi * phase) * exp(-2 * .pi * .pi * f * f)
    let square = 0.5 * a * a * (1 + cos(4 * .pi * phase) * exp(-8 * .pi * .pi * f * f))
    #expect(abs(values.deviationsFromMean(mean)) < 5)
    #expect(abs(values.deviationsFromVariance(square - mean * mean + 0.25)) < 5)
  }

  @Test func parametersAreUniform() throws {
    let drawn = try (0..<800).map { seed in
      let made = PeriodicModel().makeMechanism(parentCount: 3, node: 1, key: TaskKey(seed: UInt64(seed)))
      return try #require(made as? PeriodicMechanism)
    }
    for (values, least, most) in [
      (drawn.flatMap(\.amplitudes), 0.5, 2), (drawn.flatMap(\.frequencies), 0.1, 0.5),
      (drawn.flatMap(\.phases), -0.5, 0.5),
    ] as [([Float], Double, Double)] {
      #expect(values.allSatisfy { (Float(least)...Float(most)).contains($0) })
      #expect(abs(Sample(values).deviationsFromMean((least + most) / 2)) < 5)
      #expect(abs(Sample(values).deviationsFromVariance((most - least) * (most - least) / 12)) < 5)
    }
  }

  @Test func refusesEmptyRanges() {
    for place in [\PeriodicModel.amplitudeMin, \.frequencyMin] {
      var model = PeriodicModel()
      model[keyPath: place] = 5
      #expect(throws: ConfigError.self) { try model.check() }
    }
  }
}
