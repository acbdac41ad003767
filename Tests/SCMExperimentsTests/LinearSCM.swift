import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms

/// What linear algebra says of a linear SCM with independent noise: x = xW + ε, so that x = εT with T = (I − W)⁻¹.
struct LinearSCM {
  let count: Int
  /// `weights[i][j]` of the edge i → j.
  var weights: [[Double]]
  var noiseVariances: [Double]

  static func family(nodes: Int, noise: String = "gaussian", _ more: [String: JSONValue] = [:]) throws -> SCMFamily {
    let members: [String: JSONValue] = [
      "n_nodes": .integer(nodes), "sparsity_param": .number(1.5), "noise_type": .string(noise),
      "linear_weights": .string("signed_uniform"), "linear_weight_min": .number(0.5), "linear_weight_max": .number(1.2),
    ]
    return try SCMFamily(FamilyConfig(members.merging(more) { $1 }))
  }

  init(_ instance: SCMInstance) throws {
    count = instance.nodeCount
    weights = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    noiseVariances = [Double](repeating: 0, count: count)
    for node in 0..<count {
      guard let linear = instance.mechanisms[node] as? LinearMechanism else { throw NotLinear() }
      for (index, parent) in instance.parents[node].enumerated() {
        weights[parent][node] = Double(linear.weights[index])
      }
      noiseVariances[node] = Double(linear.noiseScale) * Double(linear.noiseScale)
    }
  }

  struct NotLinear: Error {}

  /// (I − W)⁻¹ = I + W + W² + …, which ends.
  var total: [[Double]] {
    var sum = identity(count)
    var power = sum
    for _ in 0..<count {
      power = product(power, weights)
      for i in 0..<count { for j in 0..<count { sum[i][j] += power[i][j] } }
    }
    return sum
  }

  /// TᵀΩT.
  var covariance: [[Double]] {
    let t = total
    return (0..<count).map { i in
      (0..<count).map { j in (0..<count).reduce(0) { $0 + t[$1][i] * noiseVariances[$1] * t[$1][j] } }
    }
  }

  /// With a node's incoming edges cut, and its noise replaced by a value of some variance.
  func cutting(_ node: Int, variance: Double) -> LinearSCM {
    var result = self
    for parent in 0..<count { result.weights[parent][node] = 0 }
    result.noiseVariances[node] = variance
    return result
  }
}

func identity(_ count: Int) -> [[Double]] { (0..<count).map { i in (0..<count).map { $0 == i ? 1 : 0 } } }

func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
  a.map { row in b[0].indices.map { j in row.indices.reduce(0) { $0 + row[$1] * b[$1][j] } } }
}

/// Means and covariances of some rows.
struct Moments {
  let rows: Int
  let mean: [Double]
  let covariance: [[Double]]

  init(_ x: [Float], width: Int, rows chosen: [Int]) {
    rows = chosen.count
    var mean = [Double](repeating: 0, count: width)
    for r in chosen { for j in 0..<width { mean[j] += Double(x[r * width + j]) / Double(chosen.count) } }
    var covariance = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
    for r in chosen {
      for i in 0..<width {
        let a = Double(x[r * width + i]) - mean[i]
        for j in 0..<width { covariance[i][j] += a * (Double(x[r * width + j]) - mean[j]) / Double(chosen.count) }
      }
    }
    (self.mean, self.covariance) = (mean, covariance)
  }

  /// The largest deviation from a normal law's moments, in standard errors: √(Σᵢᵢ/n) of a mean, √((ΣᵢᵢΣⱼⱼ + Σᵢⱼ²)/n) of a covariance.
  func worst(mean expected: [Double], _ sigma: [[Double]]) -> Double {
    var worst = 0.0
    for i in mean.indices {
      worst = max(worst, score(mean[i] - expected[i], sigma[i][i]))
      for j in mean.indices {
        worst = max(worst, score(covariance[i][j] - sigma[i][j], sigma[i][i] * sigma[j][j] + sigma[i][j] * sigma[i][j]))
      }
    }
    return worst
  }

  /// A constant may miss by rounding only.
  private func score(_ difference: Double, _ variance: Double) -> Double {
    variance == 0 ? (abs(difference) < 1e-5 ? 0 : .infinity) : abs(difference) / (variance / Double(rows)).squareRoot()
  }
}
