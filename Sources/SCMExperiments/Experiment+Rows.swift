import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

// From natural rows to the arrays of a layout.

extension Experiment {
  /// Computes rows from natural row `first` on, as many as fit a tile, and writes them to the arrays that hold rows.
  ///
  /// - Returns: the natural row to go on from.
  @unsafe
  func writeTile(
    from natural: Int, to target: borrowing ExperimentTarget, workspace: ExperimentWorkspace
  ) throws(SamplingError) -> Int {
    let (row, left) = stretch(at: natural)
    let tile = RowTile(natural: natural, row: row, atMost: left)
    if let roles {
      unsafe try writeEffects(roles, tile, to: target, workspace: workspace)
      return tile.rows.upperBound
    }
    prepareTargets(in: tile, workspace)
    let hasBoth = design.counterfactuals != nil
    let columns = unsafe workspace.sampling.columns
    let noise = unsafe target[.truthNoise] == nil ? nil : columns + noiseOffset
    if let selection {
      unsafe try select(selection, tile, noise, to: target, workspace: workspace)
    } else {
      unsafe compute(
        tile, regimes: !hasBoth, nodes: instance.topologicalOrder, noise: noise, workspace: workspace)
    }
    unsafe try checkUnseen(tile, workspace)
    if let observation {
      unsafe try emitObserved(observation, tile, regimes: !hasBoth, to: target, workspace: workspace)
    } else if let x = unsafe target[.x] {
      unsafe try emit(shown, tile, regimes: !hasBoth, to: x, width: target.width, workspace: workspace)
    }
    if let noise = unsafe noise, let out = unsafe target[.truthNoise] {
      _ = unsafe send(noise, shown, tile, to: out, width: target.width)
    }
    if hasBoth, let other = unsafe target[.xCounterfactual] {
      // What no target leads to has the same values in both worlds.
      unsafe compute(tile, regimes: true, nodes: affected(in: tile), workspace: workspace)
      unsafe try checkUnseen(tile, workspace)
      unsafe try emit(shown, tile, regimes: true, to: other, width: target.width, workspace: workspace)
    }
    return tile.rows.upperBound
  }

  /// Values that nobody gets decide all the same whether a task diverges: what is computed from them may be finite, and wrong.
  @unsafe
  func checkUnseen(_ tile: RowTile, _ workspace: ExperimentWorkspace) throws(SamplingError) {
    for node in unseen {
      let column = unsafe workspace.sampling.columns + node * MechanismRows.stride + tile.skipped
      guard unsafe isFinite(column, tile.rowCount) else { throw notFinite([node], tile, workspace) }
    }
  }

  /// The nodes that some regime of a tile changes, and their descendants, in topological order.
  private func affected(in tile: RowTile) -> [Int] {
    let isAffected = instance.adjacency.isReached(from: Array(plan.targets[plan.targetPlaces(in: tile.rows)]))
    return instance.topologicalOrder.filter { isAffected[$0] }
  }

  /// Columns that a task needs: its nodes as mechanisms read them, as data, as they are seen, and their noise.
  var columnCount: Int {
    instance.nodeCount * (2 + (design.outputs.contains(.truthNoise) ? 1 : 0) + (design.observation == nil ? 0 : 1))
  }
  private var shownOffset: Int { instance.nodeCount * MechanismRows.stride }
  var observedOffset: Int { 2 * shownOffset }
  private var noiseOffset: Int { (design.observation == nil ? 2 : 3) * shownOffset }

  /// Writes some nodes' columns as rows of data: natural row r of the tile at its place in `out`.
  @unsafe
  func emit(
    _ nodes: [Int], _ tile: RowTile, regimes: Bool, to out: UnsafeMutablePointer<Float>, width: Int, rowOffset: Int = 0,
    workspace: ExperimentWorkspace
  ) throws(SamplingError) {
    let source = unsafe dataColumns(nodes, tile, regimes: regimes, workspace: workspace)
    guard unsafe send(source, nodes, tile, to: out, width: width, rowOffset: rowOffset) else {
      throw notFinite(nodes, tile, workspace)
    }
  }

