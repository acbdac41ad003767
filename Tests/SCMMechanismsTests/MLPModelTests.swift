import SCMBase
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// The laws of a network's weights.
@Suite struct MLPModelTests {
  private func layers(_ initialization: MLPModel.Initialization, _ index: Int) throws -> [MLPMechanism.Layer] {
    var model = MLPModel()
    model.initialization = initialization
    return try (0..<200).map { seed in
      let made = model.makeMechanism(parentCount: 4, node: 1, key: TaskKey(seed: UInt64(seed)))
      return try #require(made as? MLPMechanism).layers[index]
    }
  }

  @Test(arguments: [(0, 5.0), (1, 32.0), (2, 32.0)])
  func heWeightsKeepTheVariance(layer: Int, inputs: Double) throws {
    let layers = try layers(.he, layer)
    let weights = Sample(layers.flatMap(\.weights))
    #expect(abs(weights.deviationsFromMean(0)) < 5)
    #expect(abs(weights.deviationsFromVariance(2 / ((1 + 0.01 * 0.01) * inputs))) < 5)
    #expect(layers.flatMap(\.bias).allSatisfy { $0 == 0 })
  }

  @Test(arguments: [(0, 5.0), (1, 32.0), (2, 32.0)])
  func torchWeightsAndBiasesAreUniform(layer: Int, inputs: Double) throws {
    let bound = 1 / inputs.squareRoot()
    let layers = try layers(.torch, layer)
    for values in [layers.flatMap(\.weights), layers.flatMap(\.bias)] {
      #expect(values.allSatisfy { abs(Double($0)) <= bound * (1 + 1e-7) })
      #expect(abs(Sample(values).deviationsFromMean(0)) < 5)
      #expect(abs(Sample(values).deviationsFromVariance(bound * bound / 3)) < 5)
    }
  }

  @Test func n01WeightsAreStandardNormal() throws {
    let layers = try layers(.n01, 1)
    let weights = Sample(layers.flatMap(\.weights))
    #expect(abs(weights.deviationsFromMean(0)) < 5)
    #expect(abs(weights.deviationsFromVariance(1)) < 5)
    #expect(layers.flatMap(\.bias).allSatisfy { $0 == 0 })
  }

  @Test func notearsWeightsKeepAwayFromZero() throws {
    let layers = try layers(.notears, 1)
    let weights = layers.flatMap(\.weights).map(Double.init)
    #expect(weights.allSatisfy { (0.5...2).contains(abs($0)) })
    #expect(abs(Sample(weights).deviationsFromMean(0)) < 5)
    #expect(abs(Sample(weights).deviationsFromVariance(1.75)) < 5)
    #expect(layers.flatMap(\.bias).allSatisfy { $0 == 0 })
  }

  @Test func theDefaultIsTwoHiddenLayersOf32WithSlopeOneHundredth() {
    #expect(MLPModel().hidden == [32, 32])
    #expect(MLPModel().slope == 0.01)
    #expect(MLPModel().initialization == .he)
  }

  /// The specification's range for one to eight parents: from 0.77 to 0.99.
  @Test(arguments: [1, 3, 8])
  func heOutputsHaveADeviationBelowOne(parentCount: Int) {
    let columns = (0...parentCount).map { normalColumn(512, site: $0) }
    let deviations = (0..<400).map { seed in
      Sample(
        evaluate(MLPModel().makeMechanism(parentCount: parentCount, node: 0, key: TaskKey(seed: UInt64(seed))), columns)
      ).variance.squareRoot()
    }
    // The mean over networks of the deviation over rows, with 5 standard errors of it on either side.
    let sample = Sample(deviations)
    let margin = 5 * (sample.variance / Double(sample.count)).squareRoot()
    #expect(sample.mean > 0.77 - margin && sample.mean < 0.99 + margin)
  }

  @Test(arguments: [MLPModel.Initialization.he, .n01, .notears])
  func biasesAreNormalOfTheScaleAskedForAndLeaveTheWeightsAlone(initialization: MLPModel.Initialization) throws {
    var model = MLPModel()
    model.initialization = initialization
    let plain = try layers(of: model)
    model.biasScale = 0.5
    let biased = try layers(of: model)
    for layer in 0..<3 {
      #expect(biased.map { $0[layer].weights } == plain.map { $0[layer].weights })
      let biases = Sample(biased.flatMap { $0[layer].bias })
      #expect(abs(biases.deviationsFromMean(0)) < 5)
      #expect(abs(biases.deviationsFromVariance(0.25)) < 5)
    }
    let (first, second) = (biased.flatMap { $0[0].bias }, biased.flatMap { $0[1].bias })
    let products = Sample(zip(first, second).map { $0 * $1 })
    #expect(abs(products.mean) < 5 * (0.0625 / Double(products.count)).squareRoot())
  }

  private func layers(of model: MLPModel) throws -> [[MLPMechanism.Layer]] {
    try (0..<200).map { seed in
      try #require(model.makeMechanism(parentCount: 2, node: 3, key: TaskKey(seed: UInt64(seed))) as? MLPMechanism)
        .layers
    }
  }

  @Test func nnLinearsBiasesAreNotScaled() {
    var model = MLPModel()
    model.initialization = .torch
    model.biasScale = 0.1
    #expect(throws: ConfigError.self) { try model.check() }
  }

  /// Without biases a node without parents is a·ε above 0 and b·ε below, so it keeps one sign where its values at 1 and −1 have the same.
  /// Over the weights of the last layer these are normal with the correlation of the hidden layers: −0.02 after the first, 0.302 after the
  /// second (arc-cosine kernel); they agree with probability 1/2 + arcsin(0.302)/π = 0.598. Five standard errors of 1,000 are 78; 32 units
  /// instead of infinitely many cost less than another 10. With biases of 0.1 it is 0.352 (4,000 networks computed with numpy).
  @Test func sixInTenRootsNeverChangeSignWithoutBiases() {
    let noise = [(-300...300).map { Float($0) / 100 }]
    func share(_ model: MLPModel) -> Int {
      (0..<1000).count { seed in
        let values = evaluate(model.makeMechanism(parentCount: 0, node: 0, key: TaskKey(seed: UInt64(seed))), noise)
        return values.allSatisfy { $0 >= 0 } || values.allSatisfy { $0 <= 0 }
      }
    }
    var model = MLPModel()
    #expect(abs(share(model) - 598) < 88)
    model.biasScale = 0.1
    #expect(abs(share(model) - 352) < 76 + 38)
  }

  @Test func aLayersWeightsDoNotDependOnOtherLayersWidths() throws {
    var narrow = MLPModel()
    narrow.hidden = [4, 8]
    var wide = narrow
    wide.hidden = [4, 9]
    let key = TaskKey(seed: 21)
    let a = try #require(narrow.makeMechanism(parentCount: 2, node: 5, key: key) as? MLPMechanism)
    let b = try #require(wide.makeMechanism(parentCount: 2, node: 5, key: key) as? MLPMechanism)
    #expect(a.layers[0] == b.layers[0])
  }
}
