import SCMRandom

/// A draw from a Gaussian process as a sum of random Fourier features: one fixed function, the same for all rows.
///
/// f(x) = Σ amplitudeₖ·cos 2π(frequencyₖ·x + phaseₖ). A pair of cosine and sine features with normal weights is one cosine with a
/// Rayleigh amplitude and a uniform phase, so the marginal law at a point is close to normal with exactly the kernel's variance.
///
/// Source: Rahimi and Recht, "Random features for large-scale kernel machines", NIPS 2007; Sutherland and Schneider, "On the
/// error of random Fourier features", UAI 2015 (why paired).
public struct FourierFunction: Hashable, Sendable {
  public let dimensions: Int
  /// `frequencies[k * dimensions + d]`, in turns per unit of input d.
  public let frequencies: [Float]
  /// In turns.
  public let phases: [Float]
  public let amplitudes: [Float]
  /// The standard deviation of what features beyond `highestFrequency` contribute: they are taken for white noise.
  public let nuggetScale: Float
  /// Whether phases need more than Float32 products: some frequency is high.
  private let isFast: Bool

  /// In radians per unit; features above oscillate between neighbouring samples and are told from noise by nothing.
  static let highestFrequency = 0x1p16

  public init(dimensions: Int, frequencies: [Float], phases: [Float], amplitudes: [Float], nuggetScale: Float = 0) {
    self.dimensions = dimensions
    self.frequencies = frequencies
    self.phases = phases
    self.amplitudes = amplitudes
    self.nuggetScale = nuggetScale
    isFast = frequencies.contains { abs($0) > 16 }
  }

  var parameters: [MechanismParameter] {
    [
      MechanismParameter("frequencies", shape: [phases.count, dimensions], frequencies),
      MechanismParameter("phase", phases), MechanismParameter("amplitude", amplitudes),
      MechanismParameter("nugget_scale", nuggetScale),
    ]
  }

  /// Adds the function to `sum` for the sixteen rows at `inputs`, one column for each dimension.
  @unsafe
  func add(to sum: inout SIMD16<Float>, _ inputs: UnsafePointer<Float>) {
    unsafe frequencies.withUnsafeBufferPointer { frequencies in
      unsafe phases.withUnsafeBufferPointer { phases in
        unsafe amplitudes.withUnsafeBufferPointer { amplitudes in
          // With no dimension there is no frequency to point at, and none is read.
          let frequency = unsafe frequencies.baseAddress ?? inputs
          if isFast {
            for k in 0..<phases.count {
              let turns = unsafe Self.reducedTurns(phases[k], frequency + k * dimensions, inputs, dimensions)
              unsafe sum.addProduct(SIMD16(repeating: amplitudes[k]), Elementary.cosTurns(turns))
            }
          } else {
            for k in 0..<phases.count {
              let turns = unsafe Self.turns(phases[k], frequency + k * dimensions, inputs, dimensions)
              unsafe sum.addProduct(SIMD16(repeating: amplitudes[k]), Elementary.cosTurns(turns))
            }
          }
        }
      }
    }
  }

  @unsafe @inline(__always)
  private static func turns(
    _ phase: Float, _ frequency: UnsafePointer<Float>, _ inputs: UnsafePointer<Float>, _ dimensions: Int
  ) -> SIMD16<Float> {
    var turns = SIMD16<Float>(repeating: phase)
    for d in 0..<dimensions {
      unsafe turns.addProduct(SIMD16(repeating: frequency[d]), Lanes.load(inputs + d * MechanismRows.stride))
    }
    return turns - turns.rounded(.toNearestOrEven)
  }

  /// As ``turns``, each product reduced to a turn by itself with its rounding error added back, so that thousands of turns keep
  /// their fraction.
  @unsafe @inline(__always)
  private static func reducedTurns(
    _ phase: Float, _ frequency: UnsafePointer<Float>, _ inputs: UnsafePointer<Float>, _ dimensions: Int
  ) -> SIMD16<Float> {
    var turns = SIMD16<Float>(repeating: phase)
    for d in 0..<dimensions {
      let f = unsafe SIMD16<Float>(repeating: frequency[d])
      let x = unsafe Lanes.load(inputs + d * MechanismRows.stride)
      let product = f * x
      let error = (-product).addingProduct(f, x)
      turns += (product - product.rounded(.toNearestOrEven)) + error
    }
    return turns - turns.rounded(.toNearestOrEven)
  }
}
