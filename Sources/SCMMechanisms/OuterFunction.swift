public import SCMBase
import SCMRandom

/// A strictly increasing function that a post-nonlinear mechanism applies to its sum.
public enum OuterFunction: String, NamedChoice, Codable {
  case identity, tanh, sigmoid, cube
  case leakyReLU = "leaky_relu"

  @unsafe
  func apply(_ values: UnsafeMutablePointer<Float>, count: Int) {
    switch self {
    case .identity: return
    case .tanh: for r in 0..<count { unsafe values[r] = Self.tanh(values[r]) }
    case .sigmoid: for r in 0..<count { unsafe values[r] = 0.5 + 0.5 * Self.tanh(0.5 * values[r]) }
    case .cube: for r in 0..<count { unsafe values[r] = values[r] * values[r] * values[r] }
    case .leakyReLU: for r in 0..<count { unsafe values[r] = values[r] < 0 ? 0.1 * values[r] : values[r] }
    }
  }

  /// tanh x = e / (e + 2) with e = exp(2x) − 1; beyond ±15 it is ±1 in Float32.
  @inline(__always)
  static func tanh(_ x: Float) -> Float {
    let clipped = x < -15 ? -15 : (x > 15 ? 15 : x)
    let e = Elementary.expMinusOne(2 * clipped)
    return e / (e + 2)
  }
}
