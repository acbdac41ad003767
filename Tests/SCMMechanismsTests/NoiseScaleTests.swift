import Foundation
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// The size of additive noise: per node, or per row.
@Suite struct NoiseScaleTests {
  private func model(_ law: NoiseScaleModel.Law, shape: Double = 2.5, scale: Double = 0.4) -> NoiseScaleModel {
    var model = NoiseScaleModel()
    model.law = law
    model.shape = shape
    model.scale = scale
    return model
  }

  private func draw(_ model: NoiseScaleModel, node: UInt32, _ seed: Int = 1) throws -> LinearMechanism {
    let made = LinearModel().makeMechanism(
      parentCount: 1, node: node, key: TaskKey(seed: UInt64(seed)), noiseScale: model)
    return try #require(made as? LinearMechanism)
  }

  @Test(arguments: [(2.5, 0.4), (0.5, 2.0), (10.0, 0.3)])
  func variancesPerNodeFollowTheGammaLaw(shape: Double, scale: Double) throws {
    let model = model(.gammaVariance, shape: shape, scale: scale)
    let variances = Sample(
      try (0..<4000).map { seed in
        let mechanism = try draw(model, node: 3, seed)
        #expect(mechanism.factor == nil)
        return Double(mechanism.noiseScale) * Double(mechanism.noiseScale)
      })
    #expect(abs(variances.deviationsFromMean(shape * scale)) < 5)
    #expect(abs(variances.deviationsFromVariance(shape * scale * scale)) < 5)
  }

  @Test func theDefaultNoiseVarianceIsPerNodeWithMeanOne() {
    let standard = NoiseScaleModel()
    #expect(standard.law == .gammaVariance)
    #expect(standard.shape * standard.scale == 1)
  }

  @Test func uniformScalesLieBetweenTheirBounds() throws {
    var model = model(.uniform)
    model.least = 0.2
    model.most = 2
    let scales = try (0..<4000).map { Double(try draw(model, node: 0, $0).noiseScale) }
    #expect(scales.allSatisfy { (0.2 - 1e-7...2 + 1e-7).contains($0) })
    #expect(abs(Sample(scales).deviationsFromMean(1.1)) < 5)
    #expect(abs(Sample(scales).deviationsFromVariance(1.8 * 1.8 / 12)) < 5)
  }

  @Test func uniformVariancesLieBetweenTheSquaresOfTheBounds() throws {
    var model = model(.uniformVariance)
    model.least = 0.4
    model.most = 2
    let variances = try (0..<4000).map { seed in
      let scale = Double(try draw(model, node: 0, seed).noiseScale)
      return scale * scale
    }
    #expect(variances.allSatisfy { (0.16 - 1e-6...4 + 1e-6).contains($0) })
    #expect(abs(Sample(variances).deviationsFromMean(2.08)) < 5)
    #expect(abs(Sample(variances).deviationsFromVariance(3.84 * 3.84 / 12)) < 5)
  }

  /// σ² ~ Gamma(α, θ) per row: E σ² = αθ and excess kurtosis 3/α; σ ~ Gamma(α, θ): E σ² = α(α + 1)θ² and excess kurtosis
  /// 3(α + 2)(α + 3)/(α(α + 1)) − 3, 5.4857 for α = 2.5.
  @Test(arguments: [
    (NoiseScaleModel.Law.gammaVariancePerRow, 0.4, 1.0, 1.2),
    (.gammaScalePerRow, 2.5, 54.6875, 5.485714),
  ])
  func noisePerRowHasTheStatedVarianceAndKurtosis(
    law: NoiseScaleModel.Law, scale: Double, variance: Double, excess: Double
  ) throws {
    let mechanism = try draw(model(law, scale: scale), node: 4)
    guard case .channel(let perRow)? = mechanism.factor else {
      Issue.record("no factor per row")
      return
    }
    #expect(abs(perRow.meanSquare - variance) < 1e-12 * variance)
    #expect(mechanism.factor?.meanSquare == perRow.meanSquare)
    let rows = 200_000
    let noise = normalColumn(rows, seed: 8)
    let factors = column(perRow, rows: rows)
    let values = Sample(evaluate(mechanism, [[Float](repeating: 0, count: rows), noise, factors]))
    #expect(abs(values.deviationsFromMean(0)) < 5)
    #expect(abs(values.deviationsFromVariance(variance)) < 5)
    // The eighth moment is large: ten percent is about four standard errors here.
    #expect(abs(values.kurtosis - 3 - excess) < 0.1 * (3 + excess))
  }

