import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

// What regimes make of a node.
extension Experiment {
  /// Changes the column of a node, which holds what the SCM makes of it, in the rows of some regimes.
  ///
  /// - Parameters:
  ///   - changes: of the node, in the plan.
  ///   - noise: the column of the node's standard noise, or `nil`.
  @unsafe
  func change(
    _ node: Int, _ changes: Range<Int>, _ tile: RowTile, _ column: UnsafeMutablePointer<Float>,
    noise: UnsafeMutablePointer<Float>?, _ workspace: ExperimentWorkspace
  ) {
    guard let kind = design.interventions?.kind else { return }
    let shown = instance.scalings[node].shown
    let isIdentity = shown == .identity
    // Whether the noise among the node's inputs is still that of its own mechanism.
    var hasOwnNoise = true
    for change in changes {
      let entry = plan.entries[change]
      let places = tile.places(of: plan.rows(of: entry.regime))
      guard !places.isEmpty else { continue }
      switch kind {
      case .do, .stochastic:
        let changed = unsafe column + places.lowerBound
        unsafe fillValues(change, node, places, tile, to: changed, workspace)
        if !isIdentity { unsafe shown.inverse.apply(from: changed, to: changed, count: places.count) }
      case .shift:
        unsafe fillValues(change, node, places, tile, to: workspace.values, workspace)
        let changed = unsafe column + places.lowerBound
        for r in 0..<places.count { unsafe changed[r] += workspace.values[r] / shown.gain }
      case .mechanism, .coefficient:
        let mechanism = plan.mechanisms[entry.place]
        unsafe replace(node, mechanism, places, tile, column, &hasOwnNoise, workspace)
        if let noise = unsafe noise { unsafe addNoise(of: node, mechanism, places, to: noise, workspace) }
      case .edgeRemoval:
        unsafe removeParents(of: node, entry, places, tile, workspace)
        unsafe replace(node, instance.mechanisms[node], places, tile, column, &hasOwnNoise, workspace)
        unsafe restoreParents(of: node, workspace)
      case .noiseScale: continue
      }
    }
  }

  /// Writes the values of a target in some places of a tile.
  ///
  /// - Parameters:
  ///   - change: of the node, in the plan.
  ///   - out: gets the value of the first place first.
  @unsafe
  func fillValues(
    _ change: Int, _ node: Int, _ places: Range<Int>, _ tile: RowTile, to out: UnsafeMutablePointer<Float>,
    _ workspace: ExperimentWorkspace
  ) {
    let entry = plan.entries[change]
    guard !places.isEmpty, let interventions = design.interventions else { return }
    if interventions.hasConstantValues {
      unsafe out.update(repeating: plan.values[entry.place], count: places.count)
      return
    }
    // Addressed by the noise's row: row k of a regime with shared noise has values of its own, as the regime is in the address.
    let address = InterventionValues.Address(instance.key, node: node, regime: entry.regime, draw: draw)
    let first = tile.firstRow + places.lowerBound
    unsafe interventions.values.fill(
      out, rows: first..<(first + places.count), address: address, marginals: marginals, node: node,
      kind: instance.valueKind(of: node), scratch: workspace.scratch,
      normals: workspace.targetNormals.rows(of: entry.place, from: first))
  }

  /// Computes a node once more in some places of a tile, by another mechanism or from other parents: the inputs are those that its own
  /// mechanism has read.
  ///
  /// - Parameter hasOwnNoise: whether they are so still.
  @unsafe
  private func replace(
    _ node: Int, _ mechanism: any Mechanism, _ places: Range<Int>, _ tile: RowTile,
    _ column: UnsafeMutablePointer<Float>, _ hasOwnNoise: inout Bool, _ workspace: ExperimentWorkspace
  ) {
    let sampling = workspace.sampling
    let (first, count, padded) = Self.lanes(of: places)
    let inputCount = instance.inputCount(of: node)
    let needsCopies = instance.readsParentsInPlace(node) && !mechanism.readsParentsInPlace
    if needsCopies { for column in 0..<inputCount { unsafe copyColumn(column, from: first, count: padded, sampling) } }
    let channels = mechanism.noise
    if !hasOwnNoise || channels != instance.readings[node].channels {
      hasOwnNoise = false
      for (index, channel) in channels.enumerated() {
        unsafe instance.fillNoise(
          channel, of: node, firstRow: tile.firstRow + first, rows: padded,
          to: sampling.inputs + (inputCount + index) * MechanismRows.stride + first, purpose: channel.purpose,
          draw: draw)
      }
    }
    unsafe instance.compute(
      node, by: mechanism, firstRow: tile.firstRow + first, count: count, padded: padded, offset: first,
      into: workspace.column, workspace: sampling)
    if needsCopies { unsafe restoreParents(of: node, workspace) }
    unsafe (column + places.lowerBound).update(
      from: workspace.column + (places.lowerBound - first), count: places.count)
  }

