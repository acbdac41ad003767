import SCMExperiments
import SCMFamilies
import SCMRandom
import Testing

/// The columns of one task's experiment.
struct Columns {
  let rows: Int
  private let data: ExperimentData
  private let width: Int

  init(_ design: String, of instance: SCMInstance, draw: UInt32 = 0) throws {
    data = try instance.run(Design(json: design), draw: draw)
    let shape = try #require(data.shape("X"))
    (rows, width) = (shape[0], shape[1])
  }

  var indices: Range<Int> { 0..<width }

  func callAsFunction(_ name: String, _ column: Int) throws -> [Double] {
    let values = try #require(data.floats(name))
    return (0..<rows).map { Double(values[$0 * width + column]) }
  }

  func seen(_ column: Int) throws -> [Bool] {
    let flags = try #require(data.flags("observed"))
    return (0..<rows).map { flags[$0 * width + column] }
  }

  func tries() throws -> [Int] { try #require(data.integers("tries")) }

  /// The causes of a column's holes.
  func causes(_ column: Int) throws -> [Int] {
    let graph = try #require(data.floats("missing_adjacency"))
    return indices.filter { graph[$0 * width + column] == 1 }
  }
}

extension [Double] {
  var mean: Double { reduce(0, +) / Double(count) }
  var variance: Double {
    let mean = mean
    return reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
  }

  func covariance(_ other: [Double]) -> Double {
    let (a, b) = (mean, other.mean)
    return zip(self, other).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) } / Double(count)
  }

  func only(_ flags: [Bool]) -> [Double] { zip(self, flags).filter(\.1).map(\.0) }
}

/// What a probit P(R = 1 | s) = Φ(α + βs) with P(R = 1) = p makes of a standard normal s (Heckman, "Sample selection bias as a
/// specification error", Econometrica 47 (1979)).
struct TruncatedNormal {
  let mean: Double
  let variance: Double

  init(kept: Double, slope: Double) {
    let h = Elementary.normalQuantile(kept)
    let lambda = Elementary.expNegative(-0.5 * h * h) * 0.3989422804014327 / kept
    let share = slope / (1 + slope * slope).squareRoot()
    mean = share * lambda
    variance = 1 - share * share * lambda * (lambda + h)
  }
}