  /// Some nodes' columns in the data's units, by node. Where data are what mechanisms read, they are read as they lie.
  @unsafe
  func dataColumns(
    _ nodes: [Int], _ tile: RowTile, regimes: Bool, workspace: ExperimentWorkspace
  ) -> UnsafePointer<Float> {
    if isShownAsComputed { return unsafe UnsafePointer(workspace.sampling.columns) }
    let shown = unsafe workspace.sampling.columns + shownOffset
    for node in nodes {
      unsafe show(node, tile, regimes: regimes, to: shown + node * MechanismRows.stride, workspace)
    }
    return unsafe UnsafePointer(shown)
  }

  /// The error of a tile some of whose nodes have a value that is not finite: it names the first one, in topological order.
  func notFinite(_ nodes: [Int], _ tile: RowTile, _ workspace: ExperimentWorkspace) -> SamplingError {
    let bad = instance.topologicalOrder.first { node in
      let column = unsafe workspace.sampling.columns + node * MechanismRows.stride
      return (tile.skipped..<tile.count).contains { unsafe !column[$0].isFinite }
    }
    return instance.notFinite(bad ?? nodes.first ?? 0)
  }

  /// Columns to rows; columns of `out` past the nodes are cleared.
  ///
  /// - Returns: whether all values are finite.
  @unsafe
  func send(
    _ columns: UnsafePointer<Float>, _ nodes: [Int], _ tile: RowTile, to out: UnsafeMutablePointer<Float>, width: Int,
    rowOffset: Int = 0
  ) -> Bool {
    let rows = tile.skipped..<tile.count
    if let places {
      let places = places[tile.rows]
      if nodes.count < width {
        for place in places {
          unsafe (out + Int(place) * width + nodes.count).update(repeating: 0, count: width - nodes.count)
        }
      }
      return unsafe transpose(columns, only: nodes, rows: rows, to: out, rowStride: width, places: places)
    }
    let target = unsafe out + (tile.natural - rowOffset) * width
    if width == 1, let node = nodes.first {
      let column = unsafe columns + node * MechanismRows.stride + tile.skipped
      unsafe target.update(from: column, count: tile.rowCount)
      return unsafe isFinite(column, tile.rowCount)
    }
    if nodes.count < width { unsafe target.update(repeating: 0, count: tile.rowCount * width) }
    return nodes.count == instance.nodeCount
      ? unsafe transpose(columns, count: nodes.count, rows: rows, to: target, rowStride: width)
      : unsafe transpose(columns, only: nodes, rows: rows, to: target, rowStride: width)
  }

  /// A node's column as it stands in the data.
  @unsafe
  func show(
    _ node: Int, _ tile: RowTile, regimes: Bool, to out: UnsafeMutablePointer<Float>, _ workspace: ExperimentWorkspace
  ) {
    let column = unsafe UnsafePointer(workspace.sampling.columns + node * MechanismRows.stride)
    unsafe instance.show(node, column, to: out, count: tile.count)
    guard regimes, let kind = design.interventions?.kind else { return }
    let scaling = instance.scalings[node]
    guard scaling.held == nil ? scaling.shown != .identity && kind.cutsEdges : kind.freesHeld else { return }
    for change in plan.changes(of: node, in: tile.rows) {
      let entry = plan.entries[change]
      let places = tile.places(of: plan.rows(of: entry.regime))
      let target = unsafe out + places.lowerBound
      if kind.cutsEdges {
        // Mapped there and back a value might have lost a digit.
        unsafe fillValues(change, node, places, tile, to: target, workspace)
      } else {
        // What was held before the regime no longer is.
        unsafe scaling.shown.apply(from: column + places.lowerBound, to: target, count: places.count)
      }
    }
  }
}

extension Experiment {
  /// Fills the arrays of one task, from the natural row that `progress` counts to on.
  ///
  /// - Parameter shouldPause: asked after each tile of rows.
  @unsafe
  package func write(
    to target: borrowing ExperimentTarget, progress: UnsafeMutablePointer<Int64>, workspace: ExperimentWorkspace,
    shouldPause: () -> Bool
  ) throws {
    if unsafe progress.pointee == 0 { try target.describe(self) }
    begin(workspace)
    while unsafe progress.pointee < Int64(rowCount) {
      unsafe progress.pointee = Int64(
        try writeTile(from: Int(progress.pointee), to: target, workspace: workspace))
      if unsafe progress.pointee < Int64(rowCount), shouldPause() { return }
    }
    unsafe progress.pointee = .max
  }
}
