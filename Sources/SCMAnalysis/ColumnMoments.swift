import SCMBase
public import SCMFamilies

/// Moments of the columns of a data set, and what they say of its columns together.
public struct ColumnMoments: Sendable {
  public let rowCount: Int
  public let columnCount: Int
  public let means: [Double]
  /// Population variances: divided by the number of rows.
  public let variances: [Double]
  /// Row-major; 0 beside a constant column, whose correlation with itself counts as 1.
  public let correlations: [Double]
  /// Third and fourth central moments over the power of the deviation; 0 for a constant column.
  public let skewness: [Double]
  public let excessKurtosis: [Double]
  /// The columns with mean 0 and variance 1, one after the other.
  let standardized: [Double]

  public init(_ samples: SampleMatrix) {
    let (n, d) = (samples.rowCount, samples.columnCount)
    rowCount = n
    columnCount = d
    var means = [Double](repeating: 0, count: d)
    var variances = means
    var skewness = means
    var kurtosis = means
    var standardized = [Double](repeating: 0, count: n * d)
    for j in 0..<d where !Interruption.isRequested {
      var sum = 0.0
      for r in 0..<n { sum += Double(samples[r, j]) }
      let mean = n > 0 ? sum / Double(n) : 0
      var square = 0.0
      for r in 0..<n {
        let x = Double(samples[r, j]) - mean
        standardized[j * n + r] = x
        square += x * x
      }
      let variance = n > 0 ? square / Double(n) : 0
      means[j] = mean
      variances[j] = variance
      let scale = variance > 0 ? 1 / variance.squareRoot() : 0
      var (third, fourth) = (0.0, 0.0)
      for r in 0..<n {
        let z = standardized[j * n + r] * scale
        standardized[j * n + r] = z
        third += z * z * z
        fourth += z * z * z * z
      }
      skewness[j] = n > 0 ? third / Double(n) : 0
      kurtosis[j] = variance > 0 ? fourth / Double(n) - 3 : 0
    }
    self.means = means
    self.variances = variances
    self.skewness = skewness
    excessKurtosis = kurtosis
    self.standardized = standardized
    correlations = Self.products(standardized, standardized, n, d)
  }

  /// Means of products of two sets of columns; where they are one, its diagonal is 1.
  static func products(_ a: [Double], _ b: [Double], _ n: Int, _ d: Int) -> [Double] {
    var result = [Double](repeating: 0, count: d * d)
    for i in 0..<d where !Interruption.isRequested {
      for j in 0..<d {
        var sums = SIMD8<Double>()
        var r = 0
        while r + 8 <= n {
          var (x, y) = (SIMD8<Double>(), SIMD8<Double>())
          for lane in 0..<8 {
            x[lane] = a[i * n + r + lane]
            y[lane] = b[j * n + r + lane]
          }
          sums.addProduct(x, y)
          r += 8
        }
        var sum = sums.sum()
        while r < n {
          sum += a[i * n + r] * b[j * n + r]
          r += 1
        }
        result[i * d + j] = n > 0 ? sum / Double(n) : 0
      }
    }
    return result
  }

  /// The share of each column's variance, R², that all the others explain linearly: 1 − 1/[Corr⁻¹]ⱼⱼ.
  ///
  /// Source: Reisach, Tami, Seiler, Chambaz, Weichwald, "A scale-invariant sorting criterion to find a causal order in additive
  /// noise models", NeurIPS 2023, equation 3.
  ///
  /// - Returns: `nil` where the correlations have no inverse: constant or collinear columns, or fewer rows than columns.
  public var explainedVariances: [Double]? {
    inverseDiagonal(correlations, count: columnCount)?.map { 1 - 1 / $0 }
  }
}
