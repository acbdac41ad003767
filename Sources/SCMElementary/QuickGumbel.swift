// Gumbel noise to three digits, for comparisons that three digits mostly decide: a third of the operations of the exact law.

extension NoiseFormula {
  /// ``gumbel(_:)`` less a constant, within ``quickGumbelError``: two logarithms by polynomials of degree 3, and −log₂(1 − v) by one of
  /// degree 3 where v is small.
  @inlinable @inline(__always)
  package static func quickGumbel(_ word: UInt32) -> Float {
    let v = halfOpenUnit(word)
    let rest = 1 - v
    // As in ``gumbel(_:)``, v goes up to 1 − 2⁻²⁴.
    let far = -Elementary.quickLog2(rest > 0x1p-24 ? rest : 0x1p-24)
    // −log₂(1 − v) = v·P(v) for v in (0, 0.4], relative error of the fit 9.6e-4.
    var p: Float = 0.821130982283
    p = Float(0.663009153306).addingProduct(p, v)
    p = Float(1.44407151781).addingProduct(p, v)
    return Elementary.quickLog2(v < 0.4 ? v * p : far) * -(0.69314718 * 0.77969680)
  }

  /// √6/π times what the errors of the two logarithms make, and a tenth more for rounding and for where the fits meet.
  @inlinable package static var quickGumbelError: Float { 1.25e-3 }
}

extension Elementary {
  /// The binary logarithm of a positive, normal number, within 6.5e-4.
  @inlinable @inline(__always)
  package static func quickLog2(_ x: Float) -> Float {
    let bits = x.bitPattern
    let m = Float(bitPattern: bits & 0x007F_FFFF | 0x3F80_0000)
    // log₂ m for m in [1, 2), less 127 from the exponent's offset; absolute error of the fit 6.4e-4.
    var p: Float = 0.158248703598
    p = Float(-1.05187502615).addingProduct(p, m)
    p = Float(3.04788415326).addingProduct(p, m)
    p = Float(-2.15362071348 - 127).addingProduct(p, m)
    return p + Float(Int32(bitPattern: bits >> 23))
  }
}
