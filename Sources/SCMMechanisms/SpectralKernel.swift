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

  /// The factor that makes a frequency of a vector of standard normals at length scale 1; infinite where it is beyond Double.
  ///
  /// RBF: 1. Matérn ν: 1/√(χ²₂ᵥ/2ν), so that frequencies follow Student's t. Rational quadratic: √τ with τ ~ Gamma(α, rate α).
  /// γ-exponential: √(2S) with S positive (γ/2)-stable, by Kanter's formula.
  func frequencyScale(_ feature: UInt32, shape: Double, node: UInt32, key: TaskKey, draw: UInt32) -> Double {
    func gamma(_ shape: Double) -> Double {
      Gamma(shape: shape, scale: 1 / shape).sample(feature, key: key, site: node, purpose: .gaussianProcess, draw: draw)
    }
    switch self {
    case .rbf: return 1
    case .matern12: return 1 / gamma(0.5).squareRoot()
    case .matern32: return 1 / gamma(1.5).squareRoot()
    case .matern52: return 1 / gamma(2.5).squareRoot()
    case .rationalQuadratic: return gamma(shape).squareRoot()
    case .gammaExponential:
      let block = key.block(feature, site: node, purpose: .gaussianProcess, draw: draw)
      let stable = Self.logPositiveStable(
        shape / 2, Double(openUnit: block.word64(0)), -Elementary.log(Double(openUnit: block.word64(1))))
      return Elementary.exp((Elementary.log(2.0) + stable) / 2)
    }
  }

  /// The logarithm of a positive a-stable variate with Laplace transform exp(−tᵃ), 0 < a ≤ 1, from u in (0, 1) and an
  /// exponential e: sin(aU)·sin(U)^(−1/a)·(sin((1−a)U)/e)^((1−a)/a) with U = πu.
  ///
  /// Source: Kanter, "Stable densities under change of scale and total variation inequalities", Ann. Probab. 3 (1975).
  static func logPositiveStable(_ a: Double, _ u: Double, _ e: Double) -> Double {
    guard a < 1 else { return 0 }
    func logSine(_ halfTurns: Double) -> Double { Elementary.log(Elementary.sinTurns(halfTurns / 2)) }
    return logSine(a * u) - logSine(u) / a + (1 - a) / a * (logSine((1 - a) * u) - Elementary.log(e))
  }
}