  /// The variance at a point is softplus(h) with h ~ N(0, scale²): its mean over tasks, at scale 2, is
  /// ∫ log(1 + e^2z) φ(z) dz.
  @Test func theNoiseCanBeAFunctionOfTheParents() throws {
    let model = model(.input)
    let variances = try (0..<4000).map { seed in
      let values = evaluate(try draw(model, node: 0, seed), [[0, 0], [1, 0]])
      let scale = Double(values[0] - values[1])
      return scale * scale
    }
    let step = 0.001
    let expected = stride(from: -8.0, to: 8, by: step).reduce(0) { sum, z in
      sum + log(1 + exp(2 * z)) * exp(-z * z / 2) / (2 * Double.pi).squareRoot() * step
    }
    #expect(abs(Sample(variances).deviationsFromMean(expected)) < 5)
  }

  @Test func noiseOfTheParentsVariesSlowlyAlongThem() throws {
    // Length 10: along one unit the variance changes little, along a hundred it does.
    let mechanism = try draw(model(.input), node: 0)
    let parents: [Float] = [0, 0.5, 40, 80, 120]
    let scales = zip(
      evaluate(mechanism, [parents, [Float](repeating: 1, count: 5)]),
      evaluate(mechanism, [parents, [Float](repeating: 0, count: 5)])
    ).map { $0 - $1 }
    #expect(abs(scales[1] / scales[0] - 1) < 0.2)
    #expect(scales.max() ?? 0 > 1.2 * (scales.min() ?? 0))
    #expect(mechanism.factor?.meanSquare == nil)
  }

  @Test func aRowsScaleDoesNotDependOnTheRowsAroundIt() {
    let channel = NoiseChannel.rowScale(Gamma(shape: 2, scale: 1), isVariance: false)
    let all = column(channel, rows: 512)
    #expect(all.allSatisfy { $0 > 0 })
    #expect(column(channel, rows: 64, first: 128) == Array(all[128..<192]))
    #expect(Set(all).count == 512)
  }

  /// Of the 2³⁴ rows of a draw no two share their words, and a range may lie on both sides of row 2³².
  @Test(arguments: [0.5, 2.0]) func rowsPastThe32BitsOfABlockHaveScalesOfTheirOwn(shape: Double) {
    let channel = NoiseChannel.rowScale(Gamma(shape: shape, scale: 1), isVariance: false)
    let far = column(channel, rows: 64, first: 1 << 32)
    #expect(Set(far).isDisjoint(with: column(channel, rows: 64)))
    #expect(Set(far).isDisjoint(with: column(channel, rows: 64, first: 1 << 33)))
    #expect(Array(column(channel, rows: 128, first: 1 << 32 - 64)[64...]) == far)
  }

  private func column(_ channel: NoiseChannel, rows: Int, first: Int = 0) -> [Float] {
    var result = [Float](repeating: 0, count: rows)
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for start in stride(from: 0, to: rows, by: rowsPerTile) {
        channel.fillTile(
          base + start, law: NoiseSource(.gaussian), firstRow: first + start, rows: min(rowsPerTile, rows - start),
          key: TaskKey(seed: 5), site: 2, purpose: channel.purpose, draw: 0)
      }
    }
    return result
  }
}
