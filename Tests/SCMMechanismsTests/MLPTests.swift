import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// A row of the network in plain loops: the bias, then the inputs in order, by fused multiply-adds.
private func plainOutput(_ mechanism: MLPMechanism, _ row: [Float]) -> Float {
  var values = Array(row.prefix(mechanism.layers[0].inputCount))
  for (index, layer) in mechanism.layers.enumerated() {
    values = layer.bias.indices.map { output in
      var sum = layer.bias[output]
      for (input, value) in values.enumerated() {
        sum = sum.addingProduct(layer.weights[output * layer.inputCount + input], value)
      }
      return index == mechanism.layers.count - 1 ? sum : plainActivation(mechanism, sum)
    }
  }
  guard let noise = mechanism.additiveNoise else { return values[0] }
  return values[0].addingProduct(noise.scale, plainNoise(noise.factor, column: mechanism.parentCount, row))
}

private func plainActivation(_ mechanism: MLPMechanism, _ x: Float) -> Float {
  // tanh x = e/(e + 2) with e = e^2x − 1; beyond ±15 it is ±1 in Float32.
  func tanh(_ x: Float) -> Float {
    let e = Elementary.expMinusOne(2 * min(max(x, -15), 15))
    return e / (e + 2)
  }
  return switch mechanism.activation {
  case .leakyReLU: x < 0 ? x * mechanism.slope : x
  case .tanh: tanh(x)
  case .sigmoid: 0.5 + 0.5 * tanh(0.5 * x)
  }
}

@Suite struct MLPTests {
  @Test(arguments: [
    [1], [4], [5], [33], [32, 32], [5, 33], [33, 5, 7], [1, 2, 3, 4, 5, 6, 7, 8], [1024, 3], [3, 1024, 1024],
  ])
  func equalsPlainLoopsToTheBit(hidden: [Int]) throws {
    for (parentCount, initialization) in [(0, MLPModel.Initialization.torch), (1, .he), (6, .torch)] {
      var model = MLPModel()
      model.hidden = hidden
      model.initialization = initialization
      let made = model.makeMechanism(parentCount: parentCount, node: 2, key: TaskKey(seed: 11))
      let mechanism = try #require(made as? MLPMechanism)
      #expect(mechanism.parentCount == parentCount)
      // More rows than a tile where the network is small.
      let rows = hidden.contains(1024) ? 20 : 300
      let columns = (0...parentCount).map { normalColumn(rows, site: $0) }
      let values = evaluate(mechanism, columns)
      for row in 0..<rows {
        let plain = plainOutput(mechanism, columns.map { $0[row] })
        #expect(values[row].bitPattern == plain.bitPattern, "\(parentCount) parents, row \(row)")
      }
    }
  }

  @Test(arguments: Activation.allCases, NoiseScaleModel.Law.allCases)
  func equalsPlainLoopsWithEveryActivationAndAdditiveNoise(activation: Activation, law: NoiseScaleModel.Law) throws {
    var model = MLPModel()
    model.hidden = [5, 7]
    model.initialization = .notears
    model.activation = activation
    model.noisePlace = .additive
    var noiseScale = NoiseScaleModel()
    noiseScale.law = law
    let made = model.makeMechanism(parentCount: 3, node: 2, key: TaskKey(seed: 11), noiseScale: noiseScale)
    let mechanism = try #require(made as? MLPMechanism)
    #expect(mechanism.parentCount == 3)
    let columns = (0..<(3 + mechanism.noise.count)).map { normalColumn(300, site: $0) }
    let values = evaluate(mechanism, columns)
    for row in 0..<300 {
      let plain = plainOutput(mechanism, columns.map { $0[row] })
      #expect(values[row].bitPattern == plain.bitPattern, "row \(row)")
    }
  }

  @Test func withAdditiveNoiseARootIsTheNoiseAlone() {
    var model = MLPModel()
    model.noisePlace = .additive
    var noiseScale = NoiseScaleModel()
    noiseScale.law = .uniform
    (noiseScale.least, noiseScale.most) = (1, 1)
    let root = model.makeMechanism(parentCount: 0, node: 0, key: TaskKey(seed: 1), noiseScale: noiseScale)
    let noise = normalColumn(50)
    #expect(evaluate(root, [noise]) == noise)
  }

  // Exact forward passes, worked out by hand: two parents, the noise last; hidden widths 2, and 2 and 2.
  @Test func givesTheWorkedExampleWithOneHiddenLayer() throws {
    let mechanism = try MLPMechanism(layers: [Self.first, Self.last], slope: 0.01)
    expectOutputs(of: mechanism, [3.50075, -2.553])
  }

  @Test func givesTheWorkedExampleWithTwoHiddenLayers() throws {
    // V = [[1, .5], [−.5, 1]] has a row for each input; a layer's weights have one for each output.
    let middle = MLPMechanism.Layer(inputCount: 2, weights: [1, -0.5, 0.5, 1], bias: [0, 0.1])
    expectOutputs(of: try MLPMechanism(layers: [Self.first, middle, Self.last], slope: 0.01), [2.6015, -2.61528])
  }

  private static let first = MLPMechanism.Layer(
    inputCount: 3, weights: [1, 0.5, -1, -2, 1, 0.25], bias: [0.1, -0.2])
  private static let last = MLPMechanism.Layer(inputCount: 2, weights: [2, -1], bias: [0.3])

  private func expectOutputs(of mechanism: MLPMechanism, _ expected: [Float]) {
    let values = evaluate(mechanism, [[1, -1], [2, 0.5], [0.5, 2]])
    for (value, expected) in zip(values, expected) {
      // About ten roundings of numbers below 4.
      #expect(abs(value - expected) < 10 * expected.magnitude.ulp)
    }
  }

  @Test func theNoiseIsAnInputAndNotATerm() throws {
    // Were it a term, the difference of two outputs with other noise would not depend on the parent.
    let made = MLPModel().makeMechanism(parentCount: 1, node: 0, key: TaskKey(seed: 3))
    let low = evaluate(made, [[-2, 2], [0, 0]])
    let high = evaluate(made, [[-2, 2], [1.5, 1.5]])
    #expect(abs((high[0] - low[0]) - (high[1] - low[1])) > 1e-3)
  }

  @Test func showsItsLayersAndItsSlope() throws {
    var model = MLPModel()
    model.hidden = [3]
    model.slope = 0.25
    let mechanism = model.makeMechanism(parentCount: 1, node: 0, key: TaskKey(seed: 3))
    #expect(mechanism.parameters.map(\.name) == ["weight_0", "bias_0", "weight_1", "bias_1"])
    #expect(mechanism.parameters.map(\.shape) == [[3, 2], [3], [1, 3], [1]])
    #expect(mechanism.settings["slope"] == .number(0.25))
    #expect(mechanism.settings["activation"] == .name("leaky_relu"))
  }
}
