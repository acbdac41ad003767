import SCMBase
import SCMRandom

/// A multivariate normal law.
public struct NormalLaw: Sendable {
  public let mean: [Double]
  /// Row-major.
  public let covariance: [Double]

  /// - Precondition: of d means, the covariance has d² entries.
  public init(mean: [Double], covariance: [Double]) {
    requireInRelease(covariance.count == mean.count * mean.count, "A covariance has an entry for each pair of means.")
    self.mean = mean
    self.covariance = covariance
  }

  /// Fitted to weighted vectors, a millionth of the mean variance added to each so that the covariance has an inverse.
  init(_ vectors: [[Double]], weights: [Double], leastVariance: Double = 0) {
    let d = vectors.first?.count ?? 0
    let total = max(weights.reduce(0, +), 1)
    var mean = [Double](repeating: 0, count: d)
    for (vector, weight) in zip(vectors, weights) where weight > 0 {
      for i in 0..<d { mean[i] += weight * vector[i] / total }
    }
    var covariance = [Double](repeating: 0, count: d * d)
    for (vector, weight) in zip(vectors, weights) where weight > 0 {
      for i in 0..<d {
        let x = weight * (vector[i] - mean[i])
        for j in 0...i { covariance[i * d + j] += x * (vector[j] - mean[j]) / total }
      }
    }
    let ridge = 1e-6 * (0..<d).reduce(0) { $0 + covariance[$1 * d + $1] } / Double(max(d, 1)) + 1e-300
    for i in 0..<d {
      covariance[i * d + i] = max(covariance[i * d + i] + ridge, leastVariance)
      for j in 0..<i { covariance[j * d + i] = covariance[i * d + j] }
    }
    self.init(mean: mean, covariance: covariance)
  }

  /// KL(self ‖ other) = ½(tr Σ₁⁻¹Σ₀ + (μ₁ − μ₀)ᵀΣ₁⁻¹(μ₁ − μ₀) − d + log det Σ₁/det Σ₀); infinite where other is singular.
  ///
  /// - Precondition: both laws are of as many dimensions.
  public func divergence(from other: NormalLaw) -> Double {
    requireInRelease(mean.count == other.mean.count, "Laws that are compared have as many dimensions.")
    let d = mean.count
    guard let l = lowerFactor(other.covariance, count: d), let own = lowerFactor(covariance, count: d) else {
      return .infinity
    }
    // ‖L₁⁻¹L₀‖² and ‖L₁⁻¹(μ₁ − μ₀)‖² by forward substitution.
    func solve(_ side: [Double]) -> Double {
      var v = side
      var square = 0.0
      for i in 0..<d {
        for p in 0..<i { v[i] -= l[i * d + p] * v[p] }
        v[i] /= l[i * d + i]
        square += v[i] * v[i]
      }
      return square
    }
    var sum = solve((0..<d).map { other.mean[$0] - mean[$0] }) - Double(d)
    for column in 0..<d { sum += solve((0..<d).map { $0 >= column ? own[$0 * d + column] : 0 }) }
    for i in 0..<d { sum += 2 * (Elementary.log(l[i * d + i]) - Elementary.log(own[i * d + i])) }
    return sum / 2
  }
}
