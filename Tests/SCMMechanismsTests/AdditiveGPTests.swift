import Foundation
import SCMBase
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct AdditiveGPTests {
  private func make(
    _ model: GaussianProcessModel, parentCount: Int, seed: Int = 3, law: NoiseScaleModel.Law = .gammaVariance
  ) throws -> GaussianProcessMechanism {
    var noiseScale = NoiseScaleModel()
    noiseScale.law = law
    let made = model.makeMechanism(
      parentCount: parentCount, node: 2, key: TaskKey(seed: UInt64(seed)), noiseScale: noiseScale)
    return try #require(made as? GaussianProcessMechanism)
  }

  @Test(arguments: [0, 1, 2, 5], NoiseScaleModel.Law.allCases)
  func equalsPlainLoopsToTheBit(parentCount: Int, law: NoiseScaleModel.Law) throws {
    var model = GaussianProcessModel.gp
    model.law.features = 30
    model.law.kernels = [.rbf, .gammaExponential]
    model.law.gammaMin = 0.3
    model.biasBound = 2
    let mechanism = try make(model, parentCount: parentCount, law: law)
    let columns = (0..<(parentCount + mechanism.noise.count)).map { normalColumn(300, site: $0) }
    let values = evaluate(mechanism, columns)
    for row in 0..<300 {
      let inputs = columns.map { $0[row] }
      var sum = mechanism.mean.bias
      addPlainly(mechanism.function, inputs, to: &sum)
      sum = sum.addingProduct(mechanism.noiseScale, plainNoise(mechanism.factor, column: parentCount, inputs))
      let nugget = mechanism.function.nuggetScale
      if nugget > 0 { sum = sum.addingProduct(nugget, inputs[inputs.count - 1]) }
      #expect(values[row].bitPattern == sum.bitPattern, "row \(row)")
    }
  }

  @Test func aRootIsBiasAndNoise() throws {
    var model = GaussianProcessModel.gp
    model.biasBound = 2
    let mechanism = try make(model, parentCount: 0)
    let noise = normalColumn(20)
    #expect(evaluate(mechanism, [noise]) == noise.map { mechanism.mean.bias.addingProduct(mechanism.noiseScale, $0) })
  }

  /// The variance over functions at a fixed point is the square of the output scale.
  @Test func theFunctionHasItsOutputScale() throws {
    var model = GaussianProcessModel.gp
    model.law.features = 16
    model.outputMin = 3
    model.outputMax = 3
    let values = try (0..<4000).map { evaluate(try make(model, parentCount: 2, seed: $0), [[0.3], [-1], [0]])[0] }
    #expect(abs(Sample(values).deviationsFromMean(0)) < 5)
    #expect(abs(Sample(values).deviationsFromVariance(9)) < 5)
  }

  /// Noise is a term: the difference of two outputs with other noise is the same wherever the parent lies.
  @Test func theNoiseIsAdditive() throws {
    let mechanism = try make(GaussianProcessModel.gp, parentCount: 1)
    let low = evaluate(mechanism, [[-2, 2], [0, 0]])
    let high = evaluate(mechanism, [[-2, 2], [1.5, 1.5]])
    // Two roundings of numbers below 8.
    #expect(abs((high[0] - low[0]) - (high[1] - low[1])) < 2 * Float(8).ulp)
  }

  @Test(arguments: OuterFunction.allCases)
  func theOuterFunctionIsAppliedToTheSum(outer: OuterFunction) throws {
    var model = GaussianProcessModel.gp
    let inner = try make(model, parentCount: 1)
    model.outer = outer
    let mechanism = try make(model, parentCount: 1)
    let columns = [normalColumn(500), normalColumn(500, site: 1).map { 6 * $0 }]
    for (value, sum) in zip(evaluate(mechanism, columns), evaluate(inner, columns)) {
      let x = Double(sum)
      let expected =
        switch outer {
        case .identity: x
        case .tanh: Foundation.tanh(x)
        case .sigmoid: 1 / (1 + exp(-x))
        case .cube: x * x * x
        case .leakyReLU: x < 0 ? 0.1 * x : x
        }
      // A few roundings of the result; those of e^x − 1 within tanh are relative as well.
      #expect(abs(Double(value) - expected) <= 1e-6 * max(abs(expected), outer == .sigmoid ? 0.5 : 0), "\(sum)")
    }
  }

  @Test func saysWhichOptionsContradictEachOther() {
    func expectRefused(_ path: String, _ change: (inout GaussianProcessModel) -> Void) {
      var model = GaussianProcessModel.gp
      change(&model)
      let error = #expect(throws: ConfigError.self) { try model.check() }
      #expect(error?.path == path)
    }
    expectRefused("gp_gamma_min") { ($0.law.gammaMin, $0.law.gammaMax) = (2, 1) }
    expectRefused("gp_output_min") { $0.outputMin = 3 }
    expectRefused("gp_length_first") { $0.law.length = LengthLaw(form: .uniform, first: 0, second: 1) }
    expectRefused("gp_features") { ($0.law.features, $0.law.kernels) = (2, [.rbf, .rbf]) }
  }
}
