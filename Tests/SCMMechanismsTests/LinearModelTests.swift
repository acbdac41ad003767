import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// The laws of a linear mechanism's parameters.
@Suite struct LinearModelTests {
  /// The mechanisms of 4000 keys with five parents each.
  private func draw(_ model: LinearModel) throws -> [LinearMechanism] {
    try (0..<4000).map { seed in
      try #require(
        model.makeMechanism(parentCount: 5, node: 3, key: TaskKey(seed: UInt64(seed))) as? LinearMechanism)
    }
  }

  @Test func normalWeightsHaveMeanZeroAndTheScaleSquaredForVariance() throws {
    var model = LinearModel()
    model.weightScale = 1.5
    let weights = Sample(try draw(model).flatMap(\.weights))
    #expect(abs(weights.deviationsFromMean(0)) < 5)
    #expect(abs(weights.deviationsFromVariance(2.25)) < 5)
    #expect(abs(weights.kurtosis - 3) < 5 * (24.0 / Double(weights.count)).squareRoot())
  }

  /// N(0, 1) given |w| ≥ c: E w² = 1 + c·φ(c)/(1 − Φ(c)), and every larger weight is one of the plain law.
  @Test(arguments: [(0.1, 1.0862617), (1.0, 2.5251353), (2.0, 5.7464312)])
  func weightsBelowTheFloorAreDrawnAgain(floor: Double, secondMoment: Double) throws {
    var model = LinearModel()
    let plain = try draw(model).flatMap(\.weights)
    model.weightFloor = floor
    let weights = try draw(model).flatMap(\.weights)
    #expect(weights.allSatisfy { abs($0) >= Float(floor) })
    for (a, b) in zip(plain, weights) where abs(a) >= Float(floor) { #expect(a == b) }
    #expect(abs(Sample(weights).deviationsFromMean(0)) < 5)
    #expect(abs(Sample(weights.map { Double($0) * Double($0) }).deviationsFromMean(secondMoment)) < 5)
    model.weightFloor = 2.001
    #expect(throws: (any Error).self) { try model.check() }
  }

  @Test(arguments: [(0.5, 2.0, 1.75), (0.25, 2.0, 1.5208333), (1.0, 3.0, 4.3333333), (2.0, 4.0, 9.3333333)])
  func signedUniformWeightsHaveTheStatedSecondMoment(least: Double, most: Double, secondMoment: Double) throws {
    var model = LinearModel()
    model.weights = .signedUniform
    model.weightMin = least
    model.weightMax = most
    let weights = try draw(model).flatMap(\.weights).map(Double.init)
    #expect(weights.allSatisfy { (least...most).contains(abs($0)) })
    #expect(abs(Sample(weights).deviationsFromMean(0)) < 5)
    #expect(abs(Sample(weights.map { $0 * $0 }).deviationsFromMean(secondMoment)) < 5)
    // Sign and magnitude come from one word; they must not know of each other.
    #expect(abs(Sample(weights.filter { $0 > 0 }).deviationsFromMean((least + most) / 2)) < 5)
  }

  @Test func aSignedUniformLawOfOnePointIsASign() throws {
    var model = LinearModel()
    model.weights = .signedUniform
    model.weightMin = 1
    model.weightMax = 1
    let weights = try draw(model).flatMap(\.weights)
    #expect(Set(weights) == [-1, 1])
  }

  @Test func biasesAreUniformBetweenTheirBounds() throws {
    var model = LinearModel()
    model.biasBound = 3
    let biases = try draw(model).map { Double($0.bias) }
    #expect(biases.allSatisfy { abs($0) <= 3 })
    #expect(abs(Sample(biases).deviationsFromMean(0)) < 5)
    #expect(abs(Sample(biases).deviationsFromVariance(3)) < 5)
    model.biasBound = 0
    #expect(try draw(model).allSatisfy { $0.bias == 0 })
  }

  @Test func aNodeKeepsItsFirstWeightsWhenItGetsMoreParents() throws {
    let key = TaskKey(seed: 9)
    for weights in LinearModel.WeightLaw.allCases {
      var model = LinearModel()
      model.weights = weights
      let few = try #require(model.makeMechanism(parentCount: 2, node: 1, key: key) as? LinearMechanism)
      let many = try #require(model.makeMechanism(parentCount: 7, node: 1, key: key) as? LinearMechanism)
      #expect(few.weights == Array(many.weights.prefix(2)))
      #expect(few.noiseScale == many.noiseScale)
    }
  }
}
