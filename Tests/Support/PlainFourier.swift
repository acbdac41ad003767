package import SCMMechanisms
import SCMRandom

/// A sum of cosine features in plain loops: each phase a chain of fused multiply-adds, reduced to a turn at its end, or where a
/// frequency is high after each product, whose rounding error is added back.
package func addPlainly(_ function: FourierFunction, _ row: [Float], to sum: inout Float) {
  let isFast = function.frequencies.contains { abs($0) > 16 }
  for k in function.phases.indices {
    var turns = function.phases[k]
    for d in 0..<function.dimensions {
      let frequency = function.frequencies[k * function.dimensions + d]
      if isFast {
        let product = frequency * row[d]
        turns += (product - product.rounded(.toNearestOrEven)) + (-product).addingProduct(frequency, row[d])
      } else {
        turns = turns.addingProduct(frequency, row[d])
      }
    }
    turns -= turns.rounded(.toNearestOrEven)
    sum = sum.addingProduct(function.amplitudes[k], Elementary.cosTurns(turns))
  }
}

/// A row's noise with its factor: of the column after it, or √log(1 + eʰ) of a function h of the parents.
package func plainNoise(_ factor: NoiseFactor?, column: Int, _ row: [Float]) -> Float {
  switch factor {
  case nil: return row[column]
  case .channel: return row[column + 1] * row[column]
  case .ofParents(let function):
    var h: Float = 0
    addPlainly(function, row, to: &h)
    let e = Elementary.expMinusOne(abs(h) < 80 ? -abs(h) : -80) + 1
    return (max(h, 0) + Elementary.log(1 + e)).squareRoot() * row[column]
  }
}

extension GaussianProcessMechanism {
  /// Its random features; a test that asks for them where there are none is wrong.
  package var function: FourierFunction {
    guard case .features(let function) = source else { preconditionFailure("The process is exact.") }
    return function
  }

  package var process: ExactProcess {
    guard case .exact(let process) = source else { preconditionFailure("The process has features.") }
    return process
  }
}
