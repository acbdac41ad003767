import SCMRandom

/// Dense layers with an activation after all but the last, as kernels read them.
struct DenseLayers: Hashable, Sendable {
  let slope: Float
  let activation: Activation
  /// All weights; one array, as each that a loop looks into is counted there and back.
  private let packed: [Float]
  /// The numbers of inputs, and the last one of outputs.
  private let widths: [Int]
  /// Whose values stay in the nearest cache, and fit half of the scratch.
  private let rowsAtOnce: Int

  /// - Parameters:
  ///   - scale: a factor of the last layer.
  ///   - mostRows: a power of two, at least ``MechanismRows/laneCount``.
  init(
    _ layers: [MLPMechanism.Layer], slope: Float, activation: Activation = .leakyReLU, scale: Float = 1, mostRows: Int
  ) {
    self.slope = activation == .leakyReLU ? slope : 1
    self.activation = activation
    var packed = Self.pack(layers)
    let outputCount = layers.last?.bias.count ?? 0
    if let last = layers.last, scale != 1 {
      let count = Self.count(inputs: last.inputCount, outputs: outputCount)
      for place in (packed.count - count)..<packed.count { packed[place] *= scale }
    }
    self.packed = packed
    var widths = [Int](repeating: outputCount, count: layers.count + 1)
    for index in layers.indices { widths[index] = layers[index].inputCount }
    self.widths = widths
    let widest = layers.reduce(1) { max($0, ($1.bias.count + 3) & ~3) }
    rowsAtOnce = min(mostRows, MechanismRows.scratchCount / 2 / widest & ~(MechanismRows.laneCount - 1))
  }

  var inputCount: Int { widths[0] }
  var outputCount: Int { widths[widths.count - 1] }

  /// The last layer of some rows: what it reads, and where there is room for half of the scratch besides.
  @unsafe
  struct Last {
    /// Of the first of these rows among all.
    let first: Int
    let count: Int
    let weights: UnsafePointer<Float>
    let inputs: UnsafePointer<Float>
    let inputStride: Int
    let inputCount: Int
    let free: UnsafeMutablePointer<Float>
    /// Where the inputs lie, unless they are the mechanism's own; free as soon as they have been read.
    let used: UnsafeMutablePointer<Float>
  }

  /// Computes all layers but the last, some rows at a time, and hands that out. Two halves of the scratch are used in turns: a layer reads
  /// one and writes the other.
  @unsafe @inline(__always)
  func forEachLast(of rows: MechanismRows, _ body: (Last) -> Void) {
    let kernels = Kernels.table
    let half = MechanismRows.scratchCount / 2
    unsafe packed.withUnsafeBufferPointer { packed in
      unsafe widths.withUnsafeBufferPointer { widths in
        guard let packed = packed.baseAddress else { return }
        let hiddenCount = widths.count - 2
        for first in stride(from: 0, to: rows.count, by: rowsAtOnce) {
          let count = min(rowsAtOnce, rows.count - first)
          var weights = unsafe packed
          var source = unsafe rows.inputs + first
          var sourceStride = MechanismRows.stride
          for index in 0..<hiddenCount {
            let (inputs, outputs) = unsafe (widths[index], widths[index + 1])
            let target = unsafe rows.scratch + (index & 1) * half
            unsafe kernels.hidden(weights, source, sourceStride, inputs, outputs, slope, target, count, count)
            switch activation {
            case .leakyReLU: break
            case .tanh: unsafe kernels.tanh(target, (outputs + 3) / 4 * 4 * count)
            case .sigmoid: unsafe kernels.sigmoid(target, (outputs + 3) / 4 * 4 * count)
            }
            unsafe weights += Self.count(inputs: inputs, outputs: outputs)
            unsafe source = UnsafePointer(target)
            sourceStride = count
          }
          let free = unsafe rows.scratch + (hiddenCount & 1) * half
          let used = unsafe rows.scratch + (1 - hiddenCount & 1) * half
          unsafe body(
            Last(
              first: first, count: count, weights: weights, inputs: source, inputStride: sourceStride,
              inputCount: widths[hiddenCount], free: free, used: used))
        }
      }
    }
  }

  /// How many numbers a packed layer has.
  private static func count(inputs: Int, outputs: Int) -> Int { (outputs + 3) / 4 * 4 * (inputs + 1) }

  /// Layer after layer, each in groups of four outputs: their biases, then for each input their four weights; missing outputs are 0.
  private static func pack(_ layers: [MLPMechanism.Layer]) -> [Float] {
    let count = layers.reduce(0) { $0 + Self.count(inputs: $1.inputCount, outputs: $1.bias.count) }
    return unsafe [Float](unsafeUninitializedCapacity: count) { packed, written in
      for layer in layers {
        let (inputs, outputs) = (layer.inputCount, layer.bias.count)
        for group in stride(from: 0, to: outputs, by: 4) {
          for o in 0..<4 {
            let isThere = group + o < outputs
            let first = (group + o) * inputs
            unsafe packed[written + o] = isThere ? layer.bias[group + o] : 0
            for i in 0..<inputs { unsafe packed[written + 4 * (i + 1) + o] = isThere ? layer.weights[first + i] : 0 }
          }
          written += 4 * (inputs + 1)
        }
      }
    }
  }
}
