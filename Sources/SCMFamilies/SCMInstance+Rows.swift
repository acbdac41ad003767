import SCMBase
import SCMGraphs
package import SCMMechanisms
package import SCMRandom

// Ancestral sampling, a tile of rows at a time, so that a tile's columns stay in the cache.

extension SCMInstance {
  /// Writes rows to `out[(row - rows.lowerBound) * rowStride + node]`, and their noise, where asked, to
  /// `noise[((row - rows.lowerBound) * nodeCount + node) * noiseChannelCount + channel]`.
  @unsafe
  package func write(
    rows: Range<Int>, draw: UInt32, to out: UnsafeMutablePointer<Float>, rowStride: Int,
    noise: UnsafeMutablePointer<Float>? = nil, workspace: SamplingWorkspace
  ) throws(SamplingError) {
    reserve(workspace)
    // Noise comes in blocks of four rows, so a tile starts at one.
    var first = rows.lowerBound & ~3
    while first < rows.upperBound {
      let end = min(first + rowsPerTile, rows.upperBound)
      let skipped = max(rows.lowerBound - first, 0)
      let target = first + skipped - rows.lowerBound
      for node in topologicalOrder {
        let column = unsafe workspace.columns + node * MechanismRows.stride
        unsafe evaluate(
          node, firstRow: first, count: end - first, from: workspace.columns, into: column, draw: draw,
          workspace: workspace)
        if let noise = unsafe noise {
          unsafe copyNoise(of: node, workspace, rows: skipped..<(end - first), to: noise, firstRow: target)
        }
      }
      unsafe show(workspace.columns, count: end - first)
      let allFinite = unsafe transpose(
        workspace.columns, count: nodeCount, rows: skipped..<(end - first), to: out + target * rowStride,
        rowStride: rowStride)
      if !allFinite, let node = unsafe firstNotFinite(workspace.columns, rows: skipped..<(end - first)) {
        throw notFinite(node)
      }
      first = end
    }
  }

  func reserve(_ workspace: SamplingWorkspace) { reserve(workspace, columns: nodeCount) }

  package func reserve(_ workspace: SamplingWorkspace, columns: Int) {
    // Room for any mechanism's noise: a regime may give a node another one.
    workspace.reserve(columns: columns, inputs: mostInputs + max(noiseChannelCount, NoiseChannel.mostPerMechanism))
  }

  /// Computes one node for rows `firstRow ..< firstRow + count`; parent p's rows are at `store + p * stride`.
  ///
  /// - Parameter address: the purpose and the draw under which a channel's noise is read.
  /// - Precondition: `firstRow` is a multiple of 4, `count <= rowsPerTile`; columns have room for a whole tile.
  @unsafe
  package func evaluate(
    _ node: Int, firstRow: Int, count: Int, from store: UnsafePointer<Float>, stride: Int,
    into column: UnsafeMutablePointer<Float>, workspace: SamplingWorkspace,
    address: (NoiseChannel) -> (TaskKey.Purpose, UInt32)
  ) {
    let padded = unsafe fillInputs(
      of: node, firstRow: firstRow, count: count, from: store, stride: stride, workspace: workspace, address: address)
    unsafe compute(node, firstRow: firstRow, count: count, padded: padded, into: column, workspace: workspace)
  }

  /// The same in a tile of columns, with the noise that rows of a draw have.
  @unsafe
  package func evaluate(
    _ node: Int, firstRow: Int, count: Int, from columns: UnsafePointer<Float>,
    into column: UnsafeMutablePointer<Float>, draw: UInt32, workspace: SamplingWorkspace
  ) {
    unsafe evaluate(
      node, firstRow: firstRow, count: count, from: columns, stride: MechanismRows.stride, into: column,
      workspace: workspace
    ) { ($0.purpose, draw) }
  }

