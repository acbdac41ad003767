import SCMBase
import SCMGraphs
import SCMMechanisms
import SCMRandom

// Means and deviations are constants of the instance, never statistics of the rows that are asked for: more rows, other
// draws and interventions all come from one SCM.

extension SCMInstance {
  /// This SCM with the scalings of a mode frozen into it, and its exact Gaussian processes drawn.
  func standardized(
    _ mode: StandardizationMode, calibrationRows: Int, workspace: SamplingWorkspace
  ) throws(SamplingError) -> SCMInstance {
    var (hasAnchors, readsStandardized) = (false, false)
    for node in mechanisms.indices {
      if mechanisms[node].needsAnchors { hasAnchors = true }
      if mechanisms[node].readsStandardizedParents { readsStandardized = true }
    }
    guard mode.scales || hasAnchors || readsStandardized else { return self }
    var result = self
    // Published pipelines calibrate on the very rows that they hand out, and so do exact draws where nothing else is asked.
    let readsData =
      switch mode.moments {
      case .law: false
      case .data: true
      case .dataWhereDrawn: hasAnchors
      }
    if !readsData, !hasAnchors, !readsStandardized, mode.scalesParents, valueKinds.isEmpty,
      let moments = linearMoments()
    {
      for node in topologicalOrder { result.apply(moments[node], to: node, mode) }
    } else {
      try result.calibrate(mode, rows: calibrationRows, readsData: readsData, workspace: workspace)
    }
    return result
  }

  /// Where a node's values lie before they are scaled.
  struct Moments {
    let mean: Double
    let deviation: Double
  }

  /// The moments of an SCM whose mechanisms are all linear and read standardised parents, in closed form (the recursion of
  /// iSCM); `nil` where one is not linear.
  ///
  /// Modes in which parents are read scaled differ in what is stored, not in what is read.
  func linearMoments() -> [Moments]? {
    var covariance = LinearCovariance(nodeCount: nodeCount)
    var moments = [Moments](repeating: Moments(mean: 0, deviation: 1), count: nodeCount)
    for node in topologicalOrder {
      var mean = 0.0
      switch mechanisms[node] {
      case let linear as LinearMechanism:
        // Noise of a size that the parents decide has no variance in closed form.
        guard let factor = linear.factor.map({ $0.meanSquare }) ?? 1 else { return nil }
        mean = Double(linear.bias)
        let noiseVariance = Double(linear.noiseScale) * Double(linear.noiseScale) * factor
        covariance.add(node, parents: parents[node], noiseVariance: noiseVariance) { Double(linear.weight($0)) }
      case is StandardNoise: covariance.add(node, parents: [], noiseVariance: 1) { _ in 0 }
      default: return nil
      }
      let deviation = covariance[node, node].squareRoot()
      moments[node] = Moments(mean: mean, deviation: deviation)
      covariance.scaleLast(by: deviation > Moments.least ? 1 / deviation : 1)
    }
    return moments
  }

  /// Computes node after node on some rows and freezes the moments found there, and the exact processes drawn there.
  ///
  /// - Parameter readsData: whether the rows are the first ones of draw 0, or rows of their own (purpose CALIB).
  private mutating func calibrate(
    _ mode: StandardizationMode, rows: Int, readsData: Bool, workspace: SamplingWorkspace
  ) throws(SamplingError) {
    reserve(workspace)
    let tiles = (rows + rowsPerTile - 1) / rowsPerTile
    let stride = tiles * MechanismRows.stride
    let store = UnsafeMutablePointer<Float>.allocate(capacity: nodeCount * stride)
    defer { unsafe store.deallocate() }
    func address(_ channel: NoiseChannel) -> (TaskKey.Purpose, UInt32) {
      // Draw numbers from the top, one for each channel, so that no channel shares words with another or with a draw.
      readsData ? (channel.purpose, 0) : (.calibration, .max - channel.number)
    }
    for node in topologicalOrder {
      guard !Interruption.isRequested else { throw SamplingError(description: "The task was given up.") }
      let column = unsafe store + node * stride
      if mechanisms[node].needsAnchors {
        let columns = unsafe inputColumns(
          of: node, rows: rows, from: store, stride: stride, workspace: workspace, address: address)
        guard let drawn = mechanisms[node].anchored(at: columns) else {
          throw SamplingError(
            description:
              "task seed \(seed): node \(node) (\(mechanisms[node].kind)) has a covariance matrix that is not positive definite, even "
              + "with a jitter of a thousandth of its variance; choose a rougher kernel, or mode = features.")
        }
        replaceMechanism(of: node, by: drawn)
      }
      for tile in 0..<tiles {
        let first = tile * rowsPerTile
        let offset = tile * MechanismRows.stride
        unsafe evaluate(
          node, firstRow: first, count: min(rowsPerTile, rows - first), from: store + offset, stride: stride,
          into: column + offset, workspace: workspace, address: address)
      }
      let moments = unsafe Moments(of: column, rows: rows)
      guard moments.mean.isFinite, moments.deviation.isFinite else { throw notFinite(node) }
      apply(moments, to: node, mode)
      if scalings[node].output != .identity {
        unsafe scalings[node].output.apply(from: UnsafePointer(column), to: column, count: stride)
      }
    }
  }

