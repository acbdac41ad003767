import Foundation
import SCMRandom
import Testing

/// The Gamma law of Marsaglia and Tsang.
struct GammaTests {
  private static let shapes = [0.3, 1, 2.5, 10]

  private func draws(_ shape: Double, scale: Double = 1, count: UInt32 = 200_000) -> [Double] {
    let gamma = Gamma(shape: shape, scale: scale)
    return (0..<count).map { gamma.sample($0, key: TaskKey(seed: 12), site: 3, purpose: .noiseParameter) }
  }

  @Test(arguments: shapes) func followsTheExactLaw(shape: Double) {
    expectLaw(draws(shape), "gamma of shape \(shape)") { gammaCDF($0, shape: shape) }
  }

  /// E xᵏ = a (a + 1) … (a + k − 1).
  @Test(arguments: shapes) func hasTheExactMoments(shape: Double) {
    let moments = (1...8).map { k in (0..<k).reduce(1) { $0 * (shape + Double($1)) } }
    expectMoments(draws(shape), "gamma of shape \(shape)", moments: moments)
  }

  @Test func theScaleIsAFactor() {
    let (unit, scaled) = (draws(2.5, count: 1000), draws(2.5, scale: 0.4, count: 1000))
    for (one, other) in zip(unit, scaled) { #expect(other == one * 0.4) }
  }

  /// Attempt 0 written out with Foundation's functions is the draw wherever it was accepted.
  @Test(arguments: zip([1, 2.5, 10], [0.9517, 0.9861, 0.9971]))
  func acceptsItsFirstAttemptAsOftenAsThePaperSays(shape: Double, acceptance: Double) {
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    let values = draws(shape)
    var accepted = 0
    var worst = Worst<Int>()
    for (index, value) in values.enumerated() {
      let block = TaskKey(seed: 12).block(UInt32(index), site: 3, purpose: .noiseParameter)
      let radius = (-2 * log((Double(block.x) + 0.5) * 0x1p-32)).squareRoot()
      let x = radius * cos(2 * .pi * (Double(block.y) * 0x1p-32 - 0.5))
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      let u = Double(openUnit: block.word64(1))
      let isAccepted = v > 0 && log(u) < 0.5 * x * x + d * (1 - v + log(v))
      if isAccepted {
        accepted += 1
        worst.note(abs(value / (d * v) - 1), at: index)
      }
    }
    #expect(worst.error < 1e-12, "shape \(shape): \(worst)")
    expectCount(accepted, of: values.count, probability: acceptance, "first attempts of shape \(shape)")
  }

  @Test func aDrawIsAFunctionOfItsAddress() {
    let gamma = Gamma(shape: 0.3, scale: 1)
    let key = TaskKey(seed: 12)
    let draw = gamma.sample(5, key: key, site: 3, purpose: .noiseParameter, draw: 2)
    #expect(draw == gamma.sample(5, key: key, site: 3, purpose: .noiseParameter, draw: 2))
    let others = [
      gamma.sample(6, key: key, site: 3, purpose: .noiseParameter, draw: 2),
      gamma.sample(5, key: key, site: 4, purpose: .noiseParameter, draw: 2),
      gamma.sample(5, key: key, site: 3, purpose: .weights, draw: 2),
      gamma.sample(5, key: key, site: 3, purpose: .noiseParameter, draw: 1),
      gamma.sample(5, key: TaskKey(seed: 13), site: 3, purpose: .noiseParameter, draw: 2),
    ]
    #expect(Set(others + [draw]).count == 6)
  }

  @Test(arguments: shapes) func neighbouringDrawsAreUncorrelated(shape: Double) {
    let values = draws(shape)
    let sum = zip(values, values.dropFirst()).reduce(0) { $0 + ($1.0 - shape) * ($1.1 - shape) }
    #expect(abs(sum) < 5 * shape * Double(values.count).squareRoot())
  }
}
