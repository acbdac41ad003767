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
