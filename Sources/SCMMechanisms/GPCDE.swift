public import SCMConfiguration
public import SCMRandom

/// A Gaussian process of the parents and a latent variable: X = f(parents, w) + s·ε with f ~ GP and w ~ N(0, 1).
///
/// Averaged over w the conditional law of X is not Gaussian, and its spread depends on the parents. The function is drawn
/// once, as a sum of random Fourier features, so all rows of all draws share it.
///
/// Sources: Dutordoir, Salimbeni, Deisenroth, Hensman, "Gaussian process conditional density estimation", NeurIPS 2018
/// (the model); Rahimi and Recht, "Random features for large-scale kernel machines", NIPS 2007 (the features).
public struct GPCDEModel: MechanismModel, Hashable {
  public static let kind = "gpcde"

  public var features = 512
  public var kernels: [SpectralKernel] = [.rbf, .matern32]
  public var lengthLocation = 0.0
  public var lengthSpread = 0.5
  public var lengthMin = 0.3
  public var lengthMax = 5.0
  public var meanWeight = 0.5
  public var noiseScale = 0.05

  public init() {}

  public mutating func visitFields(_ visitor: inout some FieldVisitor) throws(ConfigError) {
    try visitor.integer(
      "gpcde_features", &features, in: 2...65_536, "Random Fourier features of a node, shared out among its kernels.")
    try visitor.choices(
      "gpcde_kernels", &kernels, count: 1...8, "Kernels that are summed; their variances are equal and sum to 1.")
    try visitor.number(
      "gpcde_length_location", &lengthLocation, in: .from(-20, to: 20), "Mean of the logarithm of a length scale.")
    try visitor.number(
      "gpcde_length_spread", &lengthSpread, in: .from(0, to: 20),
      "Standard deviation of the logarithm of a length scale.")
    try visitor.number("gpcde_length_min", &lengthMin, in: .above(0, to: 1e6), "Length scales below are raised to it.")
    try visitor.number("gpcde_length_max", &lengthMax, in: .above(0, to: 1e6), "Length scales above are cut to it.")
    try visitor.number(
      "gpcde_mean_weight", &meanWeight, in: .from(-1e6, to: 1e6), "The mean function is this times the latent variable."
    )
    try visitor.number(
      "gpcde_noise_scale", &noiseScale, in: .from(0, to: 1e6), "Scale of the noise that is added to the function.")
  }

  public func check() throws(ConfigError) {
    guard lengthMin <= lengthMax else {
      throw ConfigError(
        path: "gpcde_length_min", value: "\(lengthMin)", reason: "must be at most gpcde_length_max, \(lengthMax)")
    }
    guard features >= 2 * kernels.count else {
      throw ConfigError(
        path: "gpcde_features", value: "\(features)",
        reason: "must be at least two for each of the \(kernels.count) kernels")
    }
  }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey) -> any Mechanism {
    let dimensions = parentCount + 1
    // A pair of features, cosine and sine, is one cosine with a random phase and a Rayleigh amplitude.
    let perKernel = features / (2 * kernels.count)
    var frequencies: [Float] = []
    var phases: [Float] = []
    var amplitudes: [Float] = []
    for (index, kernel) in kernels.enumerated() {
      let draw = UInt32(index)
      let lengths = key.normals(count: dimensions, site: node, purpose: .kernelParameter, draw: draw).map { normal in
        min(max(Elementary.exp(lengthLocation + lengthSpread * normal), lengthMin), lengthMax)
      }
      let normals = key.normals(count: perKernel * dimensions, site: node, purpose: .frequencies, draw: draw)
      let variance = 1 / Double(kernels.count)
      for feature in 0..<perKernel {
        let scale = kernel.frequencyScale(UInt32(feature), node: node, key: key, draw: draw) / (2 * Double.pi)
        for d in 0..<dimensions {
          frequencies.append(Float(scale * normals[feature * dimensions + d] / lengths[d]))
        }
        let block = key.block(UInt32(feature), site: node, purpose: .featureWeights, draw: draw)
        let radius = (-2 * Elementary.log(Double(openUnit: block.word64(0)))).squareRoot()
        amplitudes.append(Float(radius * (variance / Double(perKernel)).squareRoot()))
        phases.append(Float(Double(openUnit: block.word64(1)) - 0.5))
      }
    }
    return GPCDEMechanism(
      parentCount: parentCount, frequencies: frequencies, phases: phases, amplitudes: amplitudes,
      latentWeight: Float(meanWeight), noiseScale: Float(noiseScale))
  }
}

