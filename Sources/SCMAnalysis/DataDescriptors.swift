import SCMBase
public import SCMFamilies
public import SCMGraphs
public import SCMMechanisms
import SCMRandom

/// Numbers about one data set, and how its values give the causal order away.
///
/// A class's number is a name: columns with classes have no part in moments, correlations and sortabilities, but for ``kinds``. Counts are
/// numbers like others. Cells that are NaN are missing; see ``ColumnMoments``.
public struct DataDescriptors: Sendable {
  /// Mean and deviation of the logarithms of the nodes' variances.
  public let logVarianceMean: Double
  public let logVarianceDeviation: Double
  /// Mean and 0.9-quantile of the magnitudes of correlations of two nodes.
  public let correlationMean: Double
  public let correlationQuantile: Double
  /// The exponential of the entropy of the correlation matrix's eigenvalues, over the number of nodes.
  ///
  /// Source: Roy and Vetterli, "The effective rank", EUSIPCO 2007.
  public let effectiveRank: Double
  public let skewnessMean: Double
  /// Within ±20.
  public let kurtosisMean: Double
  /// Mean share of a node's variance that all others explain linearly; 0 where the correlations have no inverse.
  public let explainedMean: Double
  /// Mean magnitude of the correlation of one node's square with another node.
  public let nonlinearity: Double
  /// ½, the value of no order, where there are no edges.
  public let varSortability: Double
  /// ½ also where the correlations have no inverse.
  public let r2Sortability: Double
  /// False where a column is constant or a sum of others, or where there are no more rows than columns.
  public let haveCorrelationsInverse: Bool
  /// What the columns' values are, and how much edges tell whatever they are.
  public let kinds: KindDescriptors

  /// - Parameter valueKinds: what each column's values are; empty where all are continuous.
  /// - Precondition: the samples have a column for each node, and each column has a kind of values, or none has.
  public init(_ samples: SampleMatrix, graph: AdjacencyMatrix, valueKinds: [ValueKind] = []) {
    requireInRelease(samples.columnCount == graph.nodeCount, "Each node has a column.")
    requireInRelease(
      valueKinds.isEmpty || valueKinds.count == samples.columnCount, "Each column has a kind of values, or none has.")
    kinds = KindDescriptors(samples, graph: graph, valueKinds: valueKinds)
    let numbers = NumberColumns(samples.columnCount, valueKinds)
    let moments = ColumnMoments(numbers.of(samples))
    let (n, d) = (moments.rowCount, moments.columnCount)
    let logs = moments.variances.map(Self.logVariance)
    logVarianceMean = logs.mean
    logVarianceDeviation = logs.deviation
    var magnitudes: [Double] = []
    for i in 0..<d { for j in 0..<i { magnitudes.append(abs(moments.correlations[i * d + j])) } }
    correlationMean = magnitudes.mean
    correlationQuantile = magnitudes.quantile(0.9)
    var matrix = moments.correlations
    for i in 0..<d { matrix[i * d + i] = 1 }
    let entropy = symmetricEigenvalues(matrix, count: d).reduce(0) { sum, value in
      let share = max(value, 0) / Double(max(d, 1))
      return share > 0 ? sum - share * Elementary.log(share) : sum
    }
    effectiveRank = d > 0 ? Elementary.exp(entropy) / Double(d) : 0
    skewnessMean = moments.skewness.map(abs).mean
    kurtosisMean = moments.excessKurtosis.map { min(max($0, -20), 20) }.mean
    let explained = moments.explainedVariances
    explainedMean = (explained ?? []).mean
    haveCorrelationsInverse = explained != nil
    // Squares, centred and scaled.
    var squares = moments.standardized.map { $0 * $0 - 1 }
    if let seen = moments.seen { for place in squares.indices { squares[place] *= seen[place] } }
    for j in 0..<d {
      let column = squares[(j * n)..<((j + 1) * n)]
      // Over the cells that are there, as the moments are.
      let share = moments.sharedRows.map { $0[j * d + j] } ?? 1
      let deviation = (column.reduce(0) { $0 + $1 * $1 } / Double(max(n, 1)) / share).squareRoot()
      let scale = deviation > 0 ? 1 / deviation : 0
      for r in (j * n)..<((j + 1) * n) { squares[r] *= scale }
    }
    let products = ColumnMoments.among(
      moments.sharedRows, ColumnMoments.products(squares, moments.standardized, n, d))
    var sum = 0.0
    for i in 0..<d { for j in 0..<d where i != j { sum += abs(products[i * d + j]) } }
    nonlinearity = d > 1 ? sum / Double(d * (d - 1)) : 0
    varSortability = numbers.sortability(of: moments.variances, in: graph) ?? 0.5
    r2Sortability = explained.flatMap { numbers.sortability(of: $0, in: graph) } ?? 0.5
  }

  /// By name, without ``kinds``, which have their own.
  static let numbers: [(name: String, value: @Sendable (Self) -> Double)] = [
    ("log_variance_mean", { $0.logVarianceMean }), ("log_variance_sd", { $0.logVarianceDeviation }),
    ("correlation_mean", { $0.correlationMean }), ("correlation_q90", { $0.correlationQuantile }),
    ("effective_rank", { $0.effectiveRank }), ("skewness", { $0.skewnessMean }),
    ("excess_kurtosis", { $0.kurtosisMean }), ("explained", { $0.explainedMean }),
    ("nonlinearity", { $0.nonlinearity }), ("var_sortability", { $0.varSortability }),
    ("r2_sortability", { $0.r2Sortability }),
  ]

  /// The names of ``vector``'s entries.
  public static let names = numbers.map { $0.name }

  /// Without ``kinds``, which have their own.
  public var vector: [Double] { Self.numbers.map { $0.value(self) } }

  /// A constant column counts as one of variance 1e-30.
  static func logVariance(_ variance: Double) -> Double { Elementary.log(variance > 0 ? variance : 1e-30) }
}
