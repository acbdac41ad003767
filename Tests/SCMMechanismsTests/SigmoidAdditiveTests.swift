import Foundation
import SCMBase
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct SigmoidAdditiveTests {
  private func drawn(_ seed: Int) throws -> SigmoidAdditiveMechanism {
    let made = SigmoidAdditiveModel().makeMechanism(parentCount: 3, node: 1, key: TaskKey(seed: UInt64(seed)))
    return try #require(made as? SigmoidAdditiveMechanism)
  }

  @Test func equalsASumOfSoftSteps() throws {
    let mechanism = try drawn(4)
    let columns = (0..<4).map { normalColumn(600, site: $0) }
    let values = evaluate(mechanism, columns)
    for row in 0..<600 {
      var sum = Double(mechanism.additiveNoise.scale) * Double(columns[3][row])
      for i in 0..<3 {
        let t = Double(mechanism.slopes[i]) * Double(columns[i][row] + mechanism.shifts[i])
        sum += Double(mechanism.heights[i]) * t / (1 + abs(t))
      }
      #expect(abs(Double(values[row]) - sum) < 2e-6, "row \(row)")
    }
  }

  /// Of a parent U(−1, 1) without shift: mean 0, second moment a²·(1 − 2·log(1 + b)/b + 1/(1 + b)), plus σ².
  @Test func hasTheMomentsOfItsClosedForm() {
    var parent = [Float](repeating: 0, count: 200_000)
    NoiseSource(.uniform).fill(&parent, first: 0, key: TaskKey(seed: 3), site: 0)
    let mechanism = SigmoidAdditiveMechanism(
      heights: [1.5], slopes: [2], shifts: [0], additiveNoise: AdditiveNoise(scale: 0.5))
    let values = Sample(evaluate(mechanism, [parent.map { $0 / Float(3).squareRoot() }, normalColumn(200_000)]))
    #expect(abs(values.deviationsFromMean(0)) < 5)
    #expect(abs(values.deviationsFromVariance(2.25 * (1 - log(3.0) + 1.0 / 3) + 0.25)) < 5)
  }

  @Test func parametersHaveThePapersLaws() throws {
    let drawn = try (0..<800).map { try self.drawn($0) }
    let heights = drawn.flatMap(\.heights).map { Double($0) - 1 }
    #expect(heights.allSatisfy { $0 >= 0 })
    #expect(abs(Sample(heights).deviationsFromMean(0.25)) < 5)
    #expect(abs(Sample(heights).deviationsFromVariance(0.0625)) < 5)
    let slopes = drawn.flatMap(\.slopes)
    #expect(slopes.allSatisfy { (0.5...2).contains(abs($0)) })
    #expect(abs(Sample(slopes).deviationsFromVariance(1.75)) < 5)
    let shifts = drawn.flatMap(\.shifts)
    #expect(shifts.allSatisfy { abs($0) <= 2 })
    #expect(abs(Sample(shifts).deviationsFromMean(0)) < 5)
    #expect(abs(Sample(shifts).deviationsFromVariance(4.0 / 3)) < 5)
  }

  @Test func refusesAnEmptyRange() {
    var model = SigmoidAdditiveModel()
    model.slopeMin = 3
    #expect(throws: ConfigError.self) { try model.check() }
  }
}
