import SCMGraphs
import SCMMechanisms
import SCMRandom

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
          node, firstRow: first, count: end - first, from: workspace.columns, stride: MechanismRows.stride,
          into: column, workspace: workspace
        ) { ($0.purpose, draw) }
        if let noise = unsafe noise {
          unsafe copyNoise(of: node, workspace, rows: skipped..<(end - first), to: noise, firstRow: target)
        }
      }
      unsafe show(workspace.columns, count: end - first)
      let allFinite = unsafe transpose(
        workspace.columns, rows: skipped..<(end - first), to: out + target * rowStride, rowStride: rowStride)
      if !allFinite, let node = unsafe firstNotFinite(workspace.columns, rows: skipped..<(end - first)) {
        throw notFinite(node)
      }
      first = end
    }
  }

  func reserve(_ workspace: SamplingWorkspace) {
    workspace.reserve(columns: nodeCount, inputs: mostParents + noiseChannelCount)
  }

  /// Computes one node for rows `firstRow ..< firstRow + count`; parent p's rows are at `store + p * stride`.
  ///
  /// - Parameter address: the purpose and the draw under which a channel's noise is read.
  /// - Precondition: `firstRow` is a multiple of 4, `count <= rowsPerTile`; columns have room for a whole tile.
  @unsafe
  func evaluate(
    _ node: Int, firstRow: Int, count: Int, from store: UnsafePointer<Float>, stride: Int,
    into column: UnsafeMutablePointer<Float>, workspace: SamplingWorkspace,
    address: (NoiseChannel) -> (TaskKey.Purpose, UInt32)
  ) {
    let padded = unsafe fillInputs(
      of: node, firstRow: firstRow, count: count, from: store, stride: stride, workspace: workspace, address: address)
    mechanisms[node].evaluate(
      unsafe MechanismRows(
        count: padded, firstRow: firstRow, rowCount: count, inputs: workspace.inputs,
        parents: UnsafePointer(workspace.parents),
        output: column,
        scratch: workspace.scratch))
    if scalings[node].output != .identity {
      unsafe scalings[node].output.apply(from: UnsafePointer(column), to: column, count: padded)
    }
  }

  /// Writes what a node's mechanism reads to the workspace's inputs: its parents, scaled, then its noise.
  ///
  /// - Returns: the number of rows, filled up to whole lanes.
  @unsafe
  func fillInputs(
    of node: Int, firstRow: Int, count: Int, from store: UnsafePointer<Float>, stride: Int,
    workspace: SamplingWorkspace, address: (NoiseChannel) -> (TaskKey.Purpose, UInt32)
  ) -> Int {
    let inputs = unsafe workspace.inputs
    let padded = (count + MechanismRows.laneCount - 1) & ~(MechanismRows.laneCount - 1)
    let inPlace = scalings[node].inputs.isEmpty && mechanisms[node].readsParentsInPlace
    for (index, parent) in parents[node].enumerated() {
      let source = unsafe store + parent * stride
      if inPlace {
        unsafe workspace.parents[index] = source
        continue
      }
      unsafe workspace.parents[index] = UnsafePointer(inputs + index * MechanismRows.stride)
      unsafe scalings[node].input(index).apply(
        from: source, to: inputs + index * MechanismRows.stride, count: padded)
    }
    for (index, channel) in channels[node].enumerated() {
      let (purpose, draw) = address(channel)
      unsafe channel.fillTile(
        inputs + (parents[node].count + index) * MechanismRows.stride, law: noise, firstRow: firstRow, rows: padded,
        key: key, site: UInt32(truncatingIfNeeded: node), purpose: purpose, draw: draw)
    }
    return padded
  }

  /// Turns the values that mechanisms write into those of the data, which no mechanism reads.
  @unsafe
  private func show(_ columns: UnsafeMutablePointer<Float>, count: Int) {
    for node in scalings.indices {
      let column = unsafe columns + node * MechanismRows.stride
      if let held = scalings[node].held {
        unsafe column.update(repeating: held, count: count)
      } else if scalings[node].shown != .identity {
        unsafe scalings[node].shown.apply(from: UnsafePointer(column), to: column, count: count)
      }
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

  func notFinite(_ node: Int) -> SamplingError {
    SamplingError(
      description:
        "task seed \(seed): node \(node) (\(mechanisms[node].kind)) has a value that is not finite; standardise "
        + "(standardization = internal), or ask for fewer edges or smaller weights.")
  }

  /// Columns to rows: eight rows of four nodes at a time in registers, what is left one by one.
  ///
  /// - Returns: whether all values are finite. x − x is 0 then, and else not a number, which no sum of such terms forgets.
  @unsafe
  private func transpose(
    _ columns: UnsafePointer<Float>, rows: Range<Int>, to out: UnsafeMutablePointer<Float>, rowStride: Int
  ) -> Bool {
    let wholeRows = rows.lowerBound + (rows.count & ~7)
    let wholeNodes = nodeCount & ~3
    let stride = MechanismRows.stride
    var zeros = SIMD8<Float>()
    for r in Swift.stride(from: rows.lowerBound, to: wholeRows, by: 8) {
      let target = unsafe out + (r - rows.lowerBound) * rowStride
      for node in Swift.stride(from: 0, to: wholeNodes, by: 4) {
        let source = unsafe columns + node * stride + r
        let (a, b) = unsafe (Lanes.load8(source), Lanes.load8(source + stride))
        let (c, d) = unsafe (Lanes.load8(source + 2 * stride), Lanes.load8(source + 3 * stride))
        zeros += ((a - a) + (b - b)) + ((c - c) + (d - d))
        // Pairs of nodes, then fours, within each half of the registers: rows 0 to 3 in the lower, 4 to 7 in the upper one.
        let (ab, ab2) = (interleaveLow(a, b), interleaveHigh(a, b))
        let (cd, cd2) = (interleaveLow(c, d), interleaveHigh(c, d))
        let place = unsafe target + node
        unsafe store(lowPairs(ab, cd), at: place, rowStride)
        unsafe store(highPairs(ab, cd), at: place + rowStride, rowStride)
        unsafe store(lowPairs(ab2, cd2), at: place + 2 * rowStride, rowStride)
        unsafe store(highPairs(ab2, cd2), at: place + 3 * rowStride, rowStride)
      }
    }
    var rest: Float = 0
    for node in 0..<nodeCount {
      let source = unsafe columns + node * stride
      let first = node < wholeNodes ? wholeRows : rows.lowerBound
      for r in first..<rows.upperBound {
        let value = unsafe source[r]
        rest += value - value
        unsafe out[(r - rows.lowerBound) * rowStride + node] = value
      }
    }
    return zeros.sum() + rest == 0
  }

  /// The lower half to a row, the upper half four rows on.
  @unsafe @inline(__always)
  private func store(_ value: SIMD8<Float>, at place: UnsafeMutablePointer<Float>, _ rowStride: Int) {
    unsafe Lanes.store(value.lowHalf, place)
    unsafe Lanes.store(value.highHalf, place + 4 * rowStride)
  }

  /// The noise that ``evaluate`` has left behind the parents in the workspace's inputs.
  @unsafe
  private func copyNoise(
    of node: Int, _ workspace: SamplingWorkspace, rows: Range<Int>, to noise: UnsafeMutablePointer<Float>, firstRow: Int
  ) {
    for channel in 0..<noiseChannelCount {
      let source = unsafe workspace.inputs + (parents[node].count + channel) * MechanismRows.stride
      let isRead = channel < channels[node].count
      for r in rows {
        let row = firstRow + r - rows.lowerBound
        unsafe noise[(row * nodeCount + node) * noiseChannelCount + channel] = isRead ? source[r] : 0
      }
    }
  }
}

// The shuffles of a transposition, each one instruction on two registers.

@inline(__always)
private func interleaveLow(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8(a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5])
}

@inline(__always)
private func interleaveHigh(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8(a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7])
}

@inline(__always)
private func lowPairs(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8(a[0], a[1], b[0], b[1], a[4], a[5], b[4], b[5])
}

@inline(__always)
private func highPairs(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  SIMD8(a[2], a[3], b[2], b[3], a[6], a[7], b[6], b[7])
}
