import SCMExperiments
import SCMGraphs

/// The arrays of one experiment, as its statistics read them.
struct ExperimentTable {
  let data: ExperimentData
  let design: Design
  /// Columns of `X`, and of matrices of variables.
  let width: Int

  init(_ data: ExperimentData, _ design: Design) {
    self.data = data
    self.design = design
    width = data.shape("adjacency")?.last ?? 0
  }

  /// The graph among the shown variables; columns past their number have no edge.
  private var graph: AdjacencyMatrix? {
    guard let adjacency = data.floats("adjacency") else { return nil }
    var graph = AdjacencyMatrix(nodeCount: width)
    for place in adjacency.indices where adjacency[place] == 1 { graph[place / width, place % width] = true }
    return graph
  }

  var variableCount: Int { data.integers("n_nodes")?[0] ?? 0 }

  var rowCount: Int {
    let rows = data.flags("row_mask")?.count { $0 } ?? data.shape("X")?[1] ?? 0
    return rows + (data.flags("query_mask")?.count { $0 } ?? data.shape("X_query")?[1] ?? 0)
  }

  /// Rows of `X`, whose queries have arrays of their own or come last.
  var shownRows: Int { min(rowCount, data.shape("X")?[1] ?? 0) }

  /// Whether a column's values are numbers, and no names of classes.
  func isNumber(_ column: Int) -> Bool { data.integers("n_classes").map { $0[column] == 0 } ?? true }

  /// The regime of each row that there is.
  private var regimes: [Int]? {
    guard let regimes = data.integers("regime") else { return nil }
    return Array(regimes.prefix(rowCount))
  }

  var observationalShare: Double? { regimes.map { rows in Double(rows.count { $0 == 0 }) / Double(rows.count) } }

  var regimeCount: Int? { regimes.map { $0.max() ?? 0 } }

  /// By regime and then by variable.
  private var targets: [Bool]? { data.flags("targets") ?? data.flags("truth_targets") }

  var targetsPerRegime: Double? {
    guard let targets, let count = regimeCount, count > 0 else { return nil }
    return Double(targets.count { $0 }) / Double(count)
  }

  /// The mean, over regimes and over their targets or those nodes that a path leads to from one, of how far means move; nodes with
  /// classes have none, and cells that nobody sees no part in it.
  func shifts(ofTargets wanted: Bool) -> Double? {
    guard let regimes, let targets, let count = regimeCount, count > 0,
      let x = data.floats("X_counterfactual") ?? data.floats("X"), let graph
    else { return nil }
    let seen = data.floats("X_counterfactual") == nil ? data.flags("observed") : nil
    let numbers = (0..<variableCount).filter(isNumber)
    let observational = moments(x, seen, rows: regimes.indices.filter { regimes[$0] == 0 })
    var (sum, number) = (0.0, 0.0)
    for regime in 1...count {
      let rows = regimes.indices.filter { regimes[$0] == regime }
      let changed = (0..<width).map { targets[regime * width + $0] }
      let reached = graph.isReached(from: changed.indices.filter { changed[$0] })
      guard !rows.isEmpty else { continue }
      let found = moments(x, seen, rows: rows)
      for node in numbers where wanted ? changed[node] : reached[node] && !changed[node] {
        guard observational[node].deviation > 0, found[node].count > 0 else { continue }
        sum += abs(found[node].mean - observational[node].mean) / observational[node].deviation
        number += 1
      }
    }
    return number > 0 ? sum / number : nil
  }

  /// Of the cells that are seen, all where that isn't told.
  private func moments(
    _ x: [Float], _ seen: [Bool]?, rows: [Int]
  ) -> [(mean: Double, deviation: Double, count: Int)] {
    (0..<width).map { node in
      let column = rows.filter { seen?[$0 * width + node] ?? true }.map { Double(x[$0 * width + node]) }
      return (column.mean, column.deviation, column.count)
    }
  }

  var confoundedShare: Double? {
    guard let linked = data.flags("bidirected"), variableCount > 1 else { return nil }
    return Double(linked.count { $0 }) / Double(variableCount * (variableCount - 1))
  }

  var knownShare: Double? {
    guard let knowledge = data.integers("knowledge"), variableCount > 1 else { return nil }
    let known = (0..<variableCount).reduce(0) { sum, i in
      sum + (0..<variableCount).count { $0 != i && knowledge[i * width + $0] >= 0 }
    }
    return Double(known) / Double(variableCount * (variableCount - 1))
  }

  /// Treatment and outcome of the context rows, where the treatment is binary.
  private var arms: (t: [Float], y: [Float])? {
    guard data.floats("ate") != nil, let t = data.floats("T"), let y = data.floats("Y") else { return nil }
    let count = data.flags("row_mask")?.count { $0 } ?? t.count
    return (Array(t.prefix(count)), Array(y.prefix(count)))
  }

  var treatedShare: Double? { arms.map { $0.t.map(Double.init).mean } }

  var leastPropensity: Double? {
    guard let found = data.floats("propensity"), let count = arms?.t.count else { return nil }
    return found.prefix(count).map { Double(min($0, 1 - $0)) }.min()
  }

  /// Of the context rows.
  private var outcomeDeviation: Double? {
    guard let y = data.floats("Y") else { return nil }
    let deviation = y.prefix(data.flags("row_mask")?.count { $0 } ?? y.count).map(Double.init).deviation
    return deviation > 0 ? deviation : nil
  }

  var averageEffect: Double? {
    guard let ate = data.floats("ate")?[0], let deviation = outcomeDeviation else { return nil }
    return abs(Double(ate)) / deviation
  }

  var doseRange: Double? {
    guard let means = data.floats("dose_response"), let least = means.min(), let most = means.max(),
      let deviation = outcomeDeviation
    else { return nil }
    return (Double(most) - Double(least)) / deviation
  }

  var effectSpread: Double? {
    guard let y0 = data.floats("y0"), let y1 = data.floats("y1"), let deviation = outcomeDeviation else { return nil }
    let count = data.flags("query_mask")?.count { $0 } ?? y0.count
    return (0..<count).map { Double(y1[$0]) - Double(y0[$0]) }.deviation / deviation
  }

  var confoundingBias: Double? {
    guard let (t, y) = arms, let ate = data.floats("ate")?[0], let deviation = outcomeDeviation else { return nil }
    let treated = t.indices.filter { t[$0] == 1 }.map { Double(y[$0]) }
    let untreated = t.indices.filter { t[$0] == 0 }.map { Double(y[$0]) }
    guard !treated.isEmpty, !untreated.isEmpty else { return nil }
    return abs(treated.mean - untreated.mean - Double(ate)) / deviation
  }
}
