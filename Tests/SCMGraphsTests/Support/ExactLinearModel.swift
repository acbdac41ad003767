import SCMGraphs
import SCMRandom

/// x = xW + ε with a random weight at each edge and random variances, in exact arithmetic.
struct ExactLinearModel {
  let weights: ResidueMatrix
  let noise: ResidueMatrix

  init(_ graph: AdjacencyMatrix, seed: UInt64) {
    var words = TaskKey(seed: seed).words(purpose: .user)
    let n = graph.nodeCount
    weights = ResidueMatrix(n, n) { graph[$0, $1] ? Residue(random: words.next64()) : .zero }
    noise = ResidueMatrix(n, n) { $0 == $1 ? Residue(random: words.next64()) : .zero }
  }

  /// (I − W)⁻¹, entry (i, j) of which is the total effect of i on j.
  var totalEffects: ResidueMatrix { Self.totalEffects(weights) }

  var covariance: ResidueMatrix { Self.covariance(weights, noise) }

  static func totalEffects(_ weights: ResidueMatrix) -> ResidueMatrix {
    guard let effects = (ResidueMatrix.identity(weights.rows) - weights).inverse else {
      preconditionFailure("I − W of an acyclic graph has determinant 1.")
    }
    return effects
  }

  static func covariance(_ weights: ResidueMatrix, _ noise: ResidueMatrix) -> ResidueMatrix {
    let effects = totalEffects(weights)
    return effects.transposed * noise * effects
  }
}

extension ResidueMatrix {
  /// Whether the partial correlation of i and j given others is zero, this being a covariance.
  func isUncorrelated(_ i: Int, _ j: Int, given others: [Int]) -> Bool {
    self[[i] + others, [j] + others].isSingular
  }
}
