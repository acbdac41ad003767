import SCMFamilies
import SCMMechanisms
import SCMRandom

// From the model's values to what is seen of them.
extension Experiment {
  /// Writes a tile's rows as they are seen, and which cells are.
  @unsafe
  func emitObserved(
    _ plan: ObservationPlan, _ tile: RowTile, regimes: Bool, to target: borrowing ExperimentTarget,
    workspace: ExperimentWorkspace
  ) throws(SamplingError) {
    let width = target.width
    if let complete = unsafe target[.complete] {
      unsafe try emit(shown, tile, regimes: regimes, to: complete, width: width, workspace: workspace)
    }
    guard let x = unsafe target[.x] else { return }
    let columns = unsafe dataColumns(shown, tile, regimes: regimes, workspace: workspace)
    let seen = unsafe workspace.sampling.columns + observedOffset
    guard unsafe observe(plan, tile, columns, into: seen, workspace) else { throw notFinite(shown, tile, workspace) }
    _ = unsafe send(seen, shown, tile, to: x, width: width)
    guard let observed = unsafe target.array(of: .observed, UInt8.self) else { return }
    unsafe tellHoles(tile, x, observed, width: width)
  }

  /// Tells the holes of a tile's rows, which ``observe`` has left in them, and puts there what a hole holds.
  @unsafe
  private func tellHoles(
    _ tile: RowTile, _ x: UnsafeMutablePointer<Float>, _ observed: UnsafeMutablePointer<UInt8>, width: Int
  ) {
    let isMarked = design.observation?.marksHoles == true
    let count = shown.count
    if places == nil, count == width {
      let start = tile.natural * width
      unsafe Hole.tell(x + start, observed + start, count: tile.rowCount * width, isMarked: isMarked)
      return
    }
    for natural in tile.rows {
      let row = place(of: natural) * width
      unsafe Hole.tell(x + row, observed + row, count: count, isMarked: isMarked)
      unsafe (observed + row + count).update(repeating: 0, count: width - count)
    }
  }

  /// Writes a tile's columns as they are seen: with errors, bounds and bins, and holes in the place of cells that aren't seen, which is
  /// decided by the values as they are.
  ///
  /// - Returns: whether all values are finite.
  @unsafe
  private func observe(
    _ plan: ObservationPlan, _ tile: RowTile, _ columns: UnsafePointer<Float>,
    into out: UnsafeMutablePointer<Float>, _ workspace: ExperimentWorkspace
  ) -> Bool {
    let rows = tile.skipped..<tile.count
    var areFinite = true
    for place in plan.columns.indices {
      // By its place, as an iterator would count references.
      let column = plan.columns[place]
      let values = unsafe out + column.node * MechanismRows.stride
      var source = unsafe columns + column.node * MechanismRows.stride
      if column.isChanged || column.seen == nil {
        unsafe values.update(from: source, count: tile.count)
        unsafe change(values, by: column, tile, workspace)
        unsafe source = UnsafePointer(values)
      }
      guard let (intercept, terms) = column.seen else {
        if unsafe !isFinite(values + tile.skipped, tile.rowCount) { areFinite = false }
        continue
      }
      let score = unsafe normals(.missing, column.node, tile, workspace)
      for term in terms {
        let cause = unsafe columns + plan.terms[term].node * MechanismRows.stride
        let weight = Float(plan.terms[term].weight)
        for r in rows { unsafe score[r] = score[r].addingProduct(weight, cause[r]) }
      }
      let first = tile.skipped
      if unsafe !Hole.punch(source + first, score + first, least: -intercept, to: values + first, rows.count) {
        areFinite = false
      }
    }
    return areFinite
  }

  /// Adds a column's error of measurement, and puts its values within its bound and into its bins. What is not finite stays so, so that the
  /// task is refused.
  @unsafe
  private func change(
    _ values: UnsafeMutablePointer<Float>, by column: ObservationPlan.Column, _ tile: RowTile,
    _ workspace: ExperimentWorkspace
  ) {
    let rows = tile.skipped..<tile.count
    if column.error > 0 {
      let noise = unsafe normals(.measurement, column.node, tile, workspace)
      for r in rows { unsafe values[r] = values[r].addingProduct(column.error, noise[r]) }
    }
    if let bound = column.bound {
      switch design.observation?.censoring ?? .left {
      case .left: for r in rows where unsafe values[r] < bound && values[r].isFinite { unsafe values[r] = bound }
      case .right: for r in rows where unsafe values[r] > bound && values[r].isFinite { unsafe values[r] = bound }
      case .zero: for r in rows where unsafe values[r] < bound && values[r].isFinite { unsafe values[r] = 0 }
      }
    }
    if let grid = column.grid { for r in rows where unsafe values[r].isFinite { unsafe values[r] = grid(values[r]) } }
  }

  /// Standard normal numbers of a tile's rows, each addressed by its natural row.
  @unsafe
  func normals(
    _ purpose: TaskKey.Purpose, _ node: Int, _ tile: RowTile, _ workspace: ExperimentWorkspace
  ) -> UnsafeMutablePointer<Float> {
    let first = tile.natural & ~3
    let count = (tile.natural + tile.rowCount - first + 3) & ~3
    let site = UInt32(truncatingIfNeeded: node)
    // A tile that doesn't begin with a block may reach into one more.
    for start in stride(from: 0, to: count, by: rowsPerTile) {
      unsafe NoiseSource(.gaussian).fillTile(
        workspace.scratch + start, firstRow: first + start, rows: min(rowsPerTile, count - start), key: instance.key,
        site: site, purpose: purpose, draw: draw)
    }
    // Places of the tile: they begin with those that are skipped.
    return unsafe workspace.scratch + (tile.natural - first) - tile.skipped
  }
}
