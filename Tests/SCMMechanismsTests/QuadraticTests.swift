import SCMBase
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct QuadraticTests {
  private func drawn(_ density: Double, parentCount: Int = 4, seed: Int) throws -> QuadraticMechanism {
    var model = QuadraticModel()
    model.density = density
    let made = model.makeMechanism(parentCount: parentCount, node: 1, key: TaskKey(seed: UInt64(seed)))
    return try #require(made as? QuadraticMechanism)
  }

  @Test(arguments: [1, 2, 5]) func equalsTheQuadraticForm(parentCount: Int) throws {
    let mechanism = try drawn(0.7, parentCount: parentCount, seed: 4)
    let columns = (0...parentCount).map { normalColumn(600, site: $0) }
    let values = evaluate(mechanism, columns)
    for row in 0..<600 {
      var sum = Double(mechanism.additiveNoise.scale) * Double(columns[parentCount][row])
      for i in 0..<parentCount {
        let z = Double(columns[i][row])
        sum += Double(mechanism.weights[i]) * z
        for j in 0...i { sum += Double(mechanism.pairs[i * parentCount + j]) * z * Double(columns[j][row]) }
      }
      #expect(abs(Double(values[row]) - sum) < 1e-4, "row \(row)")
    }
  }

  /// Of normal parents: mean Σ wᵢᵢ, variance Σ wᵢ² + 2Σ wᵢᵢ² + Σ wᵢⱼ² + σ².
  @Test func hasTheMomentsOfItsClosedForm() {
    let mechanism = QuadraticMechanism(
      weights: [0.5, -0.7], pairs: [0.6, 0, -0.8, 0.9], additiveNoise: AdditiveNoise(scale: 0.4))
    let values = Sample(evaluate(mechanism, (0..<3).map { normalColumn(200_000, site: $0) }))
    #expect(abs(values.deviationsFromMean(1.5)) < 5)
    #expect(abs(values.deviationsFromVariance(0.25 + 0.49 + 2 * (0.36 + 0.81) + 0.64 + 0.16)) < 5)
  }

  @Test func keepsProductsWithTheirProbabilityAndAllFirstPowers() throws {
    let drawn = try (0..<300).map { try self.drawn(0.3, seed: $0) }
    let kept = drawn.reduce(0) { sum, made in sum + made.pairs.count { $0 != 0 } }
    // 3000 products at 0.3: five deviations are 5·√630 = 125.5.
    #expect(abs(kept - 900) <= 125, "\(kept)")
    for made in drawn {
      #expect((made.weights + made.pairs.filter { $0 != 0 }).allSatisfy { (0.5...1).contains(abs($0)) })
      for i in 0..<4 { for j in (i + 1)..<max(i + 1, 4) { #expect(made.pairs[4 * i + j] == 0) } }
    }
    #expect(try self.drawn(0, seed: 1).weights == self.drawn(1, seed: 1).weights)
    #expect(try self.drawn(0, seed: 1).pairs.allSatisfy { $0 == 0 })
  }

  @Test func refusesAnEmptyRange() {
    var model = QuadraticModel()
    model.weightMin = 1.5
    #expect(throws: ConfigError.self) { try model.check() }
  }
}
