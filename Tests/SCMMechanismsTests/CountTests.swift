import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct CountTests {
  /// A mechanism without parents whose mean is that of a score, and one column of uniform noise.
  private func counts(mean: Double, size: Double?, rows: Int) -> [Float] {
    let most = 2 * mean
    let mechanism = CountMechanism(weights: [], bias: 0, mostMean: Float(most), size: size)
    var noise = [Float](repeating: 0, count: rows)
    NoiseSource(.uniform).fill(&noise, first: 0, key: TaskKey(seed: 4), site: 1)
    return evaluate(mechanism, [noise])
  }

  /// P(N = n) of a Poisson or negative binomial law.
  private func probability(_ n: Int, mean: Double, size: Double?) -> Double {
    var p: Double
    if let size {
      p = Elementary.exp(-size * Elementary.log(1 + mean / size))
      for k in 0..<n { p *= (Double(k) + size) / Double(k + 1) * mean / (size + mean) }
    } else {
      p = Elementary.exp(-mean)
      for k in 0..<n { p *= mean / Double(k + 1) }
    }
    return p
  }

  /// χ² over all counts that are expected at least five times, the others together: its mean plus five of its deviations.
  @Test(arguments: [(0.5, nil), (8, nil), (200, nil), (3, 0.5), (40, 5)] as [(Double, Double?)])
  func countsHaveTheirLaw(mean: Double, size: Double?) {
    let rows = 40_000
    let values = counts(mean: mean, size: size, rows: rows)
    var observed: [Int: Int] = [:]
    for value in values { observed[Int(value), default: 0] += 1 }
    var (statistic, freedom, covered, seen) = (0.0, 0, 0.0, 0)
    for n in 0..<2000 {
      let expected = probability(n, mean: mean, size: size) * Double(rows)
      guard expected >= 5 else { continue }
      let difference = Double(observed[n] ?? 0) - expected
      statistic += difference * difference / expected
      freedom += 1
      covered += expected
      seen += observed[n] ?? 0
    }
    let rest = Double(rows) - covered
    if rest > 1 { statistic += (Double(rows - seen) - rest) * (Double(rows - seen) - rest) / rest }
    #expect(
      freedom > 3 && statistic <= Double(freedom) + 5 * (2 * Double(freedom)).squareRoot(),
      "χ² \(statistic) of \(freedom)")
  }

  @Test func countsGrowWithTheirNoise() {
    let mechanism = CountMechanism(weights: [0.7], bias: 0.2, mostMean: 30, size: nil)
    let levels = (0..<1000).map { 1.7320508 * (Float($0) / 500 - 0.999) }
    for x in [-3, 0, 2] as [Float] {
      let values = evaluate(mechanism, [[Float](repeating: x, count: 1000), levels])
      #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    }
  }

  @Test(arguments: [nil, 0.1, 3]) func aMeanThatIsNotFiniteGivesNoCount(size: Double?) {
    let mechanism = CountMechanism(weights: [0.7], bias: 0.2, mostMean: 30, size: size)
    for x in [.nan, .infinity, -.infinity] as [Float] {
      #expect(!evaluate(mechanism, [[x], [0]])[0].isFinite, "\(x)")
    }
  }
}
