import SCMBase
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
  let isFast: Bool

  /// In radians per unit; features above oscillate between neighbouring samples and are told from noise by nothing.
  static let highestFrequency = 0x1p16

  /// - Precondition: there are as many phases as amplitudes, and a frequency of each of them for each dimension.
  public init(dimensions: Int, frequencies: [Float], phases: [Float], amplitudes: [Float], nuggetScale: Float = 0) {
    requireInRelease(
      phases.count == amplitudes.count && frequencies.count == phases.count * dimensions,
      "A feature has an amplitude, a phase and a frequency for each dimension.")
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

  /// Adds the function to `sums` for rows at `inputs`, one column for each dimension.
  ///
  /// - Parameter rows: a multiple of sixteen.
  @unsafe
  func add(to sums: UnsafeMutablePointer<Float>, _ inputs: UnsafePointer<Float>, rows: Int) {
    unsafe frequencies.withUnsafeBufferPointer { frequencies in
      unsafe phases.withUnsafeBufferPointer { phases in
        unsafe amplitudes.withUnsafeBufferPointer { amplitudes in
          guard let phase = phases.baseAddress, let amplitude = amplitudes.baseAddress else { return }
          let kernel = unsafe isFast ? Kernels.table.fastFourier : Kernels.table.fourier
          // With no dimension there is no frequency to point at, and none is read.
          unsafe kernel(
            frequencies.baseAddress ?? inputs, phase, amplitude, phases.count, dimensions, inputs, MechanismRows.stride,
            sums, rows)
        }
      }
    }
  }
}
