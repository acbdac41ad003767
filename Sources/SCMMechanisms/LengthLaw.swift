public import SCMBase
import SCMRandom

/// The law of a length scale: two parameters, and bounds that values are moved to.
public struct LengthLaw: Hashable, Sendable {
  public enum Form: String, NamedChoice, Codable {
    /// Between the first parameter and the second.
    case uniform
    /// The parameters are the mean and the standard deviation of the logarithm.
    case logNormal = "log_normal"
    /// The parameters are shape and scale: the mean is their product.
    case gamma
  }

  public var form = Form.logNormal
  public var first = 0.0
  public var second = 0.5
  public var least = 0.0
  public var most = Double.infinity

  public init(
    form: Form = .logNormal, first: Double = 0, second: Double = 0.5, least: Double = 0, most: Double = .infinity
  ) {
    self.form = form
    self.first = first
    self.second = second
    self.least = least
    self.most = most
  }

  /// - Parameters: randomness of which one law uses one part; a Gamma draw is made where it is needed only.
  func value(normal: Double, uniform: Double, gamma: (Gamma) -> Double) -> Double {
    let value =
      switch form {
      case .uniform: first + (second - first) * uniform
      case .logNormal: Elementary.exp(first + second * normal)
      case .gamma: gamma(Gamma(shape: first, scale: second))
      }
    return min(max(value, least), most)
  }

  /// - Parameter name: of the first parameter's field, whose name ends in "first" or "location".
  func check(_ name: String, second secondName: String) throws(ConfigError) {
    switch form {
    case .uniform where first <= 0 || first > second:
      throw ConfigError(
        path: name, value: "\(first)", reason: "must be above 0 and at most \(secondName), \(second), for a uniform law"
      )
    case .gamma where first <= 0 || second <= 0:
      throw ConfigError(
        path: first <= 0 ? name : secondName, value: "\(first <= 0 ? first : second)",
        reason: "must be above 0 for a gamma law")
    default: return
    }
  }
}
