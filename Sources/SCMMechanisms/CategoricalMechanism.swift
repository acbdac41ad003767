import SCMRandom

/// argmax_k(score_k(parents) + g_k): dense layers with a leaky ReLU between them, whose last has an output for each class.
public struct CategoricalMechanism: Mechanism, Hashable {
  public let kind: String
  public let layers: [MLPMechanism.Layer]
  /// All weights as the kernels read them, those of the last layer in units of the noise.
  private let packed: [Float]
  /// The numbers of inputs, and the last one of outputs.
  private let widths: [Int]
  public let classCount: Int
  private let rowsAtOnce: Int
  public let readsStandardizedParents: Bool

  /// - Parameter layers: each one's inputs are the outputs of the one before.
  init(kind: String, layers: [MLPMechanism.Layer], readsStandardizedParents: Bool) {
    self.kind = kind
    self.readsStandardizedParents = readsStandardizedParents
    self.layers = layers
    var packed = DenseKernel.pack(layers)
    let last = layers.last.map { DenseKernel.count(inputs: $0.inputCount, outputs: $0.bias.count) } ?? 0
    for place in (packed.count - last)..<packed.count { packed[place] *= GumbelUnits.scale }
    self.packed = packed
    classCount = layers.last?.bias.count ?? 0
    widths = layers.map(\.inputCount) + [classCount]
    let widest = layers.reduce(1) { max($0, ($1.bias.count + 3) & ~3) }
    rowsAtOnce = min(128, MechanismRows.scratchCount / 2 / widest & ~(MechanismRows.laneCount - 1))
  }

  public var values: ValueKind { .classes(classCount) }
  public var parentCount: Int { widths[0] }
  public var noise: [NoiseChannel] { NoiseChannel.gumbels(classCount) }
  public var settings: [String: MechanismSetting] { ["slope": .number(Double(EmbeddedScore.slope))] }

  public var parameters: [MechanismParameter] { layers.parameters }

  public func evaluate(_ rows: MechanismRows) {
    let half = MechanismRows.scratchCount / 2
    let hidden = unsafe Kernels.table.hidden
    let (parentCount, classCount) = (parentCount, classCount)
    unsafe packed.withUnsafeBufferPointer { packed in
      unsafe widths.withUnsafeBufferPointer { widths in
        guard let packed = packed.baseAddress else { return }
        for first in stride(from: 0, to: rows.count, by: rowsAtOnce) {
          let count = min(rowsAtOnce, rows.count - first)
          var weights = unsafe packed
          var source = unsafe UnsafePointer(rows.inputs + first)
          var sourceStride = MechanismRows.stride
          let layerCount = widths.count - 1
          for index in 0..<layerCount {
            let (inputs, outputs) = unsafe (widths[index], widths[index + 1])
            let target = unsafe rows.scratch + (index & 1) * half
            let slope = index == layerCount - 1 ? 1 : EmbeddedScore.slope
            unsafe hidden(weights, source, sourceStride, inputs, outputs, slope, target, count, count)
            unsafe weights += DenseKernel.count(inputs: inputs, outputs: outputs)
            unsafe source = UnsafePointer(target)
            sourceStride = count
          }
          let best = unsafe rows.scratch + (layerCount & 1) * half
          unsafe rows.takeBest(of: classCount, noiseColumn: parentCount, first: first, count: count, best: best) {
            unsafe source[$0 * count + $1]
          }
        }
      }
    }
  }
}

/// The noise columns hold Gumbel noise with mean 0 and variance 1, as all standard noise: scores are told in its units, and its mean, the
/// same for all classes, decides nothing.
enum GumbelUnits {
  /// √6/π, the inverse of a standard Gumbel law's deviation; the number that `NoiseFormula.gumbel` has.
  static let scale: Float = 0.77969680
}

extension MechanismRows {
  /// Gives rows the class whose score, with its noise, is the largest.
  ///
  /// What is not finite stays so: a parent's value out of the range of floats must not become a class.
  ///
  /// - Parameters:
  ///   - best: room for `count` numbers.
  ///   - score: of a class and a row.
  @unsafe @inline(__always)
  func takeBest(
    of classCount: Int, noiseColumn: Int, first: Int, count: Int, best: UnsafeMutablePointer<Float>,
    score: (_ k: Int, _ r: Int) -> Float
  ) {
    let noise = unsafe inputs + noiseColumn * Self.stride + first
    let out = unsafe output + first
    guard classCount > 1 else {
      for r in 0..<count { unsafe out[r] = score(0, r) - score(0, r) }
      return
    }
    let other = unsafe noise + Self.stride
    for r in 0..<count {
      let (a, b) = unsafe (score(0, r) + noise[r], score(1, r) + other[r])
      let isBetter = b > a
      unsafe best[r] = isBetter ? b : a
      unsafe out[r] = isBetter ? 1 + (b - b) : a - a
    }
    // Two in a pass, so that what is best is read and written half as often.
    for k in Swift.stride(from: 2, to: classCount - 1, by: 2) {
      let (g, h) = unsafe (noise + k * Self.stride, noise + (k + 1) * Self.stride)
      let (number, next) = (Float(k), Float(k + 1))
      for r in 0..<count {
        let (a, b) = unsafe (score(k, r) + g[r], score(k + 1, r) + h[r])
        let (highest, before) = unsafe a > best[r] ? (a, number + (a - a)) : (best[r], out[r])
        let isBetter = b > highest
        unsafe best[r] = isBetter ? b : highest
        unsafe out[r] = isBetter ? next + (b - b) : before
      }
    }
    guard classCount % 2 == 1 else { return }
    let (k, g) = unsafe (classCount - 1, noise + (classCount - 1) * Self.stride)
    for r in 0..<count {
      let value = unsafe score(k, r) + g[r]
      let isBetter = unsafe value > best[r]
      unsafe best[r] = isBetter ? value : best[r]
      unsafe out[r] = isBetter ? Float(k) + (value - value) : out[r]
    }
  }
}
