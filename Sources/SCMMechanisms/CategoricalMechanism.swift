import SCMRandom

/// argmax_k(score_k(parents) + g_k): dense layers with a leaky ReLU between them, whose last has an output for each class.
public struct CategoricalMechanism: Mechanism, Hashable {
  /// One reference, which an existential holds without a box, and of which a copy counts one.
  private let parts: Parts

  /// - Parameter layers: each one's inputs are the outputs of the one before.
  init(kind: String, layers: [MLPMechanism.Layer], readsStandardizedParents: Bool) {
    parts = Parts(kind: kind, layers: layers, readsStandardizedParents: readsStandardizedParents)
  }

  public var kind: String { parts.kind }
  public var layers: [MLPMechanism.Layer] { parts.layers }
  public var classCount: Int { parts.dense.outputCount }
  public var readsStandardizedParents: Bool { parts.readsStandardizedParents }
  public var values: ValueKind { .classes(classCount) }
  public var parentCount: Int { parts.dense.inputCount }
  public var noise: [NoiseChannel] { NoiseChannel.gumbels(classCount) }
  public var settings: [String: MechanismSetting] { ["slope": .number(Double(EmbeddedScore.slope))] }

  public var parameters: [MechanismParameter] { layers.parameters }

  public func evaluate(_ rows: MechanismRows) {
    let layer = unsafe Kernels.table.hidden
    let (parentCount, classCount) = (parentCount, classCount)
    unsafe parts.dense.forEachLast(of: rows) {
      unsafe layer($0.weights, $0.inputs, $0.inputStride, $0.inputCount, classCount, 1, $0.free, $0.count, $0.count)
      unsafe rows.takeBest(
        of: classCount, noiseColumn: parentCount, first: $0.first, count: $0.count, scores: $0.free, scratch: $0.used)
    }
  }
}

extension CategoricalMechanism {
  private final class Parts: Hashable, Sendable {
    let kind: String
    let layers: [MLPMechanism.Layer]
    /// With scores in units of the noise.
    let dense: DenseLayers
    let readsStandardizedParents: Bool

    init(kind: String, layers: [MLPMechanism.Layer], readsStandardizedParents: Bool) {
      self.kind = kind
      self.layers = layers
      dense = DenseLayers(layers, slope: EmbeddedScore.slope, scale: GumbelUnits.scale, mostRows: 128)
      self.readsStandardizedParents = readsStandardizedParents
    }

    static func == (a: Parts, b: Parts) -> Bool {
      a.kind == b.kind && a.layers == b.layers && a.readsStandardizedParents == b.readsStandardizedParents
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(kind)
      hasher.combine(layers)
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
