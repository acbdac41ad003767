import Foundation
import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct FamilyConfigTests {
  @Test func anEmptyObjectIsTheDefault() throws {
    let config = try FamilyConfig(json: "{}")
    #expect(config == FamilyConfig())
    #expect(config.nodeCount == 20)
    #expect(config.graphKind == "erdos_renyi")
    #expect(config.sparsity == 2)
    #expect(config.normalizedProportions == ["linear": 1])
    #expect(config.standardization == .none)
    #expect(config.calibrationRows == 256)
  }

  @Test func readsEveryField() throws {
    let config = try FamilyConfig(
      json: """
        {"n_nodes": 4, "n_nodes_max": 6, "graph": "scale_free", "scale_free_orientation": "in", "sparsity_param": 0.75,
         "mechanism_proportions": {"mlp": 3, "gpcde": 1}, "noise_type": "student_t", "noise_degrees_of_freedom": 4,
         "standardization": "internal", "root_policy": "noise", "calibration_rows": 64, "mlp_hidden": [3, 4],
         "mlp_slope": 0.2, "mlp_init": "torch", "gpcde_features": 10, "gpcde_kernels": ["matern52"]}
        """)
    #expect(config.nodeCounts == 4...6)
    #expect(config.graphKind == "scale_free")
    #expect(config.normalizedProportions == ["mlp": 0.75, "gpcde": 0.25])
    #expect((try config.noise().law as? StudentTNoise)?.degreesOfFreedom == 4)
    #expect(config.standardization == .internal)
    #expect(config.roots == .noise)
    let members = config.relevantMembers
    #expect(members["mlp_hidden"] == [3, 4])
    #expect(members["mlp_init"] == "torch")
    #expect(members["gpcde_kernels"] == ["matern52"])
    #expect(members["scale_free_orientation"] == "in")
    #expect(try config.graphModel().edgesPerNode == 0.75)
  }

  @Test func goesThroughJSONAndBack() throws {
    for (index, task) in GoldenTask.all.enumerated() where task.config["mixture"] == nil {
      let config = try FamilyConfig(task.config)
      #expect(try FamilyConfig(json: config.canonicalJSON) == config, "\(index)")
      let coded = try JSONDecoder().decode(FamilyConfig.self, from: JSONEncoder().encode(config))
      #expect(coded == config, "\(index)")
      #expect(coded.fingerprint == config.fingerprint, "\(index)")
    }
  }

  @Test func theCanonicalTextHasSortedKeysAndDefaultsSpelledOut() throws {
    let config = try FamilyConfig(json: #"{"sparsity_param": 1, "n_nodes": 5}"#)
    let text = config.canonicalJSON
    #expect(!text.contains(" ") && !text.contains("\n"))
    let places = config.relevantMembers.keys.sorted().map { text.range(of: "\"\($0)\":")?.lowerBound }
    #expect(places.allSatisfy { $0 != nil })
    #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
    for fragment in [
      #""linear_weights":"normal""#, #""mechanism_proportions":{"linear":1}"#,
      #""n_nodes":5,"n_nodes_max":null,"#, #""sparsity_param":1,"#,
    ] { #expect(text.contains(fragment), "\(text)") }
    for kind in ["calibration_rows", "mlp_", "gp_", "gpcde_", "scale_free_", "degrees_of_freedom"] {
      #expect(!text.contains(kind))
    }
  }

  @Test func aConfigurationMadeInCodeIsCheckedByTheFamily() {
    var config = FamilyConfig()
    config.sparsity = .nan
    #expect(throws: ConfigError.self) { try SCMFamily(config) }
    config = FamilyConfig()
    config.nodeCount = 0
    #expect(throws: ConfigError.self) { try SCMFamily(config) }
    config = FamilyConfig()
    config.graphKind = "none of these"
    #expect(throws: ConfigError.self) { try SCMFamily(config) }
    config = FamilyConfig()
    config.mechanismProportions = ["linear": -1]
    #expect(throws: ConfigError.self) { try SCMFamily(config) }
    config.mechanismProportions = ["linear": .infinity]
    #expect(throws: ConfigError.self) { try SCMFamily(config) }
    config.mechanismProportions = [:]
    #expect(throws: ConfigError.self) { try SCMFamily(config) }
  }
}
