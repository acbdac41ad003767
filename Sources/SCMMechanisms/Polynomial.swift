public import SCMBase
public import SCMRandom

/// X = Σᵢ Σₖ wᵢₖ·zᵢᵏ + σ·ε, a polynomial of each parent, with the parents standardised.
///
/// wᵢₖ is N(0, scale²/(2k − 1)‼), so that each power of a normal parent has second moment scale². The tails of a polynomial of a
/// polynomial … grow with the product of the degrees: rows beyond Float32's range are an error, never cut. Among nodes of bounded
/// kinds there are none.
///
/// Source: the mechanism "polynomial" of Kalainathan, Goudet, Dutta, "Causal discovery toolbox", JMLR 21 (2020), with parents
/// standardised as in dowhy's `gcm.data_generator`.
public struct PolynomialModel: AdditiveModel, Hashable {
  public static let kind = "polynomial"
  public var readsStandardizedParents: Bool { true }

  public var degree = 2
  public var weightScale = 0.3

  public init() {}

  public var fields: [Field<Self>] {
    [
      .integer(
        "polynomial_degree", \.degree, in: 1...6,
        "Degree of the polynomial of each parent; along a path degrees multiply, and values beyond float32 are an error: mix it "
          + "with bounded kinds, or give post_nonlinear a tanh."
      ),
      .number(
        "polynomial_weight_scale", \.weightScale, in: .from(0, to: 1e6),
        "A coefficient of the k-th power is N(0, this² / (2k - 1)!!), so that each power of a normal parent is as large."
      ),
    ]
  }

  public func byteCount(parentCount: Int, calibrationRows: Int) -> Int { 4 * parentCount * degree }

  public func makeMechanism(parentCount: Int, node: UInt32, key: TaskKey, noise: AdditiveNoise) -> any Mechanism {
    let normals = key.normals(count: parentCount * degree, site: node, purpose: .weights)
    let moments = (1...degree).map { power in stride(from: 1, through: 2 * power - 1, by: 2).reduce(1, *) }
    return PolynomialMechanism(
      coefficients: normals.enumerated().map { index, normal in
        Float(weightScale * normal / Double(moments[index % degree]).squareRoot())
      }, degree: degree, additiveNoise: noise)
  }
}

/// Σᵢ Σₖ coefficients[i·degree + k − 1]·zᵢᵏ + noise, each parent by Horner's rule.
public struct PolynomialMechanism: AdditiveMechanism, Hashable {
  public let coefficients: [Float]
  public let degree: Int
  public let additiveNoise: AdditiveNoise

  /// - Precondition: the degree is positive, and there are so many coefficients for each parent.
  public init(coefficients: [Float], degree: Int, additiveNoise: AdditiveNoise) {
    requireInRelease(
      degree > 0 && coefficients.count.isMultiple(of: degree), "A parent has as many coefficients as the degree.")
    self.coefficients = coefficients
    self.degree = degree
    self.additiveNoise = additiveNoise
  }

  public var kind: String { PolynomialModel.kind }
  public var parentCount: Int { coefficients.count / degree }
  public var readsStandardizedParents: Bool { true }
  public var functionParameters: [MechanismParameter] {
    [MechanismParameter("coefficient", shape: [parentCount, degree], coefficients)]
  }

  public func writeFunction(_ rows: MechanismRows) {
    rows.fillOutput(0)
    let (out, scratch) = unsafe (rows.output, rows.scratch)
    for parent in 0..<parentCount {
      let z = unsafe rows.parent(parent)
      let highest = coefficients[(parent + 1) * degree - 1]
      for r in 0..<rows.count { unsafe scratch[r] = highest }
      for power in stride(from: degree - 1, to: 0, by: -1) {
        let coefficient = coefficients[parent * degree + power - 1]
        for r in 0..<rows.count { unsafe scratch[r] = coefficient.addingProduct(scratch[r], z[r]) }
      }
      for r in 0..<rows.count { unsafe out[r].addProduct(scratch[r], z[r]) }
    }
  }
}
