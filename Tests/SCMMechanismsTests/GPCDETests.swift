import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct GPCDETests {
  /// A row in plain loops: the parents, the latent variable, the noise, and where there are some a factor and a nugget.
  private func plainOutput(_ mechanism: GaussianProcessMechanism, _ row: [Float]) -> Float {
    let dimensions = mechanism.function.dimensions
    var sum = row[dimensions - 1] * (mechanism.mean.latentWeight ?? 0)
    addPlainly(mechanism.function, row, to: &sum)
    sum = sum.addingProduct(mechanism.noiseScale, plainNoise(mechanism.factor, column: dimensions, row))
    let nugget = mechanism.function.nuggetScale
    return nugget > 0 ? sum.addingProduct(nugget, row[row.count - 1]) : sum
  }

  private func expectPlain(_ model: GaussianProcessModel, parentCount: Int, rows: Int = 300) throws
    -> GaussianProcessMechanism
  {
    let made = model.makeMechanism(parentCount: parentCount, node: 4, key: TaskKey(seed: 8))
    let mechanism = try #require(made as? GaussianProcessMechanism)
    let columns = (0..<(parentCount + mechanism.noise.count)).map { normalColumn(rows, site: $0) }
    let values = evaluate(mechanism, columns)
    for row in 0..<rows {
      let plain = plainOutput(mechanism, columns.map { $0[row] })
      #expect(values[row].bitPattern == plain.bitPattern, "row \(row)")
    }
    return mechanism
  }

  @Test(arguments: [0, 1, 2, 3, 4, 9], [2, 6, 50, 512])
  func equalsPlainLoopsToTheBit(parentCount: Int, features: Int) throws {
    var model = GaussianProcessModel.gpcde
    model.law.features = features
    model.law.kernels = features == 2 ? [.matern12] : [.rbf, .matern32]
    _ = try expectPlain(model, parentCount: parentCount)
  }

  @Test func equalsPlainLoopsWithANuggetHighFrequenciesAndScalesPerRow() throws {
    var model = GaussianProcessModel.gpcde
    model.law.kernels = [.gammaExponential]
    model.law.gammaMin = 0.2
    model.law.gammaMax = 0.6
    model.noiseScaleLaw = .gammaPerRow
    model.law.jitter = 0.01
    let mechanism = try expectPlain(model, parentCount: 3)
    #expect(mechanism.noise.map(\.name) == ["latent", "noise", "scale", "nugget"])
    #expect(mechanism.function.frequencies.contains { abs($0) > 16 })
  }

  @Test func aPairOfFeaturesIsOneCosineAndIsSharedOutAmongKernels() throws {
    var model = GaussianProcessModel.gpcde
    model.law.features = 100
    model.law.kernels = [.rbf, .matern52, .matern52]
    let made = model.makeMechanism(parentCount: 2, node: 0, key: TaskKey(seed: 1))
    let mechanism = try #require(made as? GaussianProcessMechanism)
    #expect(mechanism.function.phases.count == 3 * 16)
    #expect(mechanism.function.frequencies.count == 3 * 3 * 16)
    #expect(mechanism.function.phases.allSatisfy { abs($0) <= 0.5 })
    #expect(mechanism.noise == [.latent, .noise])
    #expect(mechanism.readsStandardizedParents)
    #expect(mechanism.parameters.map(\.shape) == [[48, 3], [48], [48], [], [], [], []])
  }

  /// E[X²] = m² + 1 + s² at a fixed row, over functions, latent values and noise.
  @Test(arguments: [(0.5, 0.05), (1.0, 0.3), (0.0, 0.0)])
  func marginalVariancesAddUp(meanWeight: Double, noiseScale: Double) {
    var model = GaussianProcessModel.gpcde
    model.law.features = 64
    model.latentWeight = meanWeight
    model.noiseScale = noiseScale
    let latent = normalColumn(6000, site: 1)
    let noise = normalColumn(6000, site: 2)
    let squares = (0..<6000).map { seed in
      let mechanism = model.makeMechanism(parentCount: 1, node: 0, key: TaskKey(seed: UInt64(seed)))
      let value = Double(evaluate(mechanism, [[0.7], [latent[seed]], [noise[seed]]])[0])
      return value * value
    }
    let expected = meanWeight * meanWeight + 1 + noiseScale * noiseScale
    #expect(abs(Sample(squares).deviationsFromMean(expected)) < 5)
  }

  /// The published generator: 1 + 2 + 1e-4 + E s², with s ~ Gamma(1, rate 10) per row; its γ ~ U(0.1, 1) are so rough that most
  /// features go into the nugget.
  @Test func theRoughPresetsVarianceIsKept() {
    var model = GaussianProcessModel.gpcde
    model.law.features = 64
    model.law.kernels = [.gammaExponential, .gammaExponential]
    model.law.variance = 2
    model.law.gammaMin = 0.1
    model.law.gammaMax = 1
    model.law.length.first = -1
    model.law.length.second = 1
    model.law.length.least = 0.1
    model.latentWeight = 1
    model.law.jitter = 1e-4
    model.noiseScale = 0.1
    let columns = (0..<3).map { normalColumn(6000, site: 10 + $0) }
    let squares = (0..<6000).map { seed in
      let mechanism = model.makeMechanism(parentCount: 1, node: 0, key: TaskKey(seed: UInt64(seed)))
      let noise = columns.prefix(mechanism.noise.count).map { [$0[seed]] }
      let value = Double(evaluate(mechanism, [[0.7]] + noise)[0])
      return value * value
    }
    #expect(abs(Sample(squares).deviationsFromMean(1 + 2 + 1e-4 + 0.01)) < 5)
  }

  /// With an additive latent variable the variance over it would be the same wherever the parent lies.
  @Test func theSpreadOverTheLatentVariableDependsOnTheParent() {
    let latent = normalColumn(2048, site: 1)
    let noise = normalColumn(2048, site: 2)
    let changed = (0..<100).filter { seed in
      let mechanism = GaussianProcessModel.gpcde.makeMechanism(
        parentCount: 1, node: 0, key: TaskKey(seed: UInt64(seed)))
      let variances = [-1, 1].map { parent in
        Sample(evaluate(mechanism, [[Float](repeating: parent, count: 2048), latent, noise])).variance
      }
      return abs(variances[0] / variances[1] - 1) > 0.1
    }
    #expect(changed.count > 75, "of 100 functions")
  }

  @Test func lengthScalesStayWithinTheirBounds() throws {
    // One length scale for each kernel and input: with length 0.5 frequencies are twice those with length 1.
    func frequencies(_ least: Double, _ most: Double) throws -> [Float] {
      var model = GaussianProcessModel.gpcde
      model.law.length.second = 0
      model.law.length.least = least
      model.law.length.most = most
      let made = model.makeMechanism(parentCount: 2, node: 0, key: TaskKey(seed: 4))
      return try #require(made as? GaussianProcessMechanism).function.frequencies
    }
    let free = try frequencies(0.3, 5)
    #expect(try frequencies(0.3, 0.5) == free.map { 2 * $0 })
    #expect(try frequencies(2, 5) == free.map { $0 / 2 })
  }

  @Test func saysWhichOptionsContradictEachOther() {
    var model = GaussianProcessModel.gpcde
    model.law.length.least = 6
    #expect(throws: (any Error).self) { try model.check() }
    model = GaussianProcessModel.gpcde
    model.law.features = 3
    #expect(throws: (any Error).self) { try model.check() }
    model.law.kernels = [.rbf]
    #expect(throws: Never.self) { try model.check() }
  }
}
