import SCMGraphs
import SCMMechanisms
import SCMRandom

// Means and deviations are constants of the instance, never statistics of the rows that are asked for: more rows, other
// draws and interventions all come from one SCM.

extension SCMInstance {
  /// This SCM with the scalings of a mode frozen into it.
  func standardized(
    _ mode: FamilyConfig.Standardization, calibrationRows: Int, workspace: SamplingWorkspace
  ) throws(SamplingError) -> SCMInstance {
    guard mode != .none || mechanisms.contains(where: \.readsStandardizedParents) else { return self }
    var result = self
    if let moments = linearMoments() {
      for node in topologicalOrder { result.apply(moments[node], to: node, mode) }
    } else {
      try result.calibrate(mode, rows: calibrationRows, workspace: workspace)
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
  /// The modes differ in what is stored, not in what is read.
  func linearMoments() -> [Moments]? {
    var covariance = [Double](repeating: 0, count: nodeCount * nodeCount)
    var moments = [Moments](repeating: Moments(mean: 0, deviation: 1), count: nodeCount)
    var done: [Int] = []
    for node in topologicalOrder {
      let weights: [Double]
      var noiseVariance = 1.0
      var mean = 0.0
      switch mechanisms[node] {
      case let linear as LinearMechanism:
        // Noise of a size that the parents decide has no variance in closed form.
        guard let factor = linear.factor.map({ $0.meanSquare }) ?? 1 else { return nil }
        weights = linear.weights.map(Double.init)
        noiseVariance = Double(linear.noiseScale) * Double(linear.noiseScale) * factor
        mean = Double(linear.bias)
      case is StandardNoise: weights = []
      default: return nil
      }
      for other in done {
        var sum = 0.0
        for (index, parent) in parents[node].enumerated() {
          sum += weights[index] * covariance[parent * nodeCount + other]
        }
        covariance[node * nodeCount + other] = sum
        covariance[other * nodeCount + node] = sum
      }
      var variance = noiseVariance
      for (index, parent) in parents[node].enumerated() {
        variance += weights[index] * covariance[node * nodeCount + parent]
      }
      let deviation = variance.squareRoot()
      moments[node] = Moments(mean: mean, deviation: deviation)
      let scale = deviation > Moments.least ? 1 / deviation : 1
      covariance[node * nodeCount + node] = variance * scale * scale
      for other in done {
        covariance[node * nodeCount + other] *= scale
        covariance[other * nodeCount + node] *= scale
      }
      done.append(node)
    }
    return moments
  }

  /// Computes node after node on rows of their own (purpose CALIB) and freezes the moments found there.
  private mutating func calibrate(
    _ mode: FamilyConfig.Standardization, rows: Int, workspace: SamplingWorkspace
  ) throws(SamplingError) {
    reserve(workspace)
    let tiles = (rows + rowsPerTile - 1) / rowsPerTile
    let stride = tiles * MechanismRows.stride
    let store = UnsafeMutablePointer<Float>.allocate(capacity: nodeCount * stride)
    defer { unsafe store.deallocate() }
    for node in topologicalOrder {
      let column = unsafe store + node * stride
      for tile in 0..<tiles {
        let first = tile * rowsPerTile
        let offset = tile * MechanismRows.stride
        // Draw numbers from the top, one for each channel, so that no channel shares words with another or with a draw.
        unsafe evaluate(
          node, firstRow: first, count: min(rowsPerTile, rows - first), from: store + offset, stride: stride,
          into: column + offset, workspace: workspace
        ) { (.calibration, .max - $0.number) }
      }
      let moments = unsafe Moments(of: column, rows: rows)
      guard moments.mean.isFinite, moments.deviation.isFinite else { throw notFinite(node) }
      apply(moments, to: node, mode)
      if mode == .internal {
        let scaling = scalings[node]
        for r in 0..<stride { unsafe column[r] = scaling.outputShift.addingProduct(scaling.outputGain, column[r]) }
      }
    }
  }

  private mutating func apply(_ moments: Moments, to node: Int, _ mode: FamilyConfig.Standardization) {
    let deviation = moments.deviation > Moments.least ? moments.deviation : 1
    let gain = Float(1 / deviation)
    let shift = Float(-moments.mean / deviation)
    if mode == .internal {
      scalings[node].outputGain = gain
      scalings[node].outputShift = shift
    } else {
      for child in graph.adjacency.children(of: node)
      where mode == .inputs || mechanisms[child].readsStandardizedParents {
        guard let index = parents[child].firstIndex(of: node) else { continue }
        scalings[child].inputGain[index] = gain
        scalings[child].inputShift[index] = shift
      }
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
