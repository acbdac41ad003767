import SCMBase
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct ProductTests {
  private func mechanism(_ weights: [Float], offset: Float) -> ProductMechanism {
    ProductMechanism(weights: weights, offset: offset, additiveNoise: AdditiveNoise(scale: 0.5))
  }

  @Test func equalsAPlainProduct() {
    let columns = (0..<4).map { normalColumn(600, site: $0) }
    let values = evaluate(mechanism([0.5, -2, 1], offset: 0.75), columns)
    for row in 0..<600 {
      var product: Float = 1
      for (index, weight) in ([0.5, -2, 1] as [Float]).enumerated() {
        product *= Float(0.75).addingProduct(weight, columns[index][row])
      }
      #expect(values[row].bitPattern == product.addingProduct(0.5, columns[3][row]).bitPattern, "row \(row)")
    }
  }

  /// Of independent standardised parents: mean oᵖ, variance ∏(o² + wᵢ²) − o²ᵖ + σ².
  @Test func hasTheMomentsOfItsClosedForm() {
    let values = Sample(
      evaluate(mechanism([0.5, -0.8], offset: 1.5), (0..<3).map { normalColumn(200_000, site: $0) }))
    #expect(abs(values.deviationsFromMean(2.25)) < 5)
    #expect(abs(values.deviationsFromVariance((2.25 + 0.25) * (2.25 + 0.64) - 2.25 * 2.25 + 0.25)) < 5)
  }

  /// Without an offset the correlation with each parent is 0, with standard error 1/√n.
  @Test func aPlainProductIsUncorrelatedWithItsParents() {
    let columns = (0..<3).map { normalColumn(100_000, site: $0) }
    let values = evaluate(mechanism([1, -1], offset: 0), columns)
    // The product's kurtosis makes the error up to three times as large: E z⁴ of a normal z is 3.
    for parent in 0..<2 { #expect(abs(correlation(values, columns[parent])) < 5 * 1.8 / 316) }
    let product = zip(columns[0], columns[1]).map { -$0 * $1 }
    #expect(correlation(values, product) > 0.8)
  }

  @Test func weightsAreSignedUniform() throws {
    let weights = try (0..<500).flatMap { seed in
      let made = ProductModel().makeMechanism(parentCount: 4, node: 1, key: TaskKey(seed: UInt64(seed)))
      return try #require(made as? ProductMechanism).weights
    }
    #expect(weights.allSatisfy { (0.5...1).contains(abs($0)) })
    #expect(abs(Sample(weights).deviationsFromMean(0)) < 5)
    // E w² of U(0.5, 1): 7/12.
    #expect(abs(Sample(weights).deviationsFromVariance(7.0 / 12)) < 5)
  }

  @Test func refusesAnEmptyRange() {
    var model = ProductModel()
    model.weightMax = 0.25
    #expect(throws: ConfigError.self) { try model.check() }
  }
}