  /// What a node's mechanism reads at all calibration rows, column by column.
  @unsafe
  private func inputColumns(
    of node: Int, rows: Int, from store: UnsafePointer<Float>, stride: Int, workspace: SamplingWorkspace,
    address: (NoiseChannel) -> (TaskKey.Purpose, UInt32)
  ) -> [[Float]] {
    var columns = [[Float]](repeating: [], count: inputCount(of: node) + readings[node].channels.count)
    for first in Swift.stride(from: 0, to: rows, by: rowsPerTile) {
      let count = min(rowsPerTile, rows - first)
      _ = unsafe fillInputs(
        of: node, firstRow: first, count: count, from: store + first / rowsPerTile * MechanismRows.stride,
        stride: stride, workspace: workspace, address: address)
      for index in columns.indices {
        // Parents may be read where they lie.
        let column =
          unsafe index < inputCount(of: node)
          ? workspace.parents[index] : UnsafePointer(workspace.inputs + index * MechanismRows.stride)
        unsafe columns[index].append(contentsOf: UnsafeBufferPointer(start: column, count: count))
      }
    }
    return columns
  }

  private mutating func apply(_ moments: Moments, to node: Int, _ mode: StandardizationMode) {
    let kind = valueKind(of: node)
    // A class is no number that a mean could be taken of.
    guard kind.classCount == 0 else { return }
    let deviation = moments.deviation > Moments.least ? moments.deviation : 1
    let map = AffineMap(gain: Float(1 / deviation), shift: Float(-moments.mean / deviation))
    // Counts stay whole numbers in the data, whatever their children read.
    switch kind == .count ? .raw : mode.shows {
    case .scaledPerNode:
      // Children read it scaled already.
      scalings[node].output = map
      return
    case .scaledAfterwards: scalings[node].shown = map
    case .raw: break
    }
    for child in graph.adjacency.children(of: node)
    where mode.reads == .scaled || kind == .count && mode.shows == .scaledPerNode
      || mechanisms[child].readsStandardizedParents
    {
      guard let index = Array(parents[child]).firstIndex(of: node) else { continue }
      if scalings[child].inputs.isEmpty {
        scalings[child].inputs = [AffineMap](repeating: .identity, count: parents[child].count)
      }
      scalings[child].inputs[index] = map
    }
  }
}

extension SCMInstance.Moments {
  /// A deviation below is taken for a constant, which is only centred.
  static let least = 1e-8

  /// Mean and population deviation of a calibration column in Float64: eight strided partial sums, combined in a fixed
  /// tree, so that no vector width changes a bit.
  @unsafe
  init(of column: UnsafePointer<Float>, rows: Int) {
    let value = { (row: Int) in
      unsafe Double(column[row / rowsPerTile * MechanismRows.stride + row % rowsPerTile])
    }
    let mean = Self.mean(rows, value)
    let variance = Self.mean(rows) { row in
      let centred = value(row) - mean
      return centred * centred
    }
    self.init(mean: mean, deviation: variance.squareRoot())
  }

  private static func mean(_ rows: Int, _ term: (Int) -> Double) -> Double {
    var sums = SIMD8<Double>()
    for row in 0..<rows { sums[row & 7] += term(row) }
    return ((sums[0] + sums[1]) + (sums[2] + sums[3]) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))) / Double(rows)
  }
}
