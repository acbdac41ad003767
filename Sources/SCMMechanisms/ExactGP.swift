import SCMRandom

public import SCMBase

/// How the function of a Gaussian process is drawn.
public enum GaussianProcessMode: String, NamedChoice, Codable {
  /// As a sum of random Fourier features: one fixed function, linear cost in the rows.
  case features
  /// Jointly at the rows that a task is calibrated on, by Cholesky; cubic cost in them.
  case exact
}

/// outer(mean + f(inputs) + noiseScale·ε) with f an exact draw of a Gaussian process; the inputs are the parents and, for GPCDE, a
/// latent variable.
public struct ExactGPMechanism: Mechanism, Hashable {
  /// That of the model which it is the exact form of.
  public let kind: String
  public private(set) var process: ExactProcess
  public let mean: LinearMean
  public let noiseScale: Float
  /// What changes the noise's size from row to row, if anything does.
  public let factor: NoiseFactor?
  public let outer: OuterFunction

  private var hasLatent: Bool { mean.latentWeight != nil }
  public var parentCount: Int { process.dimensions - (hasLatent ? 1 : 0) }
  public var readsStandardizedParents: Bool { hasLatent }

  public var noise: [NoiseChannel] {
    (hasLatent ? [.latent] : []) + [.noise] + (factor?.channels ?? []) + [.process]
  }

  public var parameters: [MechanismParameter] {
    process.parameters + mean.parameters + [MechanismParameter("noise_scale", noiseScale)] + (factor?.parameters ?? [])
  }

  public var settings: [String: Double] { process.settings.merging(["outer": Double(outer.index)]) { $1 } }

  public var needsAnchors: Bool { true }

  public func anchored(at columns: [[Float]]) -> (any Mechanism)? {
    guard let z = columns.last,
      let drawn = process.anchored(at: Array(columns.prefix(process.dimensions)), z: z)
    else { return nil }
    var result = self
    result.process = drawn
    return result
  }

  public func evaluate(_ rows: MechanismRows) {
    let noise = unsafe rows.noise(column: process.dimensions, factor: factor)
    let z = unsafe rows.inputs + (process.dimensions + 1 + (factor?.channelCount ?? 0)) * MechanismRows.stride
    unsafe process.write(rows, z: z, to: rows.output)
    for first in stride(from: 0, to: rows.count, by: MechanismRows.laneCount) {
      let place = unsafe rows.output + first
      var sum = unsafe mean.value(rows.inputs + first, parentCount: parentCount) + Lanes.load(place)
      unsafe sum.addProduct(SIMD16(repeating: noiseScale), Lanes.load(noise + first))
      unsafe Lanes.store(sum, place)
    }
    unsafe outer.apply(rows.output, count: rows.count)
  }
}
