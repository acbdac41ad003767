import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

// A tile of rows in one world: every node as the SCM has it, or changed where a row's regime changes it. All rows of a tile are computed
// together whatever their regimes, and what a regime changes is changed in its rows.

extension Experiment {
  /// Computes the nodes of a tile into the workspace's columns.
  ///
  /// - Parameters:
  ///   - regimes: whether rows are under their regimes, or all under the observational one.
  ///   - nodes: in topological order; what the other columns hold is read as it is.
  ///   - noise: where the standard noise of each node goes, in columns, or `nil`.
  @unsafe
  func compute(
    _ tile: RowTile, regimes: Bool, nodes: [Int], noise: UnsafeMutablePointer<Float>? = nil,
    workspace: ExperimentWorkspace
  ) {
    let columns = unsafe workspace.sampling.columns
    for node in nodes {
      let column = unsafe columns + node * MechanismRows.stride
      let entries = regimes ? changes(of: node, in: tile) : []
      let isScaled = !entries.isEmpty && design.interventions?.kind == .noiseScale
      let padded = unsafe fill(node, tile, workspace: workspace)
      if isScaled { unsafe scaleNoise(of: node, entries, tile, workspace) }
      if let noise = unsafe noise {
        unsafe copyNoise(of: node, tile, to: noise + node * MechanismRows.stride, workspace)
      }
      if node == roles?.treatment, let roles, roles.effects.isBinary {
        unsafe treat(roles, tile, padded: padded, into: column, workspace)
        continue
      }
      unsafe instance.compute(
        node, firstRow: tile.firstRow, count: tile.count, padded: padded, into: column,
        workspace: workspace.sampling)
      if !entries.isEmpty, !isScaled { unsafe change(node, entries, tile, column, workspace) }
    }
  }

  /// The regimes that change a node in some row of a tile.
  private func changes(of node: Int, in tile: RowTile) -> ArraySlice<RegimePlan.Entry> {
    let entries = plan.entries(of: node)
    let rows = tile.rows
    // They are ordered by regime, and so are their rows.
    guard let first = entries.firstIndex(where: { plan.rowStarts[$0.regime + 1] > rows.lowerBound }) else { return [] }
    let end = entries[first...].firstIndex { plan.rowStarts[$0.regime] >= rows.upperBound } ?? entries.endIndex
    return entries[first..<end]
  }

  /// A node's inputs in a tile.
  @unsafe
  func fill(
    _ node: Int, _ tile: RowTile, draw: UInt32? = nil, copying: Bool = false, workspace: ExperimentWorkspace
  ) -> Int {
    let draw = draw ?? self.draw
    return unsafe instance.fillInputs(
      of: node, firstRow: tile.firstRow, count: tile.count, from: workspace.sampling.columns,
      stride: MechanismRows.stride, workspace: workspace.sampling, copying: copying
    ) { ($0.purpose, draw) }
  }

  /// The column of a node's standard noise among its inputs; `nil` where it reads none.
  @unsafe
  func noiseColumn(of node: Int, _ workspace: ExperimentWorkspace) -> UnsafeMutablePointer<Float>? {
    guard let channel = instance.channels[node].firstIndex(of: .noise) else { return nil }
    return unsafe workspace.sampling.inputs + (instance.parents[node].count + channel) * MechanismRows.stride
  }

  @unsafe
  private func copyNoise(
    of node: Int, _ tile: RowTile, to noise: UnsafeMutablePointer<Float>, _ workspace: ExperimentWorkspace
  ) {
    if let source = unsafe noiseColumn(of: node, workspace) {
      unsafe noise.update(from: source, count: tile.count)
    } else {
      unsafe noise.update(repeating: 0, count: tile.count)
    }
  }

  @unsafe
  private func scaleNoise(
    of node: Int, _ entries: ArraySlice<RegimePlan.Entry>, _ tile: RowTile, _ workspace: ExperimentWorkspace
  ) {
    guard let noise = unsafe noiseColumn(of: node, workspace) else { return }
    for entry in entries {
      for r in tile.places(of: plan.rows(of: entry.regime)) { unsafe noise[r] *= plan.factors[entry.place] }
    }
  }

