import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct LinearTests {
  @Test(arguments: [0, 1, 2, 3, 5, 16, 33])
  func equalsAPlainChainOfFusedMultiplyAdds(parentCount: Int) {
    let weights = normalColumn(parentCount, seed: 5)
    let mechanism = LinearMechanism(weights: weights, bias: 0.3, noiseScale: 0.7)
    let columns = (0...parentCount).map { normalColumn(600, site: $0) }
    let values = evaluate(mechanism, columns)
    for row in 0..<600 {
      var sum: Float = 0.3
      for (i, weight) in weights.enumerated() { sum = sum.addingProduct(weight, columns[i][row]) }
      sum = sum.addingProduct(0.7, columns[parentCount][row])
      #expect(values[row].bitPattern == sum.bitPattern, "row \(row)")
    }
  }

  @Test func aScalePerRowMultipliesTheNoise() {
    let perRow = NoiseChannel.rowScale(Gamma(shape: 2, scale: 1), isVariance: true)
    let mechanism = LinearMechanism(weights: [2], bias: -1, noiseScale: 0.7, factor: .channel(perRow))
    #expect(mechanism.noise == [.noise, perRow])
    let columns = (0..<3).map { normalColumn(300, site: $0) }
    let values = evaluate(mechanism, columns)
    for row in 0..<300 {
      let noise = columns[2][row] * columns[1][row]
      let expected = Float(-1).addingProduct(2, columns[0][row]).addingProduct(0.7, noise)
      #expect(values[row].bitPattern == expected.bitPattern, "row \(row)")
    }
  }

  @Test func aRootIsItsScaledNoise() {
    let noise = normalColumn(100)
    let values = evaluate(LinearMechanism(weights: [], bias: 0, noiseScale: 2), [noise])
    #expect(values == noise.map { 2 * $0 })
  }

  @Test func showsAllNumbersThatDefineIt() {
    let mechanism = LinearMechanism(weights: [1, -2], bias: 0.5, noiseScale: 3)
    #expect(mechanism.parentCount == 2)
    #expect(mechanism.noise == [.noise])
    #expect(
      mechanism.parameters == [
        MechanismParameter("weight", shape: [2], [1, -2]), MechanismParameter("bias", 0.5),
        MechanismParameter("noise_scale", 3),
      ])
  }
}
