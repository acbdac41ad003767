import SCMRandom

/// argmax_k(score_k(parents) + g_k): dense layers with a leaky ReLU between them, whose last has an output for each class.
public struct CategoricalMechanism: Mechanism, Hashable {
  public let kind: String
  public let layers: [MLPMechanism.Layer]
  /// With scores in units of the noise.
  private let dense: DenseLayers
  public let readsStandardizedParents: Bool

  /// - Parameter layers: each one's inputs are the outputs of the one before.
  init(kind: String, layers: [MLPMechanism.Layer], readsStandardizedParents: Bool) {
    self.kind = kind
    self.readsStandardizedParents = readsStandardizedParents
    self.layers = layers
    dense = DenseLayers(layers, slope: EmbeddedScore.slope, scale: GumbelUnits.scale, mostRows: 128)
  }

  public var classCount: Int { dense.outputCount }
  public var values: ValueKind { .classes(classCount) }
  public var parentCount: Int { dense.inputCount }
  public var noise: [NoiseChannel] { NoiseChannel.gumbels(classCount) }
  public var settings: [String: MechanismSetting] { ["slope": .number(Double(EmbeddedScore.slope))] }

  public var parameters: [MechanismParameter] { layers.parameters }

  public func evaluate(_ rows: MechanismRows) {
    let layer = unsafe Kernels.table.hidden
    let (parentCount, classCount) = (parentCount, classCount)
    unsafe self.dense.forEachLast(of: rows) {
      unsafe layer($0.weights, $0.inputs, $0.inputStride, $0.inputCount, classCount, 1, $0.free, $0.count, $0.count)
      unsafe rows.takeBest(
        of: classCount, noiseColumn: parentCount, first: $0.first, count: $0.count, scores: $0.free, scratch: $0.used)
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
