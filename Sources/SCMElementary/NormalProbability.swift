// Probabilities of the normal and the logistic law, from additions, products and this module's own exponential alone, so that their bits
// are the same everywhere.

extension Elementary {
  /// P(Z ≤ x) of a standard normal Z, to 2⁻⁵⁰ of 1.
  ///
  /// Source: Marsaglia, "Evaluating the normal distribution", Journal of Statistical Software 11 (2004):
  /// Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + x⁷/(3·5·7) + …), here as far as the sum still changes.
  public static func normalProbability(_ x: Double) -> Double {
    guard x == x else { return x }
    guard abs(x) < 8.5 else { return x < 0 ? 0 : 1 }
    var (term, sum, index) = (x, x, 1.0)
    while true {
      index += 2
      term *= x * x / index
      let next = sum + term
      if next == sum { break }
      sum = next
    }
    let density = expNegative(-0.5 * x * x) * 0.3989422804014327
    return min(max(0.5 + density * sum, 0), 1)
  }

  /// 1 / (1 + e⁻ˣ), without overflow.
  public static func logistic(_ x: Double) -> Double {
    let e = expNegative(-abs(x))
    return x < 0 ? e / (1 + e) : 1 / (1 + e)
  }
}

extension Elementary {
  /// x with P(Z ≤ x) = p of a standard normal Z, by halving [-8.5, 8.5] until no number lies between; p in (0, 1).
  public static func normalQuantile(_ p: Double) -> Double {
    var (low, high) = (-8.5, 8.5)
    while true {
      let middle = 0.5 * (low + high)
      guard middle > low, middle < high else { return middle }
      if normalProbability(middle) < p { low = middle } else { high = middle }
    }
  }
}
