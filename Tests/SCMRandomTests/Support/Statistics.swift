import Foundation
import Testing

// Every band is five standard deviations wide on either side. With the fixed seeds of the tests such a check passes or
// fails for ever; for a right program one seed in 1.7 million would fail.

/// √n · sup |Fₙ − F|, for values that are sorted (Kolmogorov, 1933; Smirnov, 1948).
func kolmogorovDistance(_ sorted: [some BinaryFloatingPoint], _ cdf: (Double) -> Double) -> Double {
  let n = Double(sorted.count)
  var distance = 0.0
  for (index, value) in sorted.enumerated() {
    let p = cdf(Double(value))
    distance = max(distance, Double(index + 1) / n - p, p - Double(index) / n)
  }
  return distance * n.squareRoot()
}

/// P(√n·D > 2.75) = 2·exp(−2·2.75²) = 5e-7, as unlikely as five standard deviations.
let kolmogorovBound = 2.75

/// Expects that values, in any order, come from a law with this distribution function.
func expectLaw(
  _ values: [some BinaryFloatingPoint], _ name: String, sourceLocation: SourceLocation = #_sourceLocation,
  cdf: (Double) -> Double
) {
  let distance = kolmogorovDistance(values.sorted(), cdf)
  #expect(distance < kolmogorovBound, "√n·D of \(values.count) draws of \(name)", sourceLocation: sourceLocation)
}

/// Expects the mean of xᵏ within 5·√((E x²ᵏ − (E xᵏ)²)/n) of E xᵏ, for each k whose E x²ᵏ is given.
///
/// - Parameter moments: E x, E x², E x³, …
func expectMoments(
  _ values: [some BinaryFloatingPoint], _ name: String, moments: [Double],
  sourceLocation: SourceLocation = #_sourceLocation
) {
  for k in 1...(moments.count / 2) {
    var sum = 0.0
    for value in values { sum += power(Double(value), k) }
    let mean = sum / Double(values.count)
    let deviation = ((moments[2 * k - 1] - moments[k - 1] * moments[k - 1]) / Double(values.count)).squareRoot()
    #expect(
      abs(mean - moments[k - 1]) <= 5 * deviation, "mean of x^\(k) over \(values.count) draws of \(name): \(mean)",
      sourceLocation: sourceLocation)
  }
}

private func power(_ x: Double, _ k: Int) -> Double { (0..<k).reduce(1) { product, _ in product * x } }

/// Expects `count` successes in `trials` of probability `p` within five standard deviations.
func expectCount(
  _ count: Int, of trials: Int, probability p: Double, _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let mean = Double(trials) * p
  #expect(
    abs(Double(count) - mean) <= 5 * (mean * (1 - p)).squareRoot(), "\(name): \(count) times, \(mean) expected",
    sourceLocation: sourceLocation)
}

/// Pearson's χ² of equally likely cells, as deviations of its own: (χ² − df) / √(2 df).
func chiSquareDeviation(_ counts: [Int]) -> Double {
  let mean = Double(counts.reduce(0, +)) / Double(counts.count)
  let statistic = counts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) / mean }
  let freedom = Double(counts.count - 1)
  return (statistic - freedom) / (2 * freedom).squareRoot()
}
