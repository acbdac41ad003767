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
      let output = instance.scalings[node].output
      let (gain, shift) = (Double(output.gain), Double(output.shift))
      guard let linear = instance.mechanisms[node] as? LinearMechanism else {
        guard instance.mechanisms[node] is StandardNoise else { return nil }
        means[node] = shift
        covariance.add(node, parents: [], noiseVariance: gain * gain) { _ in 0 }
        continue
      }
      guard linear.factor == nil else { return nil }
      // x = constant + Σ weightᵢ·parentᵢ + noise·ε, scalings multiplied out.
      let parents = instance.parents[node]
      var constant = Double(linear.bias)
      for index in 0..<parents.count {
        constant += Double(linear.weight(index)) * Double(instance.scalings[node].input(index).shift)
      }
      var mean = shift + gain * constant
      let noise = gain * Double(linear.noiseScale)
      covariance.add(node, parents: parents, noiseVariance: noise * noise) { index in
        let weight = gain * Double(linear.weight(index)) * Double(instance.scalings[node].input(index).gain)
        mean += weight * means[parents[parents.startIndex + index]]
        return weight
      }
      means[node] = mean
    }
    let shown = instance.scalings.map(\.shown)
    self.means = zip(shown, means).map { Double($0.shift) + Double($0.gain) * $1 }
    gains = shown.map { Double($0.gain) }
    self.covariance = covariance
  }

  func covariance(_ a: Int, _ b: Int) -> Double { covariance[a, b] * (gains[a] * gains[b]) }
}