  /// What a node's mechanism makes of the inputs that ``fillInputs`` has left.
  @unsafe
  package func compute(
    _ node: Int, firstRow: Int, count: Int, padded: Int, into column: UnsafeMutablePointer<Float>,
    workspace: SamplingWorkspace
  ) {
    let rows = unsafe rows(firstRow: firstRow, count: count, padded: padded, into: column, workspace: workspace)
    mechanisms[node].evaluate(rows)
    unsafe scaleOutput(of: node, column, count: padded)
  }

  /// What another mechanism makes of the inputs that ``fillInputs`` has left, in its places from `offset` on alone.
  ///
  /// - Parameters:
  ///   - firstRow: the number of the row at that place, a multiple of ``MechanismRows/laneCount`` past the first.
  ///   - column: gets the value of the place at `offset` first.
  @unsafe
  package func compute(
    _ node: Int, by mechanism: any Mechanism, firstRow: Int, count: Int, padded: Int, offset: Int,
    into column: UnsafeMutablePointer<Float>, workspace: SamplingWorkspace
  ) {
    for index in 0..<inputCount(of: node) { unsafe workspace.parents[index] += offset }
    mechanism.evaluate(
      unsafe MechanismRows(
        count: padded, firstRow: firstRow, rowCount: count, inputs: workspace.inputs + offset,
        parents: UnsafePointer(workspace.parents), output: column, scratch: workspace.scratch))
    for index in 0..<inputCount(of: node) { unsafe workspace.parents[index] -= offset }
    unsafe scaleOutput(of: node, column, count: padded)
  }

  @unsafe @inline(__always)
  private func rows(
    firstRow: Int, count: Int, padded: Int, into column: UnsafeMutablePointer<Float>, workspace: SamplingWorkspace
  ) -> MechanismRows {
    unsafe MechanismRows(
      count: padded, firstRow: firstRow, rowCount: count, inputs: workspace.inputs,
      parents: UnsafePointer(workspace.parents), output: column, scratch: workspace.scratch)
  }

  @unsafe @inline(__always)
  private func scaleOutput(of node: Int, _ column: UnsafeMutablePointer<Float>, count: Int) {
    if scalings[node].output != .identity {
      unsafe scalings[node].output.apply(from: UnsafePointer(column), to: column, count: count)
    }
  }

  /// Writes what a node's mechanism reads to the workspace's inputs: its parents, scaled, then its noise.
  ///
  /// - Returns: the number of rows, filled up to whole lanes.
  @unsafe
  package func fillInputs(
    of node: Int, firstRow: Int, count: Int, from store: UnsafePointer<Float>, stride: Int,
    workspace: SamplingWorkspace, address: (NoiseChannel) -> (TaskKey.Purpose, UInt32)
  ) -> Int {
    let padded = unsafe fillParents(of: node, count: count, from: store, stride: stride, workspace: workspace)
    let first = unsafe workspace.inputs + inputCount(of: node) * MechanismRows.stride
    for index in 0..<readings[node].channels.count {
      // By its place in the lists: a copy of the list would count references.
      let channel = readings[node].channels[index]
      let (purpose, draw) = address(channel)
      unsafe fillNoise(
        channel, of: node, firstRow: firstRow, rows: padded, to: first + index * MechanismRows.stride,
        purpose: purpose, draw: draw)
    }
    return padded
  }

  /// The parents alone. Where they can be read as they are, they stay where they lie.
  @unsafe
  package func fillParents(
    of node: Int, count: Int, from store: UnsafePointer<Float>, stride: Int, workspace: SamplingWorkspace
  ) -> Int {
    let padded = Self.padded(count)
    guard valueKinds.isEmpty else {
      unsafe fillMixedParents(of: node, count: padded, from: store, stride: stride, workspace: workspace)
      return padded
    }
    let inputs = unsafe workspace.inputs
    let inPlace = readsParentsInPlace(node)
    parents.forEach(of: node) { index, parent in
      let source = unsafe store + parent * stride
      if inPlace {
        unsafe workspace.parents[index] = source
        return
      }
      unsafe workspace.parents[index] = UnsafePointer(inputs + index * MechanismRows.stride)
      unsafe scalings[node].input(index).apply(
        from: source, to: inputs + index * MechanismRows.stride, count: padded)
    }
    return padded
  }

