import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

/// The law of an SCM's data in closed form: a normal one, as all mechanisms are linear and all noise is Gaussian.
final class LinearLaw {
  /// In the data's units.
  let means: [Double]
  /// Of what mechanisms write.
  private let covariance: LinearCovariance
  /// From there to the data's units.
  private let gains: [Double]

  /// - Returns: `nil` for any other SCM.
  init?(of instance: SCMInstance) {
    guard instance.noise.kind == GaussianNoise.kind, instance.valueKinds.isEmpty,
      instance.rootNoise.map({ $0.kind == GaussianNoise.kind }) ?? true
    else { return nil }
    var covariance = LinearCovariance(nodeCount: instance.nodeCount)
    var means = [Double](equal: 0, count: instance.nodeCount)
    for node in instance.topologicalOrder {
      guard let own = Self.equation(of: node, in: instance) else { return nil }
      let parents = instance.parents[node].prefix(own.weights.count)
      means[node] = own.constant
      for (parent, weight) in zip(parents, own.weights) { means[node] += weight * means[parent] }
      covariance.add(node, parents: parents, noiseVariance: own.noise * own.noise) { own.weights[$0] }
    }
    let shown = instance.scalings.map(\.shown)
    self.means = zip(shown, means).map { Double($0.shift) + Double($0.gain) * $1 }
    gains = shown.map { Double($0.gain) }
    self.covariance = covariance
  }

  func covariance(_ a: Int, _ b: Int) -> Double { covariance[a, b] * (gains[a] * gains[b]) }

  /// x = constant + Σ weightᵢ·parentᵢ + noise·ε, scalings multiplied out; `nil` where the node is none such.
  private static func equation(
    of node: Int, in instance: SCMInstance
  ) -> (weights: [Double], constant: Double, noise: Double)? {
    let scaling = instance.scalings[node]
    guard scaling.held == nil else { return nil }
    let (gain, shift) = (Double(scaling.output.gain), Double(scaling.output.shift))
    switch instance.mechanisms[node] {
    case is StandardNoise: return ([], shift, gain)
    case let linear as LinearMechanism where linear.factor == nil:
      var constant = Double(linear.bias)
      let weights = (0..<instance.parents.count(of: node)).map { index in
        let (weight, map) = (Double(linear.weight(index)), scaling.input(index))
        constant += weight * Double(map.shift)
        return gain * weight * Double(map.gain)
      }
      return (weights, shift + gain * constant, gain * Double(linear.noiseScale))
    default: return nil
    }
  }
}
