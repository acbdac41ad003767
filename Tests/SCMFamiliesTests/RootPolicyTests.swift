import SCMGraphs
import SCMFamilies
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct RootPolicyTests {
  @Test func theNoisePolicyGivesRootsStandardNoiseOfTheFamilysLaw() throws {
    let family = try SCMFamily(
      json: #"{"root_policy": "noise", "noise_type": "laplace", "mechanism_proportions": {"mlp": 1}}"#)
    let instance = try family.sampleTask(seed: 8)
    let samples = try instance.sample(300)
    for node in 0..<20 {
      #expect((instance.mechanisms[node].kind == "noise") == instance.parents[node].isEmpty)
      guard instance.parents[node].isEmpty else { continue }
      var noise = [Float](repeating: 0, count: 300)
      NoiseSource(.laplace).fill(&noise, first: 0, key: TaskKey(seed: 8), site: UInt32(node))
      #expect(samples.column(node) == noise)
    }
  }

  @Test func theMechanismPolicyGivesLinearRootsTheirNoiseVariance() throws {
    let instance = try SCMFamily(FamilyConfig()).sampleTask(seed: 8)
    let samples = try instance.sample(5000)
    for node in 0..<20 where instance.parents[node].isEmpty {
      let system = try #require(LinearSystem(instance))
      #expect(abs(Sample(samples.column(node)).deviationsFromVariance(system.noiseVariances[node])) < 5)
    }
  }

  @Test func gpcdeRootsReadALatentVariable() throws {
    let family = try SCMFamily(json: #"{"mechanism_proportions": {"gpcde": 1}, "gpcde_features": 16}"#)
    let instance = try family.sampleTask(seed: 8)
    #expect(instance.mechanisms.allSatisfy { $0.noise == [.latent, .noise] })
    #expect(instance.noiseChannelCount == 2)
  }

  /// E[X²] = m² + 1 + s² for the root of a fixed row, over tasks.
  @Test func gpcdeRootsHaveTheModelsVarianceOverTasks() throws {
    let family = try SCMFamily(
      json: """
        {"n_nodes": 1, "sparsity_param": 0, "mechanism_proportions": {"gpcde": 1}, "gpcde_features": 64,
         "gpcde_noise_scale": 0.1}
        """)
    let squares = try (0..<4500).map { seed in
      let value = Double(try family.sampleTask(seed: UInt64(seed)).sample(1, first: 3).values[0])
      return value * value
    }
    #expect(abs(Sample(squares).deviationsFromMean(0.25 + 1 + 0.01)) < 5)
  }
}
