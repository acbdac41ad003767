import SCMFamilies
import SCMTestSupport
import Testing

/// Every node is standardised right after it is computed (iSCM).
@Suite struct InternalStandardizationTests {
  @Test func theExampleHasTheSpecificationsWeightsNoiseAndCovariance() throws {
    let family = try SCMFamily.linear(
      weights: LinearExample.weights, noiseVariances: LinearExample.noiseVariances, standardization: .internal)
    let system = try #require(LinearSystem(family.sampleTask(seed: 1)))
    // Gains and weights are Float32, half an ulp each.
    func expectClose(_ a: Double, _ b: Double) { #expect(abs(a - b) < 4e-7) }
    expectClose(system.weights[0][1], 0.7492686493)
    expectClose(system.weights[0][2], -0.7276068751)
    expectClose(system.weights[1][3], 0.27077892)
    expectClose(system.weights[2][3], 1.0831156799)
    for (found, expected) in zip(system.noiseVariances, [1, 0.4385964912, 0.4705882353, 0.0733212235]) {
      expectClose(found, expected)
    }
    expectClose(system.covariance[0][3], -0.5851962596)
    expectClose(system.covariance[1][3], -0.3197065268)
    expectClose(system.covariance[2][3], 0.9354943182)
  }

  @Test(
    arguments: ["erdos_renyi", "scale_free", "fixed_in_degree"],
    [
      #""linear_weights": "signed_uniform""#, #""noise_scale_law": "uniform", "linear_bias": 2"#,
      #""noise_scale_law": "gamma_variance_per_row", "noise_variance_scale": 3"#,
      #""noise_scale_law": "gamma_scale_per_row", "noise_variance_scale": 2.5"#,
    ])
  func linearVariancesAreExactlyOne(graph: String, options: String) throws {
    let family = try SCMFamily(
      json: """
        {"n_nodes": 30, "sparsity_param": 4, "graph": "\(graph)", "standardization": "internal", \(options)}
        """)
    for seed in 0..<20 as Range<UInt64> {
      let system = try #require(LinearSystem(family.sampleTask(seed: seed)))
      for node in 0..<30 {
        // A few dozen roundings to Float32 on the way.
        #expect(abs(system.covariance[node][node] - 1) < 1e-5, "seed \(seed), node \(node)")
        #expect(abs(system.means[node]) < 1e-5, "seed \(seed), node \(node)")
      }
    }
  }

  /// The calibration's mean and deviation are themselves estimates, from other rows of the same law: errors of both add.
  @Test(arguments: [
    #""mlp": 1}"#, #""gpcde": 1}, "gpcde_features": 64"#, #""gp": 1}, "gp_features": 64"#,
    // The variance of such noise depends on the parents, so that no closed form is known.
    #""linear": 1}, "noise_scale_law": "input""#,
  ])
  func calibratedMeansAndVariancesAreZeroAndOne(mechanisms: String) throws {
    let calibrationRows = 2048
    let family = try SCMFamily(
      json: """
        {"n_nodes": 12, "standardization": "internal", "calibration_rows": \(calibrationRows),
         "mechanism_proportions": {\(mechanisms)}
        """)
    for seed in 0..<10 as Range<UInt64> {
      let instance = try family.sampleTask(seed: seed)
      let rows = try instance.sample(8192)
      for node in 0..<12 {
        let sample = Sample(rows.column(node))
        let counts = 1 / Double(calibrationRows) + 1 / Double(sample.count)
        #expect(abs(sample.mean) < 5 * counts.squareRoot(), "seed \(seed), node \(node)")
        let sigma = ((sample.kurtosis - 1) * counts).squareRoot()
        #expect(abs(sample.variance - 1) < 5 * sigma, "seed \(seed), node \(node), kurtosis \(sample.kurtosis)")
      }
    }
  }

  @Test func keepsDenseGraphsWithHugeWeightsFinite() throws {
    let family = try SCMFamily(
      json: """
        {"n_nodes": 40, "sparsity_param": 19.5, "linear_weight_scale": 1000000, "standardization": "internal"}
        """)
    #expect(throws: Never.self) { try family.sampleTask(seed: 3).sample(300) }
  }
}
