import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

/// The law of an SCM's data in closed form: a normal one, as all mechanisms are linear and all noise is Gaussian.
struct LinearLaw {
  /// In the data's units.
  let means: [Double]
  /// By node and then by node.
  private let covariance: [Double]

  /// - Returns: `nil` for any other SCM.
  init?(of instance: SCMInstance) {
    guard instance.noise.kind == GaussianNoise.kind, instance.valueKinds.isEmpty,
      instance.rootNoise.map({ $0.kind == GaussianNoise.kind }) ?? true
    else { return nil }
    let count = instance.nodeCount
    var (means, covariance) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count * count))
    var done: [Int] = []
    for node in instance.topologicalOrder {
      guard let own = Self.equation(of: node, in: instance) else { return nil }
      means[node] = own.constant
      for (parent, weight) in own.terms { means[node] += weight * means[parent] }
      for other in done {
        let sum = own.terms.reduce(0) { $0 + $1.weight * covariance[$1.parent * count + other] }
        covariance[node * count + other] = sum
        covariance[other * count + node] = sum
      }
      covariance[node * count + node] = own.terms.reduce(own.noise * own.noise) {
        $0 + $1.weight * covariance[node * count + $1.parent]
      }
      done.append(node)
    }
    let shown = instance.scalings.map(\.shown)
    for node in 0..<count {
      means[node] = Double(shown[node].shift) + Double(shown[node].gain) * means[node]
      for other in 0..<count {
        covariance[node * count + other] *= Double(shown[node].gain) * Double(shown[other].gain)
      }
    }
    (self.means, self.covariance) = (means, covariance)
  }

  func covariance(_ a: Int, _ b: Int) -> Double { covariance[a * means.count + b] }

  /// x = constant + Σ weightᵢ·parentᵢ + noise·ε, scalings multiplied out; `nil` where the node is none such.
  private static func equation(
    of node: Int, in instance: SCMInstance
  ) -> (terms: [(parent: Int, weight: Double)], constant: Double, noise: Double)? {
    let scaling = instance.scalings[node]
    guard scaling.held == nil else { return nil }
    let (gain, shift) = (Double(scaling.output.gain), Double(scaling.output.shift))
    switch instance.mechanisms[node] {
    case is StandardNoise: return ([], shift, gain)
    case let linear as LinearMechanism where linear.factor == nil:
      var constant = Double(linear.bias)
      var terms: [(parent: Int, weight: Double)] = []
      for (index, parent) in instance.parents[node].enumerated() {
        let (weight, map) = (Double(linear.weight(index)), scaling.input(index))
        constant += weight * Double(map.shift)
        terms.append((parent, gain * weight * Double(map.gain)))
      }
      return (terms, shift + gain * constant, gain * Double(linear.noiseScale))
    default: return nil
    }
  }
}
