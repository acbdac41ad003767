import Foundation

// References for the elementary functions, more exact than what they are held against.

/// How far a result lies from a reference, in units of the reference's last place.
func ulps(_ result: Float, _ reference: Double) -> Double {
  abs(Double(result) - reference) / Double(Float(reference).ulp)
}

func ulps(_ result: Double, _ reference: Double) -> Double { abs(result - reference) / reference.ulp }

/// sin 2πt for |t| ≤ ½. The fold is exact, and so is 2π·x to twice the digits, so the error is that of one sine.
func referenceSinTurns(_ turns: Double) -> Double {
  let x = turns > 0.25 ? 0.5 - turns : turns < -0.25 ? -0.5 - turns : turns
  return sineOfTurns(x, low: 0)
}

/// cos 2πt = sin 2π(¼ − |t|), whose difference is split into a Double and its rounding error.
func referenceCosTurns(_ turns: Double) -> Double {
  let x = 0.25 - abs(turns)
  return sineOfTurns(x, low: (0.25 - x) - abs(turns))
}

private func sineOfTurns(_ x: Double, low: Double) -> Double {
  let twoPi = 2 * Double.pi
  let twoPiLow = 2.4492935982947064e-16
  let angle = twoPi * x
  let rest = (twoPi * low + twoPiLow * x) + (-angle).addingProduct(twoPi, x)
  return sin(angle) + rest * cos(angle)
}

/// The largest error over some points, and where it is.
struct Worst<Value> {
  private(set) var error = 0.0
  private(set) var place: Value?

  mutating func note(_ error: Double, at place: Value) {
    // An error that is not a number is the worst of all.
    guard !self.error.isNaN, !(error <= self.error) else { return }
    self.error = error
    self.place = place
  }
}

/// Every `step`-th Float from `lower` to `upper`, both positive, and `upper` itself.
func floats(_ lower: Float, _ upper: Float, step: UInt32, _ body: (Float) -> Void) {
  var bits = lower.bitPattern
  while bits < upper.bitPattern {
    body(Float(bitPattern: bits))
    bits += step
  }
  body(upper)
}
