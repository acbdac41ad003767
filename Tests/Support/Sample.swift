/// Moments of observed numbers, and how far they lie from what is claimed of their law.
///
///     #expect(abs(Sample(weights).deviationsFromMean(0)) < 5)
///
/// Deviations count standard errors, estimated from the sample itself; a right claim fails beyond 5 with probability 6e-7.
package struct Sample {
  package let count: Int
  package let mean: Double
  package let variance: Double
  /// The fourth central moment over the squared variance: 3 for normals.
  package let kurtosis: Double

  package init(_ values: some Collection<Double>) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let fourth = values.reduce(0) { sum, value in
      let square = (value - mean) * (value - mean)
      return sum + square * square
    }
    count = values.count
    self.mean = mean
    self.variance = variance
    kurtosis = variance > 0 ? fourth / n / (variance * variance) : 0
  }

  package init(_ values: some Collection<Float>) { self.init(values.map(Double.init)) }

  /// sd of a mean: √(σ²/n).
  package func deviationsFromMean(_ expected: Double) -> Double {
    Self.ratio(mean - expected, (variance / Double(count)).squareRoot())
  }

  /// sd of a variance: σ²·√((κ − 1)/n), for any law with a fourth moment.
  package func deviationsFromVariance(_ expected: Double) -> Double {
    Self.ratio(variance - expected, variance * ((kurtosis - 1) / Double(count)).squareRoot())
  }

  private static func ratio(_ distance: Double, _ deviation: Double) -> Double {
    deviation > 0 ? distance / deviation : (distance == 0 ? 0 : .infinity)
  }
}

package func correlation(_ a: [Float], _ b: [Float]) -> Double {
  let (x, y) = (Sample(a), Sample(b))
  let product = zip(a, b).reduce(0) { $0 + (Double($1.0) - x.mean) * (Double($1.1) - y.mean) }
  return product / Double(a.count) / (x.variance * y.variance).squareRoot()
}

/// Whether counts fit shares, by Pearson's χ² within five deviations (Wilson and Hilferty's cube root of χ² is normal).
package func fits(_ counts: [Int], _ shares: [Double]) -> Bool {
  let total = Double(counts.reduce(0, +))
  let statistic = zip(counts, shares).reduce(0) { sum, pair in
    let expected = total * pair.1
    return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
  }
  let freedom = Double(counts.count - 1)
  let root = 1 - 2 / (9 * freedom) + 5 * (2 / (9 * freedom)).squareRoot()
  return statistic < freedom * root * root * root
}
