import SCMBase
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// Draws of Gaussian processes by Cholesky.
@Suite struct ExactGPTests {
  private static let alpha = 0.7
  private static let gamma = 1.3
  /// Two inputs of five points, the last of which is far from all.
  private static let points: [[Float]] = [[0, 0.5, 0, -0.6, 2], [0, 0, 1, 0.8, -1.5]]

  private func value(_ kernel: SpectralKernel, _ r: Double) -> Double {
    kernelValue(kernel, r, alpha: Self.alpha, gamma: Self.gamma)
  }

  private func model(_ kernels: [SpectralKernel]) -> GaussianProcessModel {
    var model = GaussianProcessModel.gp
    model.mode = .exact
    model.law.kernels = kernels
    (model.law.alpha, model.law.gammaMin, model.law.gammaMax) = (Self.alpha, Self.gamma, Self.gamma)
    model.law.length.second = 0
    return model
  }

  private func distance(_ i: Int, _ j: Int, _ points: [[Float]] = points) -> Double {
    points.reduce(0) { $0 + Double(($1[i] - $1[j]) * ($1[i] - $1[j])) }.squareRoot()
  }

  /// A function drawn at the points, without noise; its values there.
  private func draw(_ model: GaussianProcessModel, _ points: [[Float]], seed: Int) throws -> any Mechanism {
    let made = model.makeMechanism(parentCount: points.count, node: 1, key: TaskKey(seed: UInt64(seed)))
    let zeros = [Float](repeating: 0, count: points[0].count)
    let z = normalColumn(points[0].count, seed: UInt64(seed))
    return try anchored(made, points + [zeros, z])
  }

  private func anchored(_ mechanism: any Mechanism, _ columns: [[Float]]) throws -> any Mechanism {
    #expect(mechanism.needsAnchors)
    return try #require(mechanism.anchored(at: columns))
  }

  private func values(_ mechanism: any Mechanism, _ points: [[Float]], seed: Int) -> [Double] {
    let zeros = [Float](repeating: 0, count: points[0].count)
    return evaluate(mechanism, points + [zeros, normalColumn(points[0].count, seed: UInt64(seed))]).map(Double.init)
  }

  /// sd of an entry: √((KᵢᵢKⱼⱼ + Kᵢⱼ²)/R).
  private func expectCovariance(_ draws: [[Double]], _ covariance: (Int, Int) -> Double) {
    for i in draws[0].indices {
      for j in 0...i {
        let found = draws.reduce(0) { $0 + $1[i] * $1[j] } / Double(draws.count)
        let expected = covariance(i, j)
        let deviation = ((covariance(i, i) * covariance(j, j) + expected * expected) / Double(draws.count)).squareRoot()
        #expect(abs(found - expected) < 5 * deviation, "\(i), \(j): \(found), not \(expected)")
      }
    }
  }

  @Test(arguments: SpectralKernel.allCases)
  func theCovarianceAtTheAnchorsIsTheKernel(kernel: SpectralKernel) throws {
    let draws = try (0..<4000).map { seed in
      values(try draw(model([kernel]), Self.points, seed: seed), Self.points, seed: seed)
    }
    expectCovariance(draws) { value(kernel, distance($0, $1)) + ($0 == $1 ? 1e-6 : 0) }
  }

  /// Rows behind the anchors are conditioned on them one by one: each has the right law together with all anchors.
  @Test(arguments: [SpectralKernel.rbf, .matern12, .gammaExponential])
  func aLaterRowHasTheKernelsCovarianceWithTheAnchors(kernel: SpectralKernel) throws {
    let anchors = Self.points.map { Array($0.prefix(4)) }
    let draws = try (0..<4000).map { seed in
      values(try draw(model([kernel]), anchors, seed: seed), Self.points, seed: seed)
    }
    expectCovariance(draws) { value(kernel, distance($0, $1)) + ($0 == $1 ? 1e-6 : 0) }
  }

  @Test func aSumOfKernelsIsTheirMean() throws {
    let draws = try (0..<4000).map { seed in
      values(try draw(model([.rbf, .matern12]), Self.points, seed: seed), Self.points, seed: seed)
    }
    expectCovariance(draws) {
      (value(.rbf, distance($0, $1)) + value(.matern12, distance($0, $1))) / 2 + ($0 == $1 ? 1e-6 : 0)
    }
  }

  /// γ = 0.7, length scales 1 and 2 (the second input is halved instead), points (0, 0), (1, −1), (½, 2).
  @Test func theGammaExponentialExampleHasTheSpecificationsCovariances() throws {
    var model = model([.gammaExponential])
    (model.law.gammaMin, model.law.gammaMax) = (0.7, 0.7)
    let points: [[Float]] = [[0, 1, 0.5], [0, -0.5, 1]]
    let draws = try (0..<6000).map { values(try draw(model, points, seed: $0), points, seed: $0) }
    let expected = [[1], [0.33917773, 1], [0.33917773, 0.25205839, 1]]
    expectCovariance(draws) { expected[max($0, $1)][min($0, $1)] }
  }

