import SCMRandom

/// outer(mean + f(inputs) + noiseScale·ε) with f a draw of a Gaussian process; the inputs are the parents and, where the mean has a
/// weight for it, a latent variable.
public struct GaussianProcessMechanism: Mechanism, Hashable {
  /// Where the values of f come from.
  public enum Source: Hashable, Sendable {
    /// One fixed function, plus a nugget where it had features too fast to keep.
    case features(FourierFunction)
    /// Values that are drawn jointly at the process's anchors.
    case exact(ExactProcess)
  }

  public let kind: String
  public private(set) var source: Source
  public let mean: LinearMean
  public let noiseScale: Float
  /// What changes the noise's size from row to row, if anything does.
  public let factor: NoiseFactor?
  public let outer: OuterFunction

  private var hasLatent: Bool { mean.latentWeight != nil }
  private var dimensions: Int {
    switch source {
    case .features(let function): function.dimensions
    case .exact(let process): process.dimensions
    }
  }

  public var parentCount: Int { dimensions - (hasLatent ? 1 : 0) }
  public var readsStandardizedParents: Bool { hasLatent }

  public var noise: [NoiseChannel] {
    let channels = (hasLatent ? [.latent] : []) + [.noise] + (factor?.channels ?? [])
    switch source {
    case .features(let function): return channels + (function.nuggetScale > 0 ? [.nugget] : [])
    case .exact: return channels + [.process]
    }
  }

  public var parameters: [MechanismParameter] {
    let own =
      switch source {
      case .features(let function): function.parameters
      case .exact(let process): process.parameters
      }
    return own + mean.parameters + [MechanismParameter("noise_scale", noiseScale)] + (factor?.parameters ?? [])
  }

  public var settings: [String: MechanismSetting] {
    let outer = MechanismSetting.name(outer.rawValue)
    guard case .exact(let process) = source else { return ["outer": outer] }
    return process.settings.merging(["outer": outer]) { $1 }
  }

  public var needsAnchors: Bool {
    if case .exact = source { true } else { false }
  }

  public func anchored(at columns: [[Float]]) -> (any Mechanism)? {
    guard case .exact(let process) = source else { return self }
    guard let z = columns.last, let drawn = process.anchored(at: Array(columns.prefix(process.dimensions)), z: z)
    else { return nil }
    var result = self
    result.source = .exact(drawn)
    return result
  }

  public func evaluate(_ rows: MechanismRows) {
    let dimensions = dimensions
    let parentCount = parentCount
    let noise = unsafe rows.noise(column: dimensions, factor: factor)
    // The last column, if there is one: the nugget's, or that which an exact draw makes its values from.
    let white = unsafe rows.inputs + (dimensions + 1 + (factor?.channelCount ?? 0)) * MechanismRows.stride
    switch source {
    // Mean, f and noise of each row, in that order.
    case .features(let function):
      unsafe each(rows) { first in unsafe mean.value(rows.inputs + first, parentCount: parentCount) }
      unsafe function.add(to: rows.output, rows.inputs, rows: rows.count)
      let nugget = function.nuggetScale
      unsafe each(rows) { first in
        var sum = unsafe Lanes.load(rows.output + first)
        unsafe sum.addProduct(SIMD16(repeating: noiseScale), Lanes.load(noise + first))
        if nugget > 0 { unsafe sum.addProduct(SIMD16(repeating: nugget), Lanes.load(white + first)) }
        return sum
      }
    case .exact(let process):
      unsafe process.write(rows, z: white, to: rows.output)
      unsafe each(rows) { first in
        var sum = unsafe mean.value(rows.inputs + first, parentCount: parentCount)
        unsafe sum += Lanes.load(rows.output + first)
        unsafe sum.addProduct(SIMD16(repeating: noiseScale), Lanes.load(noise + first))
        return sum
      }
    }
    unsafe outer.apply(rows.output, count: rows.count)
  }

  /// Writes sixteen rows at a time.
  @unsafe @inline(__always)
  private func each(_ rows: MechanismRows, _ value: (Int) -> SIMD16<Float>) {
    for first in stride(from: 0, to: rows.count, by: MechanismRows.laneCount) {
      unsafe Lanes.store(value(first), rows.output + first)
    }
  }
}