  /// A column of noise that a node's mechanism reads; more rows may be written than are asked for, as many as are made at once.
  @unsafe
  package func fillNoise(
    _ channel: NoiseChannel, of node: Int, firstRow: Int, rows: Int, to column: UnsafeMutablePointer<Float>,
    purpose: TaskKey.Purpose, draw: UInt32
  ) {
    unsafe channel.fillTile(
      column, law: law(of: node), firstRow: firstRow, rows: rows, key: key, site: UInt32(truncatingIfNeeded: node),
      purpose: purpose, draw: draw)
  }

  /// The same of blocks that don't follow each other, four rows each.
  @unsafe
  package func fillNoise(
    _ channel: NoiseChannel, of node: Int, _ list: BlockList, to rows: UnsafeMutablePointer<Float>
  ) {
    unsafe channel.fill(rows, list, law: law(of: node), key: key, site: UInt32(truncatingIfNeeded: node))
  }

  private func law(of node: Int) -> NoiseSource { parents.count(of: node) == 0 ? rootNoise ?? noise : noise }

  /// Whether a node's parents aren't copied for its mechanism.
  package func readsParentsInPlace(_ node: Int) -> Bool {
    scalings[node].inputs.isEmpty && readings[node].isInPlace
  }

  /// Rows filled up to whole lanes.
  package static func padded(_ count: Int) -> Int {
    (count + MechanismRows.laneCount - 1) & ~(MechanismRows.laneCount - 1)
  }

  /// Turns the values that mechanisms write into those of the data, which no mechanism reads.
  @unsafe
  private func show(_ columns: UnsafeMutablePointer<Float>, count: Int) {
    for node in scalings.indices where scalings[node].held != nil || scalings[node].shown != .identity {
      let column = unsafe columns + node * MechanismRows.stride
      unsafe show(node, column, to: column, count: count)
    }
  }

  /// A node's column as it stands in the data.
  @unsafe
  package func show(_ node: Int, _ column: UnsafePointer<Float>, to out: UnsafeMutablePointer<Float>, count: Int) {
    if let held = scalings[node].held {
      unsafe out.update(repeating: held, count: count)
    } else {
      unsafe scalings[node].shown.apply(from: column, to: out, count: count)
    }
  }

  /// The first node, in topological order, with a value that is not finite.
  @unsafe
  private func firstNotFinite(_ columns: UnsafePointer<Float>, rows: Range<Int>) -> Int? {
    topologicalOrder.first { node in
      let column = unsafe columns + node * MechanismRows.stride
      return rows.contains { unsafe !column[$0].isFinite }
    }
  }

  package func notFinite(_ node: Int) -> SamplingError {
    SamplingError(
      description:
        "task seed \(seed): node \(node) (\(mechanisms[node].kind)) has a value that is not finite; standardise "
        + "(standardization = internal), ask for fewer edges or smaller weights, or let data sets draw another in its place (divergence = redraw).",
      isDivergence: true)
  }

  /// The noise that ``evaluate`` has left behind the parents in the workspace's inputs.
  @unsafe
  private func copyNoise(
    of node: Int, _ workspace: SamplingWorkspace, rows: Range<Int>, to noise: UnsafeMutablePointer<Float>, firstRow: Int
  ) {
    for channel in 0..<noiseChannelCount {
      let source = unsafe workspace.inputs + (inputCount(of: node) + channel) * MechanismRows.stride
      let read = channel < readings[node].channels.count ? readings[node].channels[channel] : nil
      for r in rows {
        let row = firstRow + r - rows.lowerBound
        unsafe noise[(row * nodeCount + node) * noiseChannelCount + channel] = read?.value(source[r]) ?? 0
      }
    }
  }
}
