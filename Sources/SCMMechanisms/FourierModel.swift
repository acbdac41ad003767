import SCMRandom

/// The law of a ``FourierFunction``: kernels that are summed, and the law of their length scales.
struct FourierModel: Sendable {
  /// Cosine features in all, each a pair of the literature.
  var count: Int
  var kernels: [SpectralKernel]
  /// The sum's variance.
  var variance: Double
  /// The exponent γ of a γ-exponential kernel is uniform in this range, the α of a rational quadratic one is fixed.
  var gammaMin: Double
  var gammaMax: Double
  var alpha: Double
  /// Variance of white noise beside the kernels.
  var jitter = 0.0
  /// Length scales from a standard normal and a uniform number, of which a law uses one.
  var length: @Sendable (_ normal: Double, _ uniform: Double) -> Double

  /// A function of `dimensions` inputs, from the randomness of one node; `firstDraw` tells a node's functions apart.
  func draw(dimensions: Int, node: UInt32, key: TaskKey, firstDraw: UInt32 = 0) -> FourierFunction {
    let perKernel = count / kernels.count
    let amplitude = (variance / Double(kernels.count) / Double(perKernel)).squareRoot()
    var frequencies: [Float] = []
    var phases: [Float] = []
    var amplitudes: [Float] = []
    var nugget = jitter
    for (index, kernel) in kernels.enumerated() {
      let draw = firstDraw + UInt32(index)
      let hyper = key.normals(count: dimensions, site: node, purpose: .kernelParameter, draw: 2 * draw)
      var uniforms = key.words(site: node, purpose: .kernelParameter, draw: 2 * draw + 1)
      let lengths = hyper.map { length($0, Double(unit: uniforms.next64())) }
      let gamma = gammaMin + (gammaMax - gammaMin) * Double(unit: uniforms.next64())
      let shape = kernel == .rationalQuadratic ? alpha : gamma
      let normals = key.normals(count: perKernel * dimensions, site: node, purpose: .frequencies, draw: draw)
      for feature in 0..<perKernel {
        let scale = kernel.frequencyScale(UInt32(feature), shape: shape, node: node, key: key, draw: draw)
        let radians = (0..<dimensions).map { scale * normals[feature * dimensions + $0] / lengths[$0] }
        let block = key.block(UInt32(feature), site: node, purpose: .featureWeights, draw: draw)
        guard radians.allSatisfy({ abs($0) <= FourierFunction.highestFrequency }) else {
          nugget += amplitude * amplitude
          continue
        }
        frequencies += radians.map { Float($0 / (2 * Double.pi)) }
        // The square of a Rayleigh amplitude has mean 2, that of its cosine with a random phase 1.
        amplitudes.append(
          Float(amplitude * (-2 * Elementary.log(Double(openUnit: block.word64(0)))).squareRoot()))
        phases.append(Float(Double(openUnit: block.word64(1)) - 0.5))
      }
    }
    return FourierFunction(
      dimensions: dimensions, frequencies: frequencies, phases: phases, amplitudes: amplitudes,
      nuggetScale: Float(nugget.squareRoot()))
  }
}
