/// A Gamma variate of a shape and the scale 1, attempt by attempt.
@usableFromInline package struct GammaMethod: Sendable {
  package let d: Double
  package let c: Double
  /// Of the factor that a shape below 1 needs.
  package let boostPower: Double?

  package static var boostAttempt: UInt32 { 0xFFFF >> 4 }

  package init(shape: Double) {
    let boosted = shape < 1
    d = (boosted ? shape + 1 : shape) - 1.0 / 3
    c = 1 / (9 * d).squareRoot()
    boostPower = boosted ? 1 / shape : nil
  }

  /// The first value that is accepted, without the factor of a shape below 1.
  ///
  /// Each attempt is accepted with probability above 0.95, so the bound is reached once in 10^1000; it keeps a broken generator from
  /// looping for ever.
  package func value(_ index: UInt32, _ address: WordAddress, from firstAttempt: UInt32 = 0) -> Double {
    for attempt in firstAttempt..<Self.boostAttempt {
      let words = Philox4x32.words(index, address.attempt(attempt))
      if let value = ParameterFormula.gammaAlone(words, d: d, c: c) { return value }
    }
    return d
  }
}