  /// What regimes make of a node whose column holds what the SCM makes of it.
  @unsafe
  private func change(
    _ node: Int, _ entries: ArraySlice<RegimePlan.Entry>, _ tile: RowTile, _ column: UnsafeMutablePointer<Float>,
    _ workspace: ExperimentWorkspace
  ) {
    guard let interventions = design.interventions else { return }
    let shown = instance.scalings[node].shown
    let isIdentity = shown == .identity
    for entry in entries {
      let places = tile.places(of: plan.rows(of: entry.regime))
      switch interventions.kind {
      case .do, .stochastic:
        let inverse = isIdentity ? .identity : shown.inverse
        unsafe eachValue(entry, node, places, tile, workspace) { r, value in
          unsafe column[r] = isIdentity ? value : inverse(value)
        }
      case .shift:
        unsafe eachValue(entry, node, places, tile, workspace) { r, value in unsafe column[r] += value / shown.gain }
      case .mechanism, .coefficient:
        unsafe replace(node, places, tile, column, plan.mechanisms[entry.place], without: nil, workspace)
      case .edgeRemoval:
        unsafe replace(node, places, tile, column, instance.mechanisms[node], without: entry, workspace)
      case .noiseScale: continue
      }
    }
  }

  /// The values of a target in some places of a tile.
  @unsafe
  func eachValue(
    _ entry: RegimePlan.Entry, _ node: Int, _ places: Range<Int>, _ tile: RowTile, _ workspace: ExperimentWorkspace,
    _ body: (Int, Float) -> Void
  ) {
    guard !places.isEmpty, let interventions = design.interventions else { return }
    if interventions.hasConstantValues {
      for r in places { body(r, plan.values[entry.place]) }
      return
    }
    // Addressed by the noise's row: row k of a regime with shared noise has values of its own, as the regime is in the address.
    let address = InterventionValues.Address(instance.key, node: node, regime: entry.regime, draw: draw)
    let first = tile.firstRow + places.lowerBound
    unsafe interventions.values.fill(
      workspace.values, rows: first..<(first + places.count), address: address, marginals: marginals, node: node,
      scratch: workspace.scratch)
    for r in places { body(r, unsafe workspace.values[r - places.lowerBound]) }
  }

  /// Computes a node once more in some places of a tile, by another mechanism or with some of its parents replaced.
  @unsafe
  private func replace(
    _ node: Int, _ places: Range<Int>, _ tile: RowTile, _ column: UnsafeMutablePointer<Float>,
    _ mechanism: any Mechanism, without entry: RegimePlan.Entry?, _ workspace: ExperimentWorkspace
  ) {
    guard !places.isEmpty else { return }
    // Whole lanes from a place on that blocks of noise begin at.
    let first = places.lowerBound & ~(MechanismRows.laneCount - 1)
    let (count, firstRow) = (places.upperBound - first, tile.firstRow + first)
    let sampling = workspace.sampling
    let draw = draw
    let padded = unsafe instance.fillInputs(
      of: node, firstRow: firstRow, count: count, from: sampling.columns + first, stride: MechanismRows.stride,
      workspace: sampling, copying: true, channels: mechanism.noise
    ) { ($0.purpose, draw) }
    if let entry { unsafe removeParents(of: node, entry, places, from: first, firstRow, workspace) }
    unsafe instance.compute(
      node, by: mechanism, firstRow: firstRow, count: count, padded: padded, into: workspace.column, workspace: sampling
    )
    for r in places { unsafe column[r] = workspace.column[r - first] }
  }

  /// Puts values of other rows in the place of the parents that a regime removes.
  ///
  /// - Parameters:
  ///   - places: those of the tile whose parents are removed.
  ///   - first: the place that the workspace's inputs begin with, whose noise row is `firstRow`.
  @unsafe
  private func removeParents(
    of node: Int, _ entry: RegimePlan.Entry, _ places: Range<Int>, from first: Int, _ firstRow: Int,
    _ workspace: ExperimentWorkspace
  ) {
    guard let marginals else { return }
    let site = UInt32(truncatingIfNeeded: node | entry.regime << 11)
    for (index, parent) in instance.parents[node].enumerated() where plan.removals[entry.place][index] {
      let target = unsafe workspace.sampling.inputs + index * MechanismRows.stride
      let map = instance.scalings[node].input(index)
      let back = instance.scalings[parent].shown
      var block = SIMD4<UInt32>()
      for place in places.lowerBound - first..<places.upperBound - first {
        let row = firstRow + place
        // A word for each row and parent; a node has at most 2047 of them.
        if place == places.lowerBound - first || row & 3 == 0 {
          block = instance.key.block(
            UInt32(truncatingIfNeeded: row >> 2), site: site, purpose: .removedEdge,
            draw: draw &+ UInt32(truncatingIfNeeded: index) << 20)
        }
        let value = marginals.value(node: parent, word: block[row & 3])
        unsafe target[place] = map(back == .identity ? value : back.inverse(value))
      }
    }
  }
}