  /// Writes the noise that a mechanism has read in some places, of a node whose own reads none, such as one that is held.
  @unsafe
  private func addNoise(
    of node: Int, _ mechanism: any Mechanism, _ places: Range<Int>, to noise: UnsafeMutablePointer<Float>,
    _ workspace: ExperimentWorkspace
  ) {
    guard !instance.readings[node].channels.contains(.noise), let index = mechanism.noise.firstIndex(of: .noise) else {
      return
    }
    let source = unsafe workspace.sampling.inputs + (instance.inputCount(of: node) + index) * MechanismRows.stride
    unsafe (noise + places.lowerBound).update(from: source + places.lowerBound, count: places.count)
  }

  /// The whole lanes that some places lie in: the first place, how many there are up to the last of these, and filled up.
  private static func lanes(of places: Range<Int>) -> (first: Int, count: Int, padded: Int) {
    let first = places.lowerBound & ~(MechanismRows.laneCount - 1)
    let count = places.upperBound - first
    return (first, count, SCMInstance.padded(count))
  }

  /// Copies some places of a column that is read of a parent to the node's inputs, where they can be changed, and has them read there.
  @unsafe
  private func copyColumn(_ column: Int, from first: Int, count: Int, _ sampling: SamplingWorkspace) {
    let target = unsafe sampling.inputs + column * MechanismRows.stride
    unsafe (target + first).update(from: sampling.parents[column] + first, count: count)
    unsafe sampling.parents[column] = UnsafePointer(target)
  }

  /// Puts values of other rows in the place of the parents that a regime removes.
  @unsafe
  private func removeParents(
    of node: Int, _ entry: RegimePlan.Entry, _ places: Range<Int>, _ tile: RowTile, _ workspace: ExperimentWorkspace
  ) {
    guard let marginals else { return }
    let sampling = workspace.sampling
    let isInPlace = instance.readsParentsInPlace(node)
    let (first, _, padded) = Self.lanes(of: places)
    let firstRow = tile.firstRow
    instance.forEachParent(of: node) { index, parent, columns in
      guard plan.removes(index, at: entry.place) else { return }
      if isInPlace { for column in columns { unsafe copyColumn(column, from: first, count: padded, sampling) } }
      let map = instance.scalings[node].input(index)
      let back = instance.scalings[parent].shown
      let inverse = back == .identity ? back : back.inverse
      // A word for each row and parent; a node has at most 2047 of them.
      let address = InterventionValues.Address(
        removed: instance.key, node: node, regime: entry.regime, draw: draw &+ UInt32(truncatingIfNeeded: index) << 20)
      unsafe marginals.fill(
        workspace.values, node: parent, rows: (firstRow + places.lowerBound)..<(firstRow + places.upperBound),
        address: address)
      if columns.count == 1 {
        let column = unsafe sampling.inputs + columns.lowerBound * MechanismRows.stride + places.lowerBound
        for r in 0..<places.count {
          let value = unsafe workspace.values[r]
          unsafe column[r] = map(back == .identity ? value : inverse(value))
        }
        return
      }
      for r in places {
        let value = unsafe workspace.values[r - places.lowerBound]
        for column in columns {
          unsafe sampling.inputs[column * MechanismRows.stride + r] =
            value == Float(column - columns.lowerBound) ? 1 : 0
        }
      }
    }
  }

  /// Has a node's parents read where they lie, if they are.
  @unsafe
  private func restoreParents(of node: Int, _ workspace: ExperimentWorkspace) {
    guard instance.readsParentsInPlace(node) else { return }
    instance.forEachParent(of: node) { _, parent, columns in
      // What is read of a class by more columns has been made among the inputs.
      guard columns.count == 1 else { return }
      unsafe workspace.sampling.parents[columns.lowerBound] = UnsafePointer(
        workspace.sampling.columns + parent * MechanismRows.stride)
    }
  }
}