/// A stationary kernel with variance 1, as the law of its random frequencies (Bochner's theorem).
public enum SpectralKernel: String, NamedChoice, Codable {
  /// exp(−r²/2)
  case rbf
  /// exp(−r)
  case matern12
  /// (1 + √3·r)·exp(−√3·r)
  case matern32
  /// (1 + √5·r + 5r²/3)·exp(−√5·r)
  case matern52

  /// What multiplies a vector of standard normals to give a frequency at length scale 1: 1 for the RBF kernel, and
  /// 1/√(χ²₂ᵥ / 2ν) for Matérn ν, whose spectral law is Student's t.
  func frequencyScale(_ feature: UInt32, node: UInt32, key: TaskKey, draw: UInt32) -> Double {
    let nu: Double
    switch self {
    case .rbf: return 1
    case .matern12: nu = 0.5
    case .matern32: nu = 1.5
    case .matern52: nu = 2.5
    }
    // χ² with 2ν degrees of freedom over 2ν is Gamma(ν, 1/ν).
    let gamma = Gamma(shape: nu, scale: 1 / nu).sample(
      feature, key: key, site: node, purpose: .gaussianProcess, draw: draw)
    return 1 / gamma.squareRoot()
  }
}

/// latentWeight·w + Σ amplitudeₖ·cos 2π(frequencyₖ·(parents, w) + phaseₖ) + noiseScale·ε.
public struct GPCDEMechanism: Mechanism, Hashable {
  public let parentCount: Int
  /// `frequencies[k * (parentCount + 1) + d]`, in turns per unit of input d; the latent variable is the last input.
  public let frequencies: [Float]
  /// In turns.
  public let phases: [Float]
  public let amplitudes: [Float]
  public let latentWeight: Float
  public let noiseScale: Float

  public var kind: String { GPCDEModel.kind }
  public var noise: [NoiseChannel] { [.latent, .noise] }
  public var readsStandardizedParents: Bool { true }

  public var parameters: [MechanismParameter] {
    [
      MechanismParameter("frequencies", shape: [phases.count, parentCount + 1], frequencies),
      MechanismParameter("phase", phases),
      MechanismParameter("amplitude", amplitudes),
      MechanismParameter("latent_weight", latentWeight),
      MechanismParameter("noise_scale", noiseScale),
    ]
  }

  public func evaluate(_ rows: MechanismRows) {
    let dimensions = parentCount + 1
    unsafe frequencies.withUnsafeBufferPointer { buffer in
      for first in stride(from: 0, to: rows.count, by: CosineKernel.rowCount) {
        let inputs = unsafe rows.inputs + first
        let latent = unsafe inputs + parentCount * MechanismRows.stride
        var sum = unsafe CosineKernel.load(latent) * latentWeight
        for k in phases.indices {
          unsafe CosineKernel.add(
            &sum, amplitude: amplitudes[k], phase: phases[k], buffer.baseAddress.unsafelyUnwrapped + k * dimensions,
            inputs, dimensions)
        }
        let noise = unsafe CosineKernel.load(latent + MechanismRows.stride)
        unsafe CosineKernel.store(sum.addingProduct(.init(repeating: noiseScale), noise), rows.output + first)
      }
    }
  }
}

/// Cosine features for sixteen rows at a time, rows in lanes.
enum CosineKernel {
  typealias Lanes = SIMD16<Float>
  static let rowCount = 16

  @unsafe @inline(__always)
  static func load(_ pointer: UnsafePointer<Float>) -> Lanes {
    unsafe UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
  }

  @unsafe @inline(__always)
  static func store(_ value: Lanes, _ pointer: UnsafeMutablePointer<Float>) {
    unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Lanes.self)
  }

  /// sum += amplitude·cos 2π(frequency·inputs + phase). The phase is reduced in turns, and the cosine is
  /// `Elementary.cosTurns` lane by lane.
  @unsafe @inline(__always)
  static func add(
    _ sum: inout Lanes, amplitude: Float, phase: Float, _ frequency: UnsafePointer<Float>,
    _ inputs: UnsafePointer<Float>, _ dimensions: Int
  ) {
    var turns = Lanes(repeating: phase)
    var column = unsafe inputs
    for d in 0..<dimensions {
      unsafe turns.addProduct(Lanes(repeating: frequency[d]), load(column))
      unsafe column += MechanismRows.stride
    }
    turns -= turns.rounded(.toNearestOrEven)
    let magnitude = Lanes(bitPattern: turns.bits & SIMD16(repeating: 0x7FFF_FFFF))
    sum.addProduct(Lanes(repeating: amplitude), Elementary.sinQuarter(Lanes(repeating: 0.25) - magnitude))
  }
}
