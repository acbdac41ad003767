public import SCMBase
public import SCMRandom

/// X = Σᵢ aᵢ·cos 2π(fᵢ·xᵢ + φᵢ) + σ·ε: a wave of each parent, with uniform phases.
public struct PeriodicModel: AdditiveModel, Hashable {
  public static let kind = "periodic"

  public var amplitudeMin = 0.5
  public var amplitudeMax = 2.0
  public var frequencyMin = 0.1
  public var frequencyMax = 0.5

  public init() {}

  public var fields: [Field<Self>] {
    [
      .number("periodic_amplitude_min", \.amplitudeMin, in: .from(0, to: 1e6), "Least amplitude of a parent's wave."),
      .number("periodic_amplitude_max", \.amplitudeMax, in: .from(0, to: 1e6), "Largest amplitude of a parent's wave."),
      .number(
        "periodic_frequency_min", \.frequencyMin, in: .from(0, to: 1e3),
        "Least frequency, in turns per unit of a parent."
      ),
      .number(
        "periodic_frequency_max", \.frequencyMax, in: .from(0, to: 1e3),
        "Largest frequency, in turns per unit of a parent."),
    ]
  }

  public func check() throws(ConfigError) {
    try ConfigError.checkBounds("periodic_amplitude", amplitudeMin, amplitudeMax)
    try ConfigError.checkBounds("periodic_frequency", frequencyMin, frequencyMax)
  }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey, noise: AdditiveNoise) -> any Mechanism {
    var words = key.words(site: node, purpose: .weights)
    func uniform(from least: Double, to most: Double) -> Float {
      Float(least + (most - least) * Double(unit: words.next64()))
    }
    var (amplitudes, frequencies, phases): ([Float], [Float], [Float]) = ([], [], [])
    for _ in 0..<parentCount {
      amplitudes.append(uniform(from: amplitudeMin, to: amplitudeMax))
      frequencies.append(uniform(from: frequencyMin, to: frequencyMax))
      phases.append(uniform(from: -0.5, to: 0.5))
    }
    return PeriodicMechanism(
      amplitudes: amplitudes, frequencies: frequencies, phases: phases, additiveNoise: noise)
  }
}

/// Σᵢ amplitudesᵢ·cos 2π(frequenciesᵢ·xᵢ + phasesᵢ) + noise, with frequencies and phases in turns.
public struct PeriodicMechanism: AdditiveMechanism, Hashable {
  public let amplitudes: [Float]
  public let frequencies: [Float]
  public let phases: [Float]
  public let additiveNoise: AdditiveNoise

  /// - Precondition: there are as many of each.
  public init(amplitudes: [Float], frequencies: [Float], phases: [Float], additiveNoise: AdditiveNoise) {
    requireInRelease(
      amplitudes.count == frequencies.count && amplitudes.count == phases.count, "A parent has one number of each kind."
    )
    self.amplitudes = amplitudes
    self.frequencies = frequencies
    self.phases = phases
    self.additiveNoise = additiveNoise
  }

  public var kind: String { PeriodicModel.kind }
  public var parentCount: Int { amplitudes.count }
  public var functionParameters: [MechanismParameter] {
    [.init("amplitude", amplitudes), .init("frequency", frequencies), .init("phase", phases)]
  }

  public func writeFunction(_ rows: MechanismRows) {
    rows.fillOutput(0)
    let out = unsafe rows.output
    for index in 0..<parentCount {
      let x = unsafe rows.parent(index)
      let (amplitude, frequency, phase) = (amplitudes[index], frequencies[index], phases[index])
      for r in 0..<rows.count {
        // The product's rounding error is added back, so that many turns keep their fraction.
        let product = unsafe frequency * x[r]
        let error = unsafe (-product).addingProduct(frequency, x[r])
        let turns = phase + ((product - product.rounded(.toNearestOrEven)) + error)
        unsafe out[r].addProduct(amplitude, Elementary.cosTurns(turns - turns.rounded(.toNearestOrEven)))
      }
    }
  }
}
