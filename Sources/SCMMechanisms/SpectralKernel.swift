public import SCMBase
import SCMRandom

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
  /// (1 + r²/2α)^(−α)
  case rationalQuadratic = "rational_quadratic"
  /// exp(−r^γ), 0 < γ ≤ 2
  case gammaExponential = "gamma_exponential"

  /// The factors that make frequencies of vectors of standard normals at length scale 1; infinite where one is beyond Double.
  ///
  /// RBF: 1. Matérn ν: 1/√(χ²₂ᵥ/2ν), so that frequencies follow Student's t. Rational quadratic: √τ with τ ~ Gamma(α, rate α).
  /// γ-exponential: √(2S) with S positive (γ/2)-stable; see `ParameterFormula.stableScale`.
  @unsafe
  func fillFrequencyScales(
    _ out: UnsafeMutablePointer<Double>, count: Int, shape: Double, node: UInt32, key: TaskKey, draw: UInt32
  ) {
    func gammas(_ shape: Double, _ factor: (Double) -> Double) {
      let gamma = Gamma(shape: shape, scale: 1 / shape)
      unsafe gamma.fillUnscaled(
        out, first: 0, count: count, key: key, site: node, purpose: .gaussianProcess, draw: draw)
      for k in 0..<count { unsafe out[k] = factor(out[k] * gamma.scale) }
    }
    switch self {
    case .rbf: for k in 0..<count { unsafe out[k] = 1 }
    case .matern12: gammas(0.5) { 1 / $0.squareRoot() }
    case .matern32: gammas(1.5) { 1 / $0.squareRoot() }
    case .matern52: gammas(2.5) { 1 / $0.squareRoot() }
    case .rationalQuadratic: gammas(shape) { $0.squareRoot() }
    case .gammaExponential where shape < 2:
      unsafe Kernels.table.stableScales(
        out, 0, count, shape / 2, key.seed, node, TaskKey.Purpose.gaussianProcess.rawValue, draw)
    case .gammaExponential:
      // exp(−r²): S is 1.
      for k in 0..<count { unsafe out[k] = Elementary.exp(Elementary.log(2.0) / 2) }
    }
  }
}
