import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMTestSupport
import Testing

/// Families of published papers, by name.
@Suite struct PresetTests {
  @Test(arguments: FamilyPreset.all.map(\.name))
  func drawsFiniteTasks(name: String) throws {
    let family = try SCMFamily(FamilySpecification.preset(name))
    for seed in 0..<3 as Range<UInt64> {
      let samples = try family.sampleTask(seed: seed).sample(64)
      let isFinite = samples.values.allSatisfy { $0.isFinite }
      #expect(isFinite, "seed \(seed)")
    }
  }

  @Test func namesAreDistinctAndSourcesTold() {
    #expect(Set(FamilyPreset.all.map(\.name)).count == FamilyPreset.all.count)
    for preset in FamilyPreset.all { #expect(preset.source.count > 40, "\(preset.name)") }
  }

  @Test func anUnknownNameIsRefusedWithTheKnownOnes() throws {
    let error = try #require(throws: ConfigError.self) { try FamilyConfig.preset("notears") }
    #expect(error.reason.contains("notears-linear"))
  }

  @Test func aMixtureIsNoSingleFamily() throws {
    let error = try #require(throws: ConfigError.self) { try FamilyConfig.preset("bcnp-paper") }
    #expect(error.value == "bcnp-paper")
    guard case .mixture(let mixture) = try FamilySpecification.preset("avici-scm-v0") else {
      Issue.record("no mixture")
      return
    }
    #expect(mixture.components.count == 44 * 45)
    #expect(abs(mixture.components.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
  }

  @Test func notearsHasUnitNoiseExactEdgesAndWeightsAwayFromZero() throws {
    let family = try SCMFamily(FamilyConfig.preset("notears-linear"))
    for seed in 0..<20 as Range<UInt64> {
      let instance = try family.sampleTask(seed: seed)
      #expect(instance.graph.edgeCount == 40)
      let system = try #require(LinearSystem(instance))
      #expect(system.noiseVariances.allSatisfy { $0 == 1 })
      #expect(system.weights.joined().allSatisfy { $0 == 0 || (0.5...2).contains(abs($0)) })
    }
  }

  /// 1 + 2 + 1e-4 + α(α + 1)/β² with α = 1, β = 10, at a fixed row over tasks.
  @Test func bcnpRootsHaveTheGeneratorsSecondMoment() throws {
    var members = try #require(FamilyPreset.all.first { $0.name == "bcnp-code" }).members
    members["n_nodes"] = 1
    members["sparsity_param"] = 0
    members["gpcde_features"] = 64
    let family = try SCMFamily(FamilyConfig(members))
    let squares = try (0..<6000).map { seed in
      let value = Double(try family.sampleTask(seed: UInt64(seed)).sample(1).values[0])
      return value * value
    }
    #expect(abs(Sample(squares).deviationsFromMean(3.0201)) < 5)
  }
}
