import SCMRandom

/// A sum of stationary kernels with equal variances, each with its own length scale for every input.
public struct StationaryKernel: Hashable, Sendable {
  public struct Term: Hashable, Sendable {
    public let form: SpectralKernel
    /// γ of a γ-exponential form, α of a rational quadratic one.
    public let shape: Double
    /// One for each input.
    public let lengths: [Double]
  }

  public let terms: [Term]
  /// Of the sum.
  public let variance: Double
  /// Variance of white noise beside the terms.
  public let jitter: Double

  /// The covariances of one point with many: `out[i] = Σ terms(|point − others[i]|)`, without the jitter.
  ///
  /// - Parameter others: `others[d * stride + i]` is input d of point i.
  @unsafe
  func covariances(
    of point: UnsafePointer<Double>, with others: UnsafePointer<Double>, stride: Int, count: Int,
    into out: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { unsafe out[i] = 0 }
    let share = variance / Double(terms.count)
    for term in terms {
      for i in 0..<count { unsafe scratch[i] = 0 }
      for d in term.lengths.indices {
        let inverse = 1 / term.lengths[d]
        let column = unsafe others + d * stride
        let x = unsafe point[d]
        for i in 0..<count {
          let difference = unsafe (column[i] - x) * inverse
          unsafe scratch[i] = scratch[i].addingProduct(difference, difference)
        }
      }
      unsafe term.form.addValues(at: scratch, shape: term.shape, times: share, count: count, to: out)
    }
  }
}

extension SpectralKernel {
  /// Adds `factor` times the kernel at the squared distances `squares` to `out`.
  @unsafe
  fileprivate func addValues(
    at squares: UnsafePointer<Double>, shape: Double, times factor: Double, count: Int,
    to out: UnsafeMutablePointer<Double>
  ) {
    @inline(__always)
    func each(_ value: (Double) -> Double) {
      for i in 0..<count { unsafe out[i] = out[i].addingProduct(factor, value(squares[i])) }
    }
    switch self {
    case .rbf: each { Elementary.expNegative(-0.5 * $0) }
    case .matern12: each { Elementary.expNegative(-$0.squareRoot()) }
    case .matern32:
      each { square in
        let r = (3 * square).squareRoot()
        return (1 + r) * Elementary.expNegative(-r)
      }
    case .matern52:
      each { square in
        let r = (5 * square).squareRoot()
        return (1 + r + r * r * (1.0 / 3)) * Elementary.expNegative(-r)
      }
    case .rationalQuadratic:
      each { Elementary.expNegative(-shape * Elementary.log(1 + $0 / (2 * shape))) }
    case .gammaExponential:
      // r^γ = exp(γ/2·log r²); a distance of 0 has the kernel's value 1.
      each { square in
        let positive = square < 1e-300 ? 1e-300 : square
        let power = Elementary.expClamped(0.5 * shape * Elementary.log(positive))
        return square < 1e-300 ? 1 : Elementary.expNegative(-power)
      }
    }
  }
}
