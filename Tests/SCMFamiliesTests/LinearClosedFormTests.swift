import SCMFamilies
import SCMTestSupport
import Testing

/// Rows of linear SCMs against Σ = (I − W)⁻ᵀ D (I − W)⁻¹.
@Suite struct LinearClosedFormTests {
  private static let example: [[Double]] = [
    [1, 0.8, -1.5, -2.6], [0.8, 1.14, -1.2, -1.83], [-1.5, -1.2, 4.25, 7.9], [-2.6, -1.83, 7.9, 15.135],
  ]

  @Test func theExamplesRowsHaveItsCovariance() throws {
    let family = try SCMFamily.linear(
      weights: LinearExample.weights, noiseVariances: LinearExample.noiseVariances)
    let samples = try family.sampleTask(seed: 12).sample(100_000)
    expectMoments(of: samples, covariance: Self.example, means: [0, 0, 0, 0], "seed 12")
  }

  @Test func theExamplesClosedFormIsTheSpecifications() throws {
    let family = try SCMFamily.linear(
      weights: LinearExample.weights, noiseVariances: LinearExample.noiseVariances)
    let system = try #require(LinearSystem(family.sampleTask(seed: 12)))
    for i in 0..<4 {
      for j in 0..<4 {
        // The weights are Float32, and the largest covariance sums a handful of products of them.
        #expect(abs(system.covariance[i][j] - Self.example[i][j]) < 1e-6 * 16, "\(i), \(j)")
      }
    }
  }

  @Test(arguments: ["none", "inputs", "internal"], ["erdos_renyi", "scale_free", "stochastic_block"])
  func drawnFamiliesHaveTheirCovariance(mode: String, graph: String) throws {
    let family = try SCMFamily(
      json: """
        {"n_nodes": 8, "sparsity_param": 1.5, "graph": "\(graph)", "standardization": "\(mode)",
         "linear_weights": "signed_uniform"}
        """)
    for seed in 0..<4 as Range<UInt64> {
      let instance = try family.sampleTask(seed: seed)
      let system = try #require(LinearSystem(instance))
      expectMoments(
        of: try instance.sample(20_000), covariance: system.covariance, means: system.means, "seed \(seed)")
    }
  }

  /// sd(Sᵢⱼ) = √((ΣᵢᵢΣⱼⱼ + Σᵢⱼ²)/n) for Gaussian rows about their known mean, and sd of a mean √(Σᵢᵢ/n).
  private func expectMoments(
    of samples: SampleMatrix, covariance: [[Double]], means: [Double], _ comment: Comment
  ) {
    let n = Double(samples.rowCount)
    let columns = covariance.indices.map { j in samples.column(j).map { Double($0) - means[j] } }
    for i in columns.indices {
      #expect(abs(columns[i].reduce(0, +) / n) < 5 * (covariance[i][i] / n).squareRoot(), comment)
      for j in i..<columns.count {
        let found = zip(columns[i], columns[j]).reduce(0) { $0 + $1.0 * $1.1 } / n
        let sigma = ((covariance[i][i] * covariance[j][j] + covariance[i][j] * covariance[i][j]) / n).squareRoot()
        #expect(abs(found - covariance[i][j]) < 5 * sigma, comment)
      }
    }
  }
}
