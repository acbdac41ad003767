import SCMExperiments

// What became of the cells and the rows before anyone read them.
extension ExperimentTable {
  /// The share of the cells that are not seen.
  var missingShare: Double? {
    guard let seen = data.flags("observed"), shownRows > 0, variableCount > 0 else { return nil }
    return Double(places.count { !seen[$0] }) / Double(shownRows * variableCount)
  }

  /// The share of the seen cells of unrounded measurements that stand at a bound, or of those that are 0 where zeros stand for them.
  var censoredShare: Double? {
    guard let part = design.observation, part.censoredShare > 0 else { return nil }
    return shareOfMeasurements { column in
      guard !isRounded(column) else { return 0 }
      switch part.censoring {
      case .zero: return column.count { $0 == 0 }
      case .left, .right:
        let end = part.censoring == .left ? column.min() : column.max()
        let count = column.count { $0 == end }
        // Without a bound the least value stands alone.
        return count > 1 ? count : 0
      }
    }
  }

  /// The share of the seen cells of measurements whose columns are rounded to bins.
  var roundedShare: Double? {
    guard let part = design.observation, part.roundedShare > 0 else { return nil }
    return shareOfMeasurements { isRounded($0) ? $0.count : 0 }
  }

  /// A rounded column has no more values than bins; one that is not has nearly as many as rows.
  private func isRounded(_ column: [Float]) -> Bool {
    guard let part = design.observation, part.roundedShare > 0, column.count > part.mostBins else { return false }
    return Set(column).count <= part.mostBins
  }

  /// Cells that count in the continuous columns, over all that are seen there; `nil` where there is none.
  private func shareOfMeasurements(_ counted: ([Float]) -> Int) -> Double? {
    guard let x = data.floats("X") else { return nil }
    let (seen, kinds) = (data.flags("observed"), data.integers("kind"))
    var (found, all) = (0, 0)
    for node in 0..<variableCount where kinds.map({ $0[node] == 0 }) ?? true {
      let cells = (0..<shownRows).map { $0 * width + node }.filter { seen?[$0] ?? true }
      found += counted(cells.map { x[$0] })
      all += cells.count
    }
    return all > 0 ? Double(found) / Double(all) : nil
  }

  private var places: [Int] {
    (0..<shownRows).flatMap { row in (0..<variableCount).map { row * width + $0 } }
  }

  /// How often each row that selection may refuse was drawn.
  private var tries: [Int]? {
    guard let tries = data.integers("tries") else { return nil }
    let regimes = data.integers("regime")
    return (0..<shownRows).filter { row in regimes.map { $0[row] == 0 } ?? true }.map { tries[$0] }
  }

  /// The share of the drawn rows that selection kept.
  var keptShare: Double? {
    guard let tries, !tries.isEmpty else { return nil }
    return Double(tries.count) / Double(tries.reduce(0, +))
  }

  /// How often a row was drawn again.
  var retries: Double? { tries.flatMap { $0.isEmpty ? nil : Double($0.reduce(0, +) - $0.count) / Double($0.count) } }
}
