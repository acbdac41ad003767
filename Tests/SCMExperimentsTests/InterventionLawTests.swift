import SCMBase
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMRandom
import Testing

// The laws of rows under interventions, of linear Gaussian SCMs, against linear algebra: experiments.md §3.

private let rows = 40_000
private let nodes = 5

/// One regime with rows enough, and what its moments should be.
private struct Regime {
  let data: ExperimentData
  let instance: SCMInstance
  let scm: LinearSCM
  let target: Int
  let moments: Moments

  init(_ options: String, seed: UInt64) throws {
    instance = try LinearSCM.family(nodes: nodes).sampleTask(seed: seed)
    scm = try LinearSCM(instance)
    let design = try Design(
      json: #"{"n_samples": 8, "interventions": {"n_samples": \#(rows), "regimes": 1, \#(options)}}"#)
    data = try instance.run(design, family: LinearSCM.family(nodes: nodes))
    let targets = try #require(data.flags("targets"))
    target = try #require(targets[nodes...].firstIndex(of: true)) - nodes
    moments = Moments(try #require(data.floats("X")), width: nodes, rows: Array(8..<(rows + 8)))
  }
}

@Suite struct InterventionLawTests {
  private static let seeds: [UInt64] = [3, 4, 5, 6, 7, 8]

  @Test(arguments: seeds) func doHoldsAValue(seed: UInt64) throws {
    let regime = try Regime(
      #""values": "uniform", "value_min": 1.5, "value_max": 1.5, "values_per": "regime""#, seed: seed)
    let t = regime.scm.cutting(regime.target, variance: 0)
    let mean = t.total[regime.target].map { 1.5 * $0 }
    #expect(regime.moments.worst(mean: mean, t.covariance) < 5)
    let values = try #require(regime.data.floats("values"))
    #expect(values[nodes + regime.target] == 1.5)
  }

  @Test(arguments: seeds) func stochasticValuesCutTheEdges(seed: UInt64) throws {
    let regime = try Regime(
      #""kind": "stochastic", "values": "normal", "value_mean": 2, "value_deviation": 0.7"#, seed: seed)
    let t = regime.scm.cutting(regime.target, variance: 0.49)
    #expect(regime.moments.worst(mean: t.total[regime.target].map { 2 * $0 }, t.covariance) < 5)
  }

  /// Whether many targets' values are made at once or each target's by themselves, a value is that of its row, node and regime.
  @Test(arguments: [(regimes: 2, rows: 700), (3, 100), (20, 500), (90, 600), (400, 1100), (2000, 3000)])
  func normalValuesAreAddressed(regimes: Int, rows: Int) throws {
    let instance = try LinearSCM.family(nodes: nodes).sampleTask(seed: 3)
    let data = try instance.run(
      Design(
        json: #"{"n_samples": 17, "interventions": {"n_samples": \#(rows), "regimes": \#(regimes), "targets": 2}}"#))
    let x = try #require(data.floats("X"))
    let targets = try #require(data.flags("targets"))
    let regime = try #require(data.integers("regime"))
    for row in 17..<(17 + rows) {
      for node in 0..<nodes where targets[regime[row] * nodes + node] {
        let normal = NoiseSource(.gaussian).normal(
          row: row, key: TaskKey(seed: 3), site: UInt32(node | regime[row] << 11), purpose: .interventionValue)
        #expect(x[row * nodes + node] == 2 * normal)
      }
    }
  }

  @Test(arguments: seeds) func shiftsMoveMeansAlone(seed: UInt64) throws {
    let regime = try Regime(
      #""kind": "shift", "values": "uniform", "value_min": 0.8, "value_max": 0.8, "values_per": "regime""#, seed: seed)
    let mean = regime.scm.total[regime.target].map { 0.8 * $0 }
    #expect(regime.moments.worst(mean: mean, regime.scm.covariance) < 5)
  }

  @Test(arguments: seeds) func noiseIsScaled(seed: UInt64) throws {
    let regime = try Regime(#""kind": "noise_scale", "factor_min": 3, "factor_max": 3"#, seed: seed)
    var scm = regime.scm
    scm.noiseVariances[regime.target] *= 9
    #expect(regime.moments.worst(mean: [Double](repeating: 0, count: nodes), scm.covariance) < 5)
  }

  /// The weights of the target's parents are other ones, which its regression on them tells; the others' are what they were.
  @Test(arguments: ["mechanism", "coefficient"], seeds) func weightsChangeAtTheTargetAlone(kind: String, seed: UInt64)
    throws
  {
    let regime = try Regime(#""kind": "\#(kind)", "allocation": "uniform""#, seed: seed)
    let covariance = regime.moments.covariance
    for node in 0..<nodes {
      let parents = Array(regime.instance.parents[node])
      guard !parents.isEmpty else { continue }
      let fit = regression(of: node, on: parents, covariance, rows: rows)
      let truth = parents.map { regime.scm.weights[$0][node] }
      let worst = zip(fit, truth).map { abs($0.coefficient - $1) / $0.error }.max() ?? 0
      if node != regime.target {
        #expect(worst < 5, "node \(node)")
      } else if kind == "coefficient" {
        // Each has moved by 2 to 5, in either direction.
        for (found, before) in zip(fit, truth) {
          let moved = abs(found.coefficient - before)
          #expect(moved > 2 - 5 * found.error && moved < 5 + 5 * found.error)
        }
      } else {
        #expect(worst > 20)
      }
    }
  }

  /// What is removed is independent of the target; what stays has its weight.
  @Test(arguments: seeds) func removedParentsTellNothing(seed: UInt64) throws {
    let regime = try Regime(#""kind": "edge_removal", "removal": 1"#, seed: seed)
    let scm = regime.scm
    // All parents' values come from rows of their own: the variance stays, the covariance with what comes before goes.
    let before = scm.covariance
    for parent in regime.instance.parents[regime.target] {
      let error = (before[parent][parent] * regime.moments.covariance[regime.target][regime.target] / Double(rows))
        .squareRoot()
      #expect(abs(regime.moments.covariance[parent][regime.target]) < 5 * error)
    }
    // Each parent's draws are from the 256 rows that the marginal law is known by, and independent of the other parents'.
    let own = scm.noiseVariances[regime.target]
    let sum = regime.instance.parents[regime.target].reduce(own) {
      $0 + scm.weights[$1][regime.target] * scm.weights[$1][regime.target] * before[$1][$1]
    }
    #expect(abs(regime.moments.covariance[regime.target][regime.target] / sum - 1) < 5 * (2.0 / 256).squareRoot())
  }

  /// For nodes that are no targets the regression on the parents is the same in every regime.
  @Test func mechanismsAreInvariant() throws {
    let instance = try LinearSCM.family(nodes: nodes).sampleTask(seed: 21)
    let scm = try LinearSCM(instance)
    let design = try Design(
      json: #"{"n_samples": 9000, "interventions": {"n_samples": 45000, "regimes": 5, "values_scaled": true}}"#)
    let data = try instance.run(design)
    let (x, regimes, targets) = try (
      #require(data.floats("X")), #require(data.integers("regime")), #require(data.flags("targets"))
    )
    for regime in 0...5 {
      let moments = Moments(x, width: nodes, rows: regimes.indices.filter { regimes[$0] == regime })
      for node in 0..<nodes where !targets[regime * nodes + node] {
        let parents = Array(instance.parents[node])
        guard !parents.isEmpty else { continue }
        for (fit, parent) in zip(regression(of: node, on: parents, moments.covariance, rows: moments.rows), parents) {
          #expect(
            abs(fit.coefficient - scm.weights[parent][node]) < 5 * fit.error, "regime \(regime), \(parent) -> \(node)")
        }
      }
    }
  }
}

/// Least squares of a node on others, from covariances; standard errors by the residual variance.
func regression(
  of node: Int, on others: [Int], _ covariance: [[Double]], rows: Int
) -> [(coefficient: Double, error: Double)] {
  let n = others.count
  // Gauss–Jordan on [S | s | I].
  var a = others.enumerated().map { k, i in
    others.map { covariance[i][$0] } + [covariance[i][node]] + (0..<n).map { $0 == k ? 1.0 : 0 }
  }
  for p in 0..<n {
    let pivot = (p..<n).max { abs(a[$0][p]) < abs(a[$1][p]) } ?? p
    a.swapAt(p, pivot)
    let scale = a[p][p]
    a[p] = a[p].map { $0 / scale }
    for r in 0..<n where r != p {
      let factor = a[r][p]
      for c in a[r].indices { a[r][c] -= factor * a[p][c] }
    }
  }
  let coefficients = a.map { $0[n] }
  let residual = covariance[node][node] - zip(others, coefficients).reduce(0) { $0 + $1.1 * covariance[$1.0][node] }
  return (0..<n).map { (coefficients[$0], (max(residual, 0) * a[$0][n + 1 + $0] / Double(rows)).squareRoot() + 1e-12) }
}

extension NoiseSource {
  /// Its number of one row.
  fileprivate func normal(row: Int, key: TaskKey, site: UInt32, purpose: TaskKey.Purpose) -> Float {
    unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 64) { numbers in
      guard let base = numbers.baseAddress else { return .nan }
      unsafe fillTile(base, firstRow: row & ~3, rows: 4, key: key, site: site, purpose: purpose, draw: 0)
      return unsafe numbers[row & 3]
    }
  }
}
