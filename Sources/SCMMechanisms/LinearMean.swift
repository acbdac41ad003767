import SCMRandom

/// The mean function of a Gaussian process: bias + latentWeight·w + parentWeight·Σ parents, with w the column after the parents.
public struct LinearMean: Hashable, Sendable {
  public let bias: Float
  /// `nil` where the column after the parents is no latent variable.
  public let latentWeight: Float?
  public let parentWeight: Float

  public init(bias: Float = 0, latentWeight: Float? = nil, parentWeight: Float = 0) {
    self.bias = bias
    self.latentWeight = latentWeight
    self.parentWeight = parentWeight
  }

  var parameters: [MechanismParameter] {
    [
      latentWeight.map { MechanismParameter("latent_weight", $0) } ?? MechanismParameter("bias", bias),
      MechanismParameter("parent_weight", parentWeight),
    ]
  }

  /// The mean of sixteen rows.
  @unsafe @inline(__always)
  func value(_ inputs: UnsafePointer<Float>, parentCount: Int) -> SIMD16<Float> {
    var sum = SIMD16<Float>(repeating: bias)
    if let latentWeight {
      sum = unsafe Lanes.load(inputs + parentCount * MechanismRows.stride) * latentWeight
    }
    if parentWeight != 0 {
      for d in 0..<parentCount {
        unsafe sum.addProduct(SIMD16(repeating: parentWeight), Lanes.load(inputs + d * MechanismRows.stride))
      }
    }
    return sum
  }
}
