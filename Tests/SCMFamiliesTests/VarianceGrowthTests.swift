import SCMFamilies
import SCMTestSupport
import Testing

/// Raw linear SCMs explode: E Var(X at place j) = (1 + p·m₂)ʲ with p the edge probability and m₂ = E w².
@Suite struct VarianceGrowthTests {
  @Test func theExpectedVarianceGrowsGeometricallyAlongTheOrder() throws {
    // n = 20 and 1.9 edges per node: p = 0.2. Weights ±U(0.5, 2): m₂ = 1.75. Noise variances have mean 1.
    let family = try SCMFamily(json: #"{"sparsity_param": 1.9, "linear_weights": "signed_uniform"}"#)
    let variances = try (0..<6000).map { seed in
      let instance = try family.sampleTask(seed: UInt64(seed))
      let system = try #require(LinearSystem(instance))
      let covariance = system.covariance
      return instance.topologicalOrder.map { covariance[$0][$0] }
    }
    for (place, expected) in [(0, 1), (5, 4.484), (10, 20.107), (19, 299.46)] {
      let sample = Sample(variances.map { $0[place] })
      #expect(abs(sample.deviationsFromMean(expected)) < 5, "place \(place): \(sample.mean)")
    }
  }

  @Test func aChainsVarianceIsTheGeometricSum() throws {
    for (weight, variances) in [(2.0, [1.0, 5, 21, 85, 341, 1365]), (1, [1, 2, 3, 4, 5, 6])] {
      var weights = [[Double]](repeating: [Double](repeating: 0, count: 6), count: 6)
      for node in 0..<5 { weights[node][node + 1] = weight }
      let family = try SCMFamily.linear(weights: weights, noiseVariances: [1, 1, 1, 1, 1, 1])
      let covariance = try #require(LinearSystem(family.sampleTask(seed: 0))).covariance
      #expect((0..<6).map { covariance[$0][$0] } == variances)
    }
  }

  @Test func internalStandardizationKeepsAChainsCorrelation() throws {
    // w = 2: raw, the last pair's correlation tends to 1 (.999634 after five steps); here it stays w/√(1 + w²).
    var weights = [[Double]](repeating: [Double](repeating: 0, count: 6), count: 6)
    for node in 0..<5 { weights[node][node + 1] = 2 }
    func lastCorrelation(_ mode: FamilyConfig.Standardization) throws -> Double {
      let family = try SCMFamily.linear(
        weights: weights, noiseVariances: [1, 1, 1, 1, 1, 1], standardization: mode)
      let covariance = try #require(LinearSystem(family.sampleTask(seed: 0))).covariance
      return covariance[4][5] / (covariance[4][4] * covariance[5][5]).squareRoot()
    }
    #expect(abs(try lastCorrelation(.none) - 0.999634) < 1e-6)
    // Under internal standardisation node 5 reads 2 times a standard value: 2/√5.
    #expect(abs(try lastCorrelation(.internal) - 0.894427) < 1e-6)
  }
}