  /// A smooth function at a thousand rows: its values there, repeated, and close by.
  @Test func theFunctionIsOneFunction() throws {
    let x = normalColumn(300, site: 5)
    let mechanism = try draw(model([.rbf]), [x], seed: 3)
    let first = values(mechanism, [x], seed: 3)
    #expect(values(mechanism, [x], seed: 3) == first)
    // Another order: no row is an anchor's, so that each is conditioned. The nugget's deviation is 10⁻³.
    let again = values(mechanism, [x.reversed()], seed: 4)
    for (a, b) in zip(first, again.reversed()) { #expect(abs(a - b) < 8e-3) }
  }

  @Test func jitterGrowsUntilAFactorExistsAndIsCounted() throws {
    // Ten thousand times the same point would need more jitter than rounding leaves; a few hundred are well served.
    let x = [Float](repeating: 0.5, count: 200)
    let mechanism = try draw(model([.rbf]), [x], seed: 1)
    #expect(mechanism.settings["jitter_growths"] == .number(0))
    #expect(mechanism.settings["kernel_0"] == .name("rbf"))
    let process = model([.rbf]).makeMechanism(parentCount: 1, node: 1, key: TaskKey(seed: 1))
    #expect(process.anchored(at: [[.nan, 1], [0, 0], [0, 0]]) == nil)
  }

  /// Its covariance matrix is 0, which has no factor.
  @Test func aFunctionOfNoSizeIsNoneOfTheProcesses() {
    var gp = GaussianProcessModel.gp
    gp.mode = .exact
    for size in [0, 1e-30] {
      (gp.outputMin, gp.outputMax) = (size, size)
      let made = gp.makeMechanism(parentCount: 1, node: 0, key: TaskKey(seed: 2))
      #expect(!made.needsAnchors)
      #expect(
        evaluate(made, [normalColumn(40, site: 0), [Float](repeating: 0, count: 40)]).allSatisfy { abs($0) < 1e-28 })
    }
  }

  /// Means, noise, latent variable and outer function stand around the process as they do around features.
  @Test func whatStandsAroundTheProcessIsThatOfTheModel() throws {
    var gpcde = GaussianProcessModel.gpcde
    gpcde.mode = .exact
    gpcde.noiseScale = 0
    (gpcde.latentWeight, gpcde.parentWeight) = (2, -3)
    let columns = (0..<5).map { normalColumn(40, site: $0) }
    let made = gpcde.makeMechanism(parentCount: 2, node: 0, key: TaskKey(seed: 2))
    #expect(made.noise.map(\.name) == ["latent", "noise", "process"])
    #expect(made.readsStandardizedParents)
    let drawn = try anchored(made, columns)
    (gpcde.latentWeight, gpcde.parentWeight) = (0, 0)
    let bare = evaluate(
      try anchored(gpcde.makeMechanism(parentCount: 2, node: 0, key: TaskKey(seed: 2)), columns), columns)
    for (row, value) in evaluate(drawn, columns).enumerated() {
      let mean = 2 * columns[2][row] - 3 * (columns[0][row] + columns[1][row])
      #expect(abs(value - bare[row] - mean) < 1e-5)
    }
  }

  /// The features' law against the exact one, where the kernel is so rough that part of the features becomes a nugget: values at
  /// four points, 500 functions each. Under one law a permuted statistic is as large as the statistic itself.
  @Test(arguments: [(0.5, 0.5, true), (0.9, 0.9, true), (1.6, 1.6, true), (0.5, 1.6, false)])
  func featuresAndExactDrawsHaveOneLaw(exponent: Double, exactExponent: Double, areEqual: Bool) throws {
    let points: [[Float]] = [[0, 0.1, 0.2, 0.7], [0, 0, 0.1, -0.4]]
    func values(_ mode: GaussianProcessMode, _ exponent: Double, _ seeds: Range<Int>) throws -> [[Double]] {
      var model = model([.gammaExponential])
      model.mode = mode
      (model.law.gammaMin, model.law.gammaMax) = (exponent, exponent)
      model.law.features = 400
      return try seeds.map { seed in
        if mode == .exact { return self.values(try draw(model, points, seed: seed), points, seed: seed) }
        let mechanism = model.makeMechanism(parentCount: 2, node: 1, key: TaskKey(seed: UInt64(seed)))
        let noise: [[Float]] = [[0, 0, 0, 0], normalColumn(4, seed: UInt64(seed))]
        return evaluate(mechanism, points + noise.prefix(mechanism.noise.count)).map(Double.init)
      }
    }
    // Increments, in which the roughness shows best.
    func increments(_ values: [[Double]]) -> [[Double]] {
      values.map { row in row.indices.dropFirst().map { row[$0] - row[$0 - 1] } }
    }
    let deviations = energyDeviations(
      increments(try values(.features, exponent, 0..<500)),
      increments(try values(.exact, exactExponent, 1000..<1500)))
    #expect(areEqual ? deviations < 5 : deviations > 5, "\(deviations) deviations")
  }
}
