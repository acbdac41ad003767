public import SCMBase
import SCMRandom

/// The law of a draw from a Gaussian process: kernels that are summed, and the law of their length scales.
public struct GaussianProcessLaw: Hashable, Sendable {
  /// Random Fourier features in all; a cosine with a random phase is two of the literature's.
  public var features = 256
  public var kernels: [SpectralKernel] = [.rbf]
  /// The sum's variance.
  public var variance = 1.0
  /// The exponent γ of a γ-exponential kernel is uniform in this range, the α of a rational quadratic one is fixed.
  public var gammaMin = 1.0
  public var gammaMax = 2.0
  public var alpha = 1.0
  /// Variance of white noise beside the kernels.
  public var jitter = 0.0
  /// Of each kernel's length scale for each input.
  public var length = LengthLaw()

  /// The kernel of one node's function of `dimensions` inputs; `firstDraw` tells a node's functions apart.
  func kernel(dimensions: Int, node: UInt32, key: TaskKey, firstDraw: UInt32 = 0) -> StationaryKernel {
    let terms = kernels.enumerated().map { index, form in
      let draw = firstDraw + UInt32(index)
      let hyper = key.normals(count: dimensions, site: node, purpose: .kernelParameter, draw: 2 * draw)
      var uniforms = key.words(site: node, purpose: .kernelParameter, draw: 2 * draw + 1)
      let lengths = hyper.enumerated().map { input, normal in
        length.value(normal: normal, uniform: Double(unit: uniforms.next64())) { law in
          // A draw number of its own: words of the two above are not touched.
          law.sample(
            UInt32(input), key: key, site: node, purpose: .kernelParameter, draw: 0x8000_0000 | draw)
        }
      }
      let gamma = gammaMin + (gammaMax - gammaMin) * Double(unit: uniforms.next64())
      return StationaryKernel.Term(
        form: form, shape: form == .rationalQuadratic ? alpha : gamma, lengths: lengths)
    }
    return StationaryKernel(terms: terms, variance: variance, jitter: jitter)
  }

  /// A function of `dimensions` inputs, from the randomness of one node.
  func draw(dimensions: Int, node: UInt32, key: TaskKey, firstDraw: UInt32 = 0) -> FourierFunction {
    let kernel = kernel(dimensions: dimensions, node: node, key: key, firstDraw: firstDraw)
    let count = features / 2
    let perKernel = count / kernels.count
    let amplitude = (variance / Double(kernels.count) / Double(perKernel)).squareRoot()
    var frequencies: [Float] = []
    var phases: [Float] = []
    var amplitudes: [Float] = []
    frequencies.reserveCapacity(count * dimensions)
    phases.reserveCapacity(count)
    amplitudes.reserveCapacity(count)
    var nugget = jitter
    let numbers = perKernel * dimensions
    unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: numbers + 1 + perKernel + dimensions) { scratch in
      guard let normals = scratch.baseAddress else { return }
      let scales = unsafe normals + numbers + 1
      let radians = unsafe scales + perKernel
      unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * perKernel) { scratch in
        guard let newPhases = scratch.baseAddress else { return }
        let newAmplitudes = unsafe newPhases + perKernel
        for (index, term) in kernel.terms.enumerated() {
          let draw = firstDraw + UInt32(index)
          unsafe Kernels.table.normals(
            normals, 0, (numbers + 1) / 2, 0, key.seed, node, TaskKey.Purpose.frequencies.rawValue, draw)
          unsafe term.form.fillFrequencyScales(
            scales, count: perKernel, shape: term.shape, node: node, key: key, draw: draw)
          unsafe Kernels.table.featureWeights(
            newPhases, newAmplitudes, perKernel, amplitude, key.seed, node, TaskKey.Purpose.featureWeights.rawValue,
            draw)
          for feature in 0..<perKernel {
            var isSlow = true
            for d in 0..<dimensions {
              unsafe radians[d] = scales[feature] * normals[feature * dimensions + d] / term.lengths[d]
              if unsafe !(abs(radians[d]) <= FourierFunction.highestFrequency) { isSlow = false }
            }
            guard isSlow else {
              nugget += amplitude * amplitude
              continue
            }
            for d in 0..<dimensions { unsafe frequencies.append(Float(radians[d] / (2 * Double.pi))) }
            unsafe amplitudes.append(newAmplitudes[feature])
            unsafe phases.append(newPhases[feature])
          }
        }
      }
    }
    return FourierFunction(
      dimensions: dimensions, frequencies: frequencies, phases: phases, amplitudes: amplitudes,
      nuggetScale: Float(nugget.squareRoot()))
  }

  /// About how much memory one node's function takes at most; `anchors` is the rows of an exact draw.
  func byteCount(_ mode: GaussianProcessMode, dimensions: Int, anchors: Int) -> Int {
    switch mode {
    // A feature is half a cosine; numbers are Float32.
    case .features: 2 * features * (dimensions + 2)
    // The factor and the inputs are Float64; the inputs come as Float32.
    case .exact: 8 * anchors * (anchors + 8) + 12 * dimensions * anchors
    }
  }
}

/// How the function of a Gaussian process is drawn.
public enum GaussianProcessMode: String, NamedChoice, Codable {
  /// As a sum of random Fourier features: one fixed function, linear cost in the rows.
  case features
  /// Jointly at the rows that a task is calibrated on, by Cholesky; cubic cost in them.
  case exact
}
