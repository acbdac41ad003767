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
    var widths = [Int](repeating: classCount, count: layers.count + 1)
    for index in layers.indices { widths[index] = layers[index].inputCount }
    self.widths = widths
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
          unsafe rows.takeBest(
            of: classCount, noiseColumn: parentCount, first: first, count: count, scores: source,
            scratch: rows.scratch + (layerCount & 1) * half)
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
  /// Gives rows `first ..< first + count` the class whose score, with its noise, is the largest.
  ///
  /// - Parameters:
  ///   - scores: of class k in the r-th of these rows at `k * count + r`.
  ///   - scratch: room for `2 * count` numbers.
  @unsafe
  func takeBest(
    of classCount: Int, noiseColumn: Int, first: Int, count: Int, scores: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    let noise = unsafe UnsafeRawPointer(inputs + noiseColumn * Self.stride + first)
    unsafe Kernels.table.classes(
      scores, count, noise.assumingMemoryBound(to: UInt32.self), Self.stride, classCount, count, output + first,
      scratch)
  }
}
