import SCMFamilies
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// The noise law shapes the noise, and nothing else.
@Suite struct NoiseLawTests {
  @Test func anotherLawKeepsGraphMechanismsAndLatentVariables() throws {
    func task(_ law: String) throws -> SCMInstance {
      try SCMFamily(
        json: #"{"noise_type": "\#(law)", "mechanism_proportions": {"linear": 1, "gpcde": 1}, "gpcde_features": 8}"#
      ).sampleTask(seed: 17)
    }
    let (a, b) = (try task("gaussian"), try task("uniform"))
    #expect(a.graph == b.graph)
    #expect(a.mechanisms.map(\.parameters) == b.mechanisms.map(\.parameters))
    let (first, second) = (try a.sampleWithNoise(50, first: 0), try b.sampleWithNoise(50, first: 0))
    for node in 0..<20 where a.mechanisms[node].kind == "gpcde" {
      #expect(first.noise[node][0] == second.noise[node][0])
      #expect(first.noise[node][1] != second.noise[node][1])
    }
  }

  /// Cauchy noise has neither.
  @Test(arguments: NoiseLaws.kinds.filter { $0 != CauchyNoise.kind })
  func noiseHasMeanZeroAndVarianceOne(law: String) throws {
    // Nine degrees of freedom: below nine, the variance of a fourth power, which the band needs, does not exist.
    let family = try SCMFamily(
      json: """
        {"n_nodes": 1, "sparsity_param": 0, "root_policy": "noise", "noise_type": "\(law)",
         "noise_degrees_of_freedom": 9}
        """)
    let sample = Sample(try family.sampleTask(seed: 3).sample(50_000).values)
    #expect(abs(sample.deviationsFromMean(0)) < 5)
    #expect(abs(sample.deviationsFromVariance(1)) < 5)
  }
}
