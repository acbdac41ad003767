import SCMRandom

/// A mechanism whose rows take a known number of multiply-adds, so that its speed can be told as a share of the processor's.
package protocol CountedMechanism: Mechanism {
  /// Multiply-adds, and products where a sum of them ends, that a row takes; what else it takes is left out.
  var multiplyAddsPerRow: Int { get }
}

extension MLPMechanism: CountedMechanism {
  package var multiplyAddsPerRow: Int { layers.reduce(0) { $0 + $1.weights.count } }
}

extension GaussianProcessMechanism: CountedMechanism {
  package var multiplyAddsPerRow: Int {
    guard case .features(let function) = source else { return 0 }
    return function.multiplyAddsPerRow
  }
}

extension FourierFunction {
  /// For each cosine one or two an input, four of a polynomial and its three products and sums.
  var multiplyAddsPerRow: Int { phases.count * ((isFast ? 2 : 1) * dimensions + 7) }
}
