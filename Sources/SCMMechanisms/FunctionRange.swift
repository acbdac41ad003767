import SCMRandom

/// A mechanism whose function has a known range: its 1 % and 99 % quantiles at the calibration rows are mapped to −range and range, and
/// only then is noise added.
///
/// It stands for its inner mechanism until the rows are there, and is then that mechanism with other numbers in its last layer. Where the
/// noise is an input of the function, it is at the rows too.
///
/// Source: the calibration of mechanisms in dowhy's `gcm.data_generator`, whose range is 1.
public struct RangedMechanism: Mechanism {
  /// The kinds that have a range; others are as they are drawn.
  package static let kinds = [LinearModel.kind, MLPModel.kind]

  private let inner: any RangeableMechanism
  private let range: Double

  /// - Returns: `nil` where the range is 0, the mechanism reads no parents, or its kind has no range.
  init?(_ mechanism: any Mechanism, range: Double) {
    guard range > 0, mechanism.parentCount > 0, let inner = mechanism as? any RangeableMechanism else { return nil }
    self.inner = inner
    self.range = range
  }

  public var kind: String { inner.kind }
  public var parentCount: Int { inner.parentCount }
  public var noise: [NoiseChannel] { inner.noise }
  public var readsStandardizedParents: Bool { inner.readsStandardizedParents }
  public var parameters: [MechanismParameter] { inner.parameters }
  public var settings: [String: MechanismSetting] { inner.settings }
  public var readsParentsInPlace: Bool { inner.readsParentsInPlace }
  public var needsAnchors: Bool { true }
  public func evaluate(_ rows: MechanismRows) { inner.evaluate(rows) }

  public func anchored(at columns: [[Float]]) -> (any Mechanism)? {
    var inputs = columns
    if inner.addsNoise {
      for index in parentCount..<inputs.count { inputs[index] = [Float](repeating: 0, count: inputs[index].count) }
    }
    let values = inner.values(at: inputs).sorted()
    let (low, high) = (Self.quantile(values, 0.01), Self.quantile(values, 0.99))
    // A constant is moved, not stretched.
    let width = high - low > 1e-8 ? high - low : 1
    let gain = 2 * range / width
    return inner.mapped(gain: Float(gain), shift: Float(-range - gain * low))
  }

  /// Linear between the two values next to it, as numpy's default.
  private static func quantile(_ sorted: [Float], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let value = Double(sorted[below])
    return below + 1 < sorted.count ? value + (place - Double(below)) * (Double(sorted[below + 1]) - value) : value
  }
}

/// A mechanism whose function can be mapped by an affine map.
protocol RangeableMechanism: Mechanism {
  /// Whether noise is added to the function, which otherwise reads it.
  var addsNoise: Bool { get }
  /// gain·f + shift, with the same noise.
  func mapped(gain: Float, shift: Float) -> any Mechanism
}

extension LinearMechanism: RangeableMechanism {
  var addsNoise: Bool { true }

  func mapped(gain: Float, shift: Float) -> any Mechanism {
    LinearMechanism(
      weights: weights.map { gain * $0 }, bias: shift.addingProduct(gain, bias), noiseScale: noiseScale, factor: factor)
  }
}

extension MLPMechanism: RangeableMechanism {
  var addsNoise: Bool { additiveNoise != nil }

  func mapped(gain: Float, shift: Float) -> any Mechanism {
    guard let last = layers.last else { return self }
    let mapped = Layer(
      inputCount: last.inputCount, weights: last.weights.map { gain * $0 },
      bias: last.bias.map { shift.addingProduct(gain, $0) })
    return MLPMechanism(
      checkedLayers: Array(layers.dropLast()) + [mapped], slope: slope, activation: activation,
      additiveNoise: additiveNoise)
  }
}
