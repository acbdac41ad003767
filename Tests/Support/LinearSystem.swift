package import SCMFamilies
import SCMGraphs
import SCMMechanisms

/// An SCM of linear mechanisms as X = XW + b + E with independent E of variances D, its scalings included.
package struct LinearSystem {
  /// `weights[i][j]` leads from i to j.
  package var weights: [[Double]]
  package var biases: [Double]
  package var noiseVariances: [Double]
  package let order: [Int]

  /// - Returns: `nil` where a mechanism is not linear, or its noise's variance depends on its parents.
  package init?(_ instance: SCMInstance) {
    let n = instance.nodeCount
    weights = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    biases = [Double](repeating: 0, count: n)
    noiseVariances = biases
    order = instance.topologicalOrder
    for node in 0..<n {
      guard let linear = instance.mechanisms[node] as? LinearMechanism,
        let factor = linear.factor.map({ $0.meanSquare }) ?? 1
      else { return nil }
      let scaling = instance.scalings[node]
      let gain = Double(scaling.output.gain)
      var bias = Double(linear.bias)
      for (index, parent) in instance.parents[node].enumerated() {
        weights[parent][node] = gain * Double(linear.weights[index]) * Double(scaling.input(index).gain)
        bias += Double(linear.weights[index]) * Double(scaling.input(index).shift)
      }
      biases[node] = gain * bias + Double(scaling.output.shift)
      let noise = gain * Double(linear.noiseScale)
      noiseVariances[node] = noise * noise * factor
    }
  }

  /// (I − W)⁻¹: row k says what the noise of node k adds to each node.
  private var effects: [[Double]] {
    var effects = weights.map { $0.map { _ in 0.0 } }
    for node in order {
      for source in weights.indices {
        effects[source][node] = source == node ? 1 : 0
        for parent in weights.indices where weights[parent][node] != 0 {
          effects[source][node] += effects[source][parent] * weights[parent][node]
        }
      }
    }
    return effects
  }

  /// Σ = (I − W)⁻ᵀ D (I − W)⁻¹.
  package var covariance: [[Double]] {
    let effects = effects
    return weights.indices.map { i in
      weights.indices.map { j in
        weights.indices.reduce(0) { $0 + effects[$1][i] * noiseVariances[$1] * effects[$1][j] }
      }
    }
  }

  /// μ = (I − W)⁻ᵀ b.
  package var means: [Double] {
    let effects = effects
    return weights.indices.map { j in weights.indices.reduce(0) { $0 + effects[$1][j] * biases[$1] } }
  }
}

/// The linear example of the specification: four nodes, weights and noise variances.
package enum LinearExample {
  package static let weights: [[Double]] = [[0, 0.8, -1.5, 0], [0, 0, 0, 0.5], [0, 0, 0, 2], [0, 0, 0, 0]]
  package static let noiseVariances = [1, 0.5, 2, 0.25]
}
