import Foundation
import SCMRandom

/// The distribution function of a law, and its moments E x, E x², … as far as they are used.
struct ExactLaw: Sendable {
  let source: NoiseSource
  let moments: [Double]
  let cdf: @Sendable (Double) -> Double

  init(_ source: NoiseSource, moments: [Double], cdf: @escaping @Sendable (Double) -> Double) {
    self.source = source
    self.moments = moments
    self.cdf = cdf
  }

  var name: String {
    switch source.law {
    case let law as StudentTNoise: "student_t(\(law.degreesOfFreedom))"
    case let law as GaussianMixtureNoise: "gaussian_mixture(\(law.mostComponents), \(law.spread))"
    default: source.kind
    }
  }

  /// Every law that can be chosen, with variance 1 where it exists (numerics 1.8).
  static let all: [ExactLaw] =
    [gaussian, exponential, laplace, uniform, logistic, gumbel, cauchy]
    // E x²ᵏ exists for 2k < ν only, so 3 and 5 degrees have fewer moments to hold against.
    + [studentT(3, moments: 2), studentT(5, moments: 4), studentT(10, moments: 8), studentT(1_000_000, moments: 8)]
    + [gaussianMixture(), gaussianMixture(mostComponents: 2), gaussianMixture(spread: 1)]

  /// Where draws of the laws are read: the mixture's components are another ones for each node.
  static let address = (key: TaskKey(seed: 31), site: 5 as UInt32)

  static let gaussian = ExactLaw(NoiseSource(.gaussian), moments: [0, 1, 0, 3, 0, 15, 0, 105], cdf: normalCDF)

  /// The central moments of an exponential are the numbers of derangements.
  static let exponential = ExactLaw(NoiseSource(.exponential), moments: [0, 1, 2, 9, 44, 265, 1854, 14833]) { x in
    x > -1 ? -expm1(-1 - x) : 0
  }

  /// E |x|ᵏ = k! / √2ᵏ.
  static let laplace = ExactLaw(NoiseSource(.laplace), moments: [0, 1, 0, 6, 0, 90, 0, 2520]) { x in
    let tail = 0.5 * exp(-abs(x) * 2.0.squareRoot())
    return x < 0 ? tail : 1 - tail
  }

  /// E x²ᵏ = 3ᵏ / (2k + 1).
  static let uniform = ExactLaw(NoiseSource(.uniform), moments: [0, 1, 0, 9.0 / 5, 0, 27.0 / 7, 0, 9]) { x in
    min(max(0.5 * (1 + x / 3.0.squareRoot()), 0), 1)
  }

  /// E x²ᵏ = (2²ᵏ − 2) π²ᵏ |B₂ₖ| of the standard law, over (π²/3)ᵏ.
  static let logistic = ExactLaw(
    NoiseSource(.logistic), moments: [0, 1, 0, 21.0 / 5, 0, 279.0 / 7, 0, 3429.0 / 5]
  ) { x in
    1 / (1 + exp(-x * .pi / 3.0.squareRoot()))
  }

  /// Cumulants (n − 1)! ζ(n) of the standard law, whose deviation is π/√6; the first is 0 as the mean is taken off.
  static let gumbel = ExactLaw(
    NoiseSource(.gumbel),
    moments: moments(
      cumulants: [
        0, 1.6449340668482264, 1.2020569031595942, 1.0823232337111382, 1.0369277551433699, 1.0173430619844491,
        1.0083492773819228, 1.0040773561979443,
      ].enumerated().map { index, zeta in zeta * tgamma(Double(index + 1)) },
      deviation: .pi / 6.0.squareRoot())
  ) { x in exp(-exp(-(x * .pi / 6.0.squareRoot() + 0.5772156649015329))) }

  static let cauchy = ExactLaw(NoiseSource(.cauchy), moments: []) { x in
    // atan x/π + ½, in a form that keeps the lower tail.
    x < 0 ? atan2(1, -x) / .pi : 1 - atan2(1, x) / .pi
  }

