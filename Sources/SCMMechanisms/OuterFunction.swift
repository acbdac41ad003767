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
    case .tanh: unsafe Kernels.table.tanh(values, count)
    case .sigmoid: unsafe Kernels.table.sigmoid(values, count)
    case .cube: for r in 0..<count { unsafe values[r] = values[r] * values[r] * values[r] }
    case .leakyReLU: for r in 0..<count { unsafe values[r] = values[r] < 0 ? 0.1 * values[r] : values[r] }
    }
  }
}
