import SCMRandom

/// Some rows of an experiment that are computed together: natural rows that follow each other, and so does their noise.
struct RowTile {
  /// The noise row of the tile's first place, a multiple of 4.
  let firstRow: Int
  /// Places before the first row that is asked for.
  let skipped: Int
  /// Places, those that are skipped counted.
  let count: Int
  /// The natural row at place `skipped`.
  let natural: Int

  /// The first rows of a stretch, as many as fit.
  init(natural: Int, row: Int, atMost rows: Int) {
    firstRow = row & ~3
    skipped = row - firstRow
    count = min(rowsPerTile, rows + skipped)
    self.natural = natural
  }

  /// How many rows are asked for.
  var rowCount: Int { count - skipped }

  /// The natural rows.
  var rows: Range<Int> { natural..<(natural + rowCount) }

  /// The places of those of some natural rows that lie in the tile.
  func places(of rows: Range<Int>) -> Range<Int> {
    let clamped = rows.clamped(to: self.rows)
    let shift = skipped - natural
    return (clamped.lowerBound + shift)..<(clamped.upperBound + shift)
  }
}

extension Experiment {
  /// The natural rows, in stretches whose noise rows follow each other.
  ///
  /// - Returns: of the stretch that a natural row lies in, the row's noise row and how many rows are left in it.
  func stretch(at natural: Int) -> (row: Int, left: Int) {
    // Context rows and those asked about go to arrays of their own where there are effects.
    if roles != nil {
      return natural < contextCount ? (natural, contextCount - natural) : (natural, rowCount - natural)
    }
    guard design.interventions?.noise == .shared else { return (natural, rowCount - natural) }
    let rows = plan.rows(of: plan.regime(of: natural))
    return (natural - rows.lowerBound, rows.upperBound - natural)
  }
}