  /// E x²ᵏ = (ν − 2)ᵏ ∏ (2i − 1)/(ν − 2i), i = 1 … k.
  static func studentT(_ nu: Int, moments count: Int) -> ExactLaw {
    let scale = Double(nu - 2)
    var moments: [Double] = []
    var even = 1.0
    for i in 1...(count / 2) {
      even *= scale * Double(2 * i - 1) / Double(nu - 2 * i)
      moments += [0, even]
    }
    return ExactLaw(NoiseSource(.studentT(degreesOfFreedom: Double(nu))), moments: moments) { x in
      studentCDF(x * (Double(nu) / scale).squareRoot(), nu)
    }
  }

  /// E xⁿ of a component: Σ C(n, 2k) mⁿ⁻²ᵏ s²ᵏ (2k − 1)‼.
  static func gaussianMixture(mostComponents: Int = 6, spread: Double = 7.5) -> ExactLaw {
    let law = GaussianMixtureNoise(mostComponents: mostComponents, spread: spread)
    let parts = law.components(key: address.key, site: address.site)
    let count = Double(parts.means.count)
    let moments = (1...8).map { n in
      parts.means.reduce(0) { sum, mean in
        let total = (0...(n / 2)).reduce(0) { total, k in
          let powers = pow(mean, Double(n - 2 * k)) * pow(parts.deviation, Double(2 * k))
          return total + binomial(n, 2 * k) * oddFactorial(k) * powers
        }
        return sum + total / count
      }
    }
    return ExactLaw(NoiseSource(law), moments: moments) { x in
      parts.means.reduce(0) { $0 + normalCDF((x - $1) / parts.deviation) / count }
    }
  }

  private static func binomial(_ n: Int, _ k: Int) -> Double {
    k > n ? 0 : exp(lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1)))
  }

  /// (2k − 1)‼.
  private static func oddFactorial(_ k: Int) -> Double { stride(from: 1.0, to: Double(2 * k), by: 2).reduce(1, *) }

  /// μₙ = Σ C(n−1, k−1) κₖ μₙ₋ₖ, then over the deviation to the n-th power.
  private static func moments(cumulants: [Double], deviation: Double) -> [Double] {
    var moments = [1.0]
    for n in 1...cumulants.count {
      var binomial = 1.0
      var sum = 0.0
      for k in 1...n {
        sum += binomial * cumulants[k - 1] * moments[n - k]
        binomial *= Double(n - k) / Double(k)
      }
      moments.append(sum)
    }
    return moments.enumerated().dropFirst().map { n, moment in moment / pow(deviation, Double(n)) }
  }
}

@Sendable func normalCDF(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

/// Student's t with ν degrees of freedom (Abramowitz and Stegun 26.7.3, 26.7.4; for large ν 26.7.8).
func studentCDF(_ t: Double, _ nu: Int) -> Double {
  if nu > 1000 {
    let v = Double(nu)
    return normalCDF(t * (1 - 1 / (4 * v)) / (1 + t * t / (2 * v)).squareRoot())
  }
  let theta = atan(t / Double(nu).squareRoot())
  let cosine = cos(theta)
  // sin θ·(cos θ + ⅔cos³ θ + …) for odd ν, sin θ·(1 + ½cos² θ + …) for even.
  var term = nu.isMultiple(of: 2) ? 1 : cosine
  var sum = nu == 1 ? 0 : term
  for k in stride(from: nu.isMultiple(of: 2) ? 1 : 2, to: nu - 2, by: 2) {
    term *= Double(k) / Double(k + 1) * cosine * cosine
    sum += term
  }
  let within = nu.isMultiple(of: 2) ? sin(theta) * sum : 2 / .pi * (theta + sin(theta) * sum)
  return 0.5 * (1 + within)
}

/// The regularised lower incomplete gamma function P(a, x): its series below a + 1, Lentz's continued fraction above.
func gammaCDF(_ x: Double, shape a: Double) -> Double {
  guard x > 0 else { return 0 }
  let front = exp(a * log(x) - x - lgamma(a))
  if x < a + 1 {
    var term = 1 / a
    var sum = term
    var n = a
    while term > sum * 1e-15 {
      n += 1
      term *= x / n
      sum += term
    }
    return front * sum
  }
  var b = x + 1 - a
  var c = 1e300
  var d = 1 / b
  var fraction = d
  for i in 1...200 {
    let an = -Double(i) * (Double(i) - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    fraction *= c * d
    if abs(c * d - 1) < 1e-15 { break }
  }
  return 1 - front * fraction
}
