public import SCMRandom

/// A mechanism f(parents) + scale·ε that states f alone.
///
/// f goes over the parents' columns one after the other, so that a loop over rows is vectorised and each row's sum has one order.
public protocol AdditiveMechanism: Mechanism {
  var additiveNoise: AdditiveNoise { get }
  /// The numbers of f.
  var functionParameters: [MechanismParameter] { get }
  /// Writes f to the rows' output, reading their parents alone.
  func writeFunction(_ rows: MechanismRows)
}

extension AdditiveMechanism {
  public var noise: [NoiseChannel] { additiveNoise.channels }
  public var parameters: [MechanismParameter] { functionParameters + additiveNoise.parameters }
  /// A factor may be a function of the parents, side by side.
  public var readsParentsInPlace: Bool { additiveNoise.factor == nil }

  public func evaluate(_ rows: MechanismRows) {
    writeFunction(rows)
    additiveNoise.add(to: rows, column: parentCount)
  }
}

/// A kind of ``AdditiveMechanism``, whose nodes without parents are noise alone.
public protocol AdditiveModel: MechanismModel {
  static var kind: String { get }
  /// The mechanism of a node with at least one parent.
  func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey, noise: AdditiveNoise) -> any Mechanism
}

extension AdditiveModel {
  public var kind: String { Self.kind }
  public var readsNoiseScale: Bool { true }

  public func makeMechanism(
    parentCount: Int, node: UInt32, key: TaskKey, noiseScale: NoiseScaleModel
  ) -> any Mechanism {
    let noise = noiseScale.noise(parentCount: parentCount, node: node, key: key)
    return parentCount == 0
      ? noise.alone : makeMechanism(parentCount: parentCount, node: node, key: key, noise: noise)
  }
}

/// Noise that is added to a function of the parents.
public struct AdditiveNoise: Hashable, Sendable {
  public let scale: Float
  /// What changes the noise's size from row to row, if anything does.
  public let factor: NoiseFactor?

  public init(scale: Float, factor: NoiseFactor? = nil) {
    self.scale = scale
    self.factor = factor
  }

  var channels: [NoiseChannel] { factor.map { [.noise] + $0.channels } ?? NoiseChannel.noiseAlone }
  var parameters: [MechanismParameter] { [.init("noise_scale", scale)] + (factor?.parameters ?? []) }

  /// The mechanism of a node without parents: the noise alone.
  var alone: LinearMechanism { LinearMechanism(weights: [], bias: 0, noiseScale: scale, factor: factor) }

  /// Adds it to the rows' output.
  ///
  /// - Parameter column: that of the noise, behind the parents'.
  func add(to rows: MechanismRows, column: Int) {
    let noise = unsafe rows.noise(column: column, factor: factor)
    for r in 0..<rows.count { unsafe rows.output[r].addProduct(scale, noise[r]) }
  }
}

extension NoiseScaleModel {
  /// One node's noise, of the family's size.
  func noise(parentCount: Int, node: UInt32, key: TaskKey) -> AdditiveNoise {
    let (scale, factor) = draw(parentCount: parentCount, node: node, key: key)
    return AdditiveNoise(scale: scale, factor: factor)
  }
}

extension MechanismRows {
  /// Fills the output with one value.
  func fillOutput(_ value: Float) {
    for r in 0..<count { unsafe output[r] = value }
  }
}
