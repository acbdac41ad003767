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
        guard unsafe isFinite(column, count: end - first) else { throw notFinite(node) }
        if let noise = unsafe noise {
          unsafe copyNoise(of: node, workspace, rows: skipped..<(end - first), to: noise, firstRow: target)
        }
      }
      unsafe transpose(
        workspace.columns, rows: skipped..<(end - first), to: out + target * rowStride, rowStride: rowStride)
      first = end
    }
  }

  func reserve(_ workspace: SamplingWorkspace) {
    workspace.reserve(columns: nodeCount, inputs: parents.reduce(0) { max($0, $1.count) } + noiseChannelCount)
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
    let mechanism = mechanisms[node]
    let scaling = scalings[node]
    let inputs = unsafe workspace.inputs
    let padded = (count + MechanismRows.laneCount - 1) & ~(MechanismRows.laneCount - 1)
    for (index, parent) in parents[node].enumerated() {
      let source = unsafe store + parent * stride
      let target = unsafe inputs + index * MechanismRows.stride
      let gain = scaling.inputGain[index]
      let shift = scaling.inputShift[index]
      for r in 0..<padded { unsafe target[r] = shift.addingProduct(gain, source[r]) }
    }
    for (index, channel) in mechanism.noise.enumerated() {
      let (purpose, draw) = address(channel)
      unsafe channel.fillTile(
        inputs + (parents[node].count + index) * MechanismRows.stride, law: noise, firstRow: firstRow, rows: padded,
        key: TaskKey(seed: seed), site: UInt32(truncatingIfNeeded: node), purpose: purpose, draw: draw)
    }
    mechanism.evaluate(
      unsafe MechanismRows(count: padded, inputs: inputs, output: column, scratch: workspace.scratch))
    if scaling.scalesOutput {
      for r in 0..<padded { unsafe column[r] = scaling.outputShift.addingProduct(scaling.outputGain, column[r]) }
    }
  }

  /// Whether no exponent is all ones.
  @unsafe
  private func isFinite(_ column: UnsafePointer<Float>, count: Int) -> Bool {
    var largest: UInt32 = 0
    for r in 0..<count {
      let exponent = unsafe column[r].bitPattern & 0x7F80_0000
      largest = largest > exponent ? largest : exponent
    }
    return largest != 0x7F80_0000
  }

  func notFinite(_ node: Int) -> SamplingError {
    SamplingError(
      description:
        "task seed \(seed): node \(node) (\(mechanisms[node].kind)) has a value that is not finite; standardise "
        + "(standardization = internal), or ask for fewer edges or smaller weights.")
  }

  /// Columns to rows: four rows of four nodes at a time in registers, what is left one by one.
  @unsafe
  private func transpose(
    _ columns: UnsafePointer<Float>, rows: Range<Int>, to out: UnsafeMutablePointer<Float>, rowStride: Int
  ) {
    let wholeRows = rows.lowerBound + (rows.count & ~3)
    let wholeNodes = nodeCount & ~3
    for r in stride(from: rows.lowerBound, to: wholeRows, by: 4) {
      let target = unsafe out + (r - rows.lowerBound) * rowStride
      for node in stride(from: 0, to: wholeNodes, by: 4) {
        let source = unsafe columns + node * MechanismRows.stride + r
        let a = unsafe load4(source)
        let b = unsafe load4(source + MechanismRows.stride)
        let c = unsafe load4(source + 2 * MechanismRows.stride)
        let d = unsafe load4(source + 3 * MechanismRows.stride)
        for lane in 0..<4 {
          unsafe UnsafeMutableRawPointer(target + lane * rowStride + node).storeBytes(
            of: SIMD4(a[lane], b[lane], c[lane], d[lane]), as: SIMD4<Float>.self)
        }
      }
    }
    for node in 0..<nodeCount {
      let source = unsafe columns + node * MechanismRows.stride
      let first = node < wholeNodes ? wholeRows : rows.lowerBound
      for r in first..<rows.upperBound { unsafe out[(r - rows.lowerBound) * rowStride + node] = source[r] }
    }
  }

  @unsafe @inline(__always)
  private func load4(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
    unsafe UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
  }

  /// The noise that ``evaluate`` has left behind the parents in the workspace's inputs.
  @unsafe
  private func copyNoise(
    of node: Int, _ workspace: SamplingWorkspace, rows: Range<Int>, to noise: UnsafeMutablePointer<Float>, firstRow: Int
  ) {
    for channel in 0..<noiseChannelCount {
      let source = unsafe workspace.inputs + (parents[node].count + channel) * MechanismRows.stride
      let isRead = channel < mechanisms[node].noise.count
      for r in rows {
        let row = firstRow + r - rows.lowerBound
        unsafe noise[(row * nodeCount + node) * noiseChannelCount + channel] = isRead ? source[r] : 0
      }
    }
  }
}
