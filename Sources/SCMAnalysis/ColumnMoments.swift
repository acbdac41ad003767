import SCMBase
public import SCMFamilies

/// Moments of the columns of a data set, and what they say of its columns together.
///
/// A cell that is NaN is one that nobody saw: a column's moments are over the cells that are there, a correlation over the rows
/// that have both.
public struct ColumnMoments: Sendable {
  public let rowCount: Int
  public let columnCount: Int
  public let means: [Double]
  /// Population variances: divided by the number of rows.
  public let variances: [Double]
  /// Row-major, in [-1, 1]; 0 beside a constant column, whose correlation with itself counts as 1.
  public let correlations: [Double]
  /// Third and fourth central moments over the power of the deviation; 0 for a constant column.
  public let skewness: [Double]
  public let excessKurtosis: [Double]
  /// The columns with mean 0 and variance 1, one after the other; 0 where a cell is missing.
  let standardized: [Double]
  /// 1 where a cell is there and 0 where it is missing, in the same order; `nil` where none is missing.
  let seen: [Double]?
  /// The share of the rows that have both of two columns, row-major; `nil` where no cell is missing.
  let sharedRows: [Double]?

  public init(_ samples: SampleMatrix) {
    let (n, d) = (samples.rowCount, samples.columnCount)
    rowCount = n
    columnCount = d
    let holes = samples.values.contains { $0.isNaN }
    var seen = [Double](repeating: 1, count: holes ? n * d : 0)
    var means = [Double](repeating: 0, count: d)
    var variances = means
    var skewness = means
    var kurtosis = means
    var standardized = [Double](repeating: 0, count: n * d)
    for j in 0..<d where !Interruption.isRequested {
      if holes { for r in 0..<n where samples[r, j].isNaN { seen[j * n + r] = 0 } }
      func isSeen(_ r: Int) -> Bool { !holes || seen[j * n + r] == 1 }
      let count = holes ? Double((0..<n).count(where: isSeen)) : Double(n)
      var sum = 0.0
      for r in 0..<n where isSeen(r) { sum += Double(samples[r, j]) }
      let mean = count > 0 ? sum / count : 0
      var square = 0.0
      for r in 0..<n where isSeen(r) {
        let x = Double(samples[r, j]) - mean
        standardized[j * n + r] = x
        square += x * x
      }
      let variance = count > 0 ? square / count : 0
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
      skewness[j] = count > 0 ? third / count : 0
      kurtosis[j] = variance > 0 ? fourth / count - 3 : 0
    }
    self.means = means
    self.variances = variances
    self.skewness = skewness
    excessKurtosis = kurtosis
    self.standardized = standardized
    let products = Self.products(standardized, standardized, n, d)
    guard holes else {
      (self.seen, sharedRows, correlations) = (nil, nil, products)
      return
    }
    let shared = Self.products(seen, seen, n, d)
    (self.seen, sharedRows) = (seen, shared)
    correlations = Self.among(shared, products).map { min(max($0, -1), 1) }
  }

  /// Means over rows that are there of means over all, given the shares of those.
  static func among(_ shared: [Double]?, _ means: [Double]) -> [Double] {
    guard let shared else { return means }
    return zip(means, shared).map { $1 > 0 ? $0 / $1 : 0 }
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
