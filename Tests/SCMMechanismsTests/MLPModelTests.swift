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

  @Test(arguments: [
    (MLPModel.BiasLaw.uniform, [0.7, 0.7, 0.7]), (.fanIn, [1 / 3.0.squareRoot(), 0.1767767, 0.1767767]),
  ])
  func otherBiasesAreUniformAndLeaveTheWeightsAlone(law: MLPModel.BiasLaw, bounds: [Double]) throws {
    var model = MLPModel()
    let plain = try layers(of: model)
    model.biasLaw = law
    model.biasScale = 0.7
    let biased = try layers(of: model)
    for (layer, bound) in bounds.enumerated() {
      #expect(biased.map { $0[layer].weights } == plain.map { $0[layer].weights })
      let biases = biased.flatMap { $0[layer].bias }
      #expect(biases.allSatisfy { abs(Double($0)) <= bound * (1 + 1e-6) })
      #expect(abs(Sample(biases).deviationsFromMean(0)) < 5)
      #expect(abs(Sample(biases).deviationsFromVariance(bound * bound / 3)) < 5)
    }
  }

  /// N(0, norm²/(√fan_in + √fan_out)²) but in the last layer; the largest singular value of 32 × 32 such numbers is near the norm, its law
  /// being Tracy and Widom's: mean 2√n − 1.2·n^(−1/6)·…, some percent below.
  @Test func spectralWeightsHaveAboutTheirNorm() throws {
    var model = MLPModel()
    model.initialization = .spectral
    model.spectralNorm = 5
    let drawn = try layers(of: model)
    for (layer, (inputs, outputs)) in [(3.0, 32.0), (32.0, 32.0)].enumerated() {
      let deviation = 5 / (inputs.squareRoot() + outputs.squareRoot())
      let weights = Sample(drawn.flatMap { $0[layer].weights })
      #expect(abs(weights.deviationsFromMean(0)) < 5)
      #expect(abs(weights.deviationsFromVariance(deviation * deviation)) < 5)
    }
    #expect(abs(Sample(drawn.flatMap { $0[2].weights }).deviationsFromVariance(1)) < 5)
    let norms = drawn.prefix(20).map { norm($0[1]) }
    #expect(norms.allSatisfy { (4.2...5.4).contains($0) }, "\(norms)")
  }

  /// The largest singular value, by power iteration.
  private func norm(_ layer: MLPMechanism.Layer) -> Double {
    var v = [Double](repeating: 1, count: layer.inputCount)
    var norm = 0.0
    for _ in 0..<200 {
      let image = layer.bias.indices.map { o in
        v.indices.reduce(0) { $0 + Double(layer.weights[o * layer.inputCount + $1]) * v[$1] }
      }
      norm = image.reduce(0) { $0 + $1 * $1 }.squareRoot() / v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      v = v.indices.map { i in
        image.indices.reduce(0) { $0 + Double(layer.weights[$1 * layer.inputCount + i]) * image[$1] } / (norm * norm)
      }
    }
    return norm
  }

  @Test func noiseOfTheFamilysSizeIsInTheWeightsOfTheLastInput() throws {
    var (model, noise) = (MLPModel(), NoiseScaleModel())
    noise.law = .uniform
    noise.least = 0.25
    noise.most = 0.25
    func first(_ model: MLPModel) throws -> MLPMechanism.Layer {
      let made = model.makeMechanism(parentCount: 2, node: 3, key: TaskKey(seed: 1), noiseScale: noise)
      return try #require(made as? MLPMechanism).layers[0]
    }
    let plain = try first(model)
    model.noisePlace = .scaledInput
    let scaled = try first(model)
    #expect(scaled.bias == plain.bias)
    for (index, weight) in plain.weights.enumerated() {
      #expect(scaled.weights[index] == (index % 3 == 2 ? 0.25 * weight : weight))
    }
  }

  private func layers(of model: MLPModel) throws -> [[MLPMechanism.Layer]] {
    try (0..<200).map { seed in
      try #require(model.makeMechanism(parentCount: 2, node: 3, key: TaskKey(seed: UInt64(seed))) as? MLPMechanism)
        .layers
    }
  }

  @Test func nnLinearsBiasesAreNotScaled() throws {
    var model = MLPModel()
    model.initialization = .torch
    model.biasScale = 0.1
    #expect(throws: ConfigError.self) { try model.check() }
    model.biasScale = 0
    try model.check()
    model.biasLaw = .fanIn
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
