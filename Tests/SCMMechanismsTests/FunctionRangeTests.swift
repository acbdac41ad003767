import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// Functions whose 1 % and 99 % quantiles at the calibration rows are given.
@Suite struct FunctionRangeTests {
  private let columns = (0..<3).map { normalColumn(701, site: $0) }

  private func made(_ model: any MechanismModel, parents: Int = 2, range: Double = 1.5) -> any Mechanism {
    MixedMechanisms([(model, 1)], functionRange: range).makeMechanism(
      node: 0, parentCounts: [parents], key: TaskKey(seed: 4))
  }

  private func mlp(_ place: MLPModel.NoisePlace) -> MLPModel {
    var model = MLPModel()
    model.noisePlace = place
    model.biasScale = 1
    return model
  }

  /// As numpy's default has it: between the two rows next to the place.
  private func quantiles(_ values: [Float]) -> (Double, Double) {
    let sorted = values.map(Double.init).sorted()
    // 0.01 · 700 = 7 and 0.99 · 700 = 693 are whole.
    return (sorted[7], sorted[693])
  }

  private func zeroNoise(_ columns: [[Float]]) -> [[Float]] {
    Array(columns.prefix(2)) + [[Float](repeating: 0, count: columns[0].count)]
  }

  @Test func addedNoiseIsNoPartOfTheFunction() throws {
    for model in [LinearModel(), mlp(.additive)] as [any MechanismModel] {
      let before = made(model)
      #expect(before.needsAnchors)
      let after = try #require(before.anchored(at: columns))
      #expect(!after.needsAnchors)
      let (low, high) = quantiles(evaluate(after, zeroNoise(columns)))
      // A weight and a bias are rounded to Float32: 2⁻²⁴ of values of a few units.
      #expect(abs(low + 1.5) < 1e-5 && abs(high - 1.5) < 1e-5, "\(after.kind)")
      let (plain, mapped) = (evaluate(before, columns), evaluate(after, columns))
      let (function, image) = (evaluate(before, zeroNoise(columns)), evaluate(after, zeroNoise(columns)))
      for row in stride(from: 0, to: 701, by: 50) {
        #expect(abs((plain[row] - function[row]) - (mapped[row] - image[row])) < 1e-5, "\(after.kind)")
      }
    }
  }

  @Test(arguments: [MLPModel.NoisePlace.input, .scaledInput])
  func noiseThatIsReadIsAPartOfTheFunction(place: MLPModel.NoisePlace) throws {
    let after = try #require(made(mlp(place)).anchored(at: columns))
    let (low, high) = quantiles(evaluate(after, columns))
    #expect(abs(low + 1.5) < 1e-5 && abs(high - 1.5) < 1e-5)
  }

  @Test func aConstantIsMovedToTheLowerEnd() throws {
    let flat = [[Float]](repeating: [Float](repeating: 0.5, count: 701), count: 3)
    let after = try #require(made(LinearModel()).anchored(at: flat))
    #expect(abs(evaluate(after, zeroNoise(flat))[0] + 1.5) < 1e-5)
  }

  @Test func nodesWithoutParentsAndOtherKindsStayAsTheyAre() {
    #expect(!made(LinearModel(), parents: 0).needsAnchors)
    #expect(!made(mlp(.input), parents: 0).needsAnchors)
    #expect(!made(PeriodicModel()).needsAnchors)
    #expect(!made(LinearModel(), range: 0).needsAnchors)
  }
}
