import SCMBase
import SCMFamilies
import SCMRandom
import SCMTestSupport
import Testing

/// Equal for configurations that give the same tasks, different for others.
@Suite struct FingerprintTests {
  private func fingerprint(_ json: String) throws -> String { try FamilyConfig(json: json).fingerprint }

  @Test func isSixtyFourHexDigits() throws {
    let text = try fingerprint("{}")
    #expect(text.count == 64)
    #expect(text.allSatisfy { "0123456789abcdef".contains($0) })
  }

  @Test(arguments: [
    (#"{"n_nodes": 5, "sparsity_param": 1}"#, #"{ "sparsity_param" : 1.0,  "n_nodes": 5 }"#),
    ("{}", #"{"n_nodes": 20, "graph": "erdos_renyi", "noise_type": "gaussian", "calibration_rows": 256}"#),
    // No linear task is calibrated, unless it is standardised.
    ("{}", #"{"calibration_rows": 100}"#),
    ("{}", #"{"mechanism_proportions": null}"#),
    ("{}", #"{"mechanism_proportions": {"linear": 1}}"#),
    ("{}", #"{"mechanism_proportions": {"linear": 17.5, "mlp": 0}}"#),
    ("{}", #"{"n_nodes_max": null}"#),
    ("{}", #"{"n_nodes_max": 20}"#),
    (
      #"{"mechanism_proportions": {"linear": 1, "mlp": 1}}"#,
      #"{"mechanism_proportions": {"mlp": 0.5, "linear": 0.5}}"#
    ),
    (
      #"{"mechanism_proportions": {"linear": 1, "mlp": 2}}"#,
      #"{"mechanism_proportions": {"mlp": 0.2, "linear": 0.1}}"#
    ),
    // An option that older fingerprints don't know shapes nothing at its default.
    (#"{"mechanism_proportions": {"mlp": 1}}"#, #"{"mechanism_proportions": {"mlp": 1}, "mlp_bias_scale": 0}"#),
    (#"{"mechanism_proportions": {"mlp": 1}}"#, #"{"mechanism_proportions": {"mlp": 1}, "mlp_bias_law": "normal"}"#),
    ("{}", #"{"root_noise_type": null, "root_noise_scale": 1, "function_range": 0}"#),
    // Whose scale is the mechanism's.
    ("{}", #"{"root_noise_scale": 2}"#),
    (
      #"{"mechanism_proportions": {"gpcde": 1}, "gpcde_length_first": 1, "gpcde_length_second": 2}"#,
      #"{"mechanism_proportions": {"gpcde": 1}, "gpcde_length_location": 1, "gpcde_length_spread": 2}"#
    ),
    (#"{"linear_weight_scale": 0.001}"#, #"{"linear_weight_scale": 1e-3}"#),
  ])
  func equivalentSpellingsAreEqual(a: String, b: String) throws {
    #expect(try fingerprint(a) == fingerprint(b))
    #expect(try FamilyConfig(json: a) == FamilyConfig(json: b))
  }

  @Test(arguments: [
    #"{"n_nodes": 21}"#, #"{"n_nodes_max": 21}"#, #"{"sparsity_param": 2.5}"#, #"{"graph": "scale_free"}"#,
    #"{"graph": "scale_free", "scale_free_orientation": "in"}"#, #"{"graph": "stochastic_block"}"#,
    #"{"graph": "stochastic_block", "stochastic_block_count": 3}"#,
    #"{"graph": "stochastic_block", "stochastic_block_ratio": 0.5}"#,
    #"{"mechanism_proportions": {"mlp": 1}}"#, #"{"mechanism_proportions": {"linear": 1, "mlp": 1}}"#,
    #"{"mechanism_proportions": {"linear": 1, "mlp": 2}}"#, #"{"mechanism_proportions": {"gpcde": 1}}"#,
    #"{"mechanism_proportions": {"mlp": 1}, "mlp_hidden": [32]}"#,
    #"{"mechanism_proportions": {"mlp": 1}, "mlp_slope": 0.1}"#,
    #"{"mechanism_proportions": {"mlp": 1}, "mlp_init": "torch"}"#,
    #"{"mechanism_proportions": {"gpcde": 1}, "gpcde_features": 100}"#,
    #"{"mechanism_proportions": {"gpcde": 1}, "gpcde_kernels": ["rbf"]}"#,
    #"{"mechanism_proportions": {"gpcde": 1}, "gpcde_length_spread": 1}"#,
    #"{"mechanism_proportions": {"gpcde": 1}, "gpcde_mean_weight": 1}"#,
    #"{"noise_type": "laplace"}"#, #"{"noise_type": "student_t"}"#,
    #"{"noise_type": "student_t", "noise_degrees_of_freedom": 6}"#, #"{"standardization": "internal"}"#,
    #"{"standardization": "inputs"}"#, #"{"root_policy": "noise"}"#, #"{"linear_weights": "signed_uniform"}"#,
    #"{"linear_weight_scale": 2}"#, #"{"noise_variance_shape": 2}"#, #"{"noise_variance_scale": 1}"#,
    #"{"linear_bias": 1}"#, #"{"noise_scale_law": "uniform"}"#, #"{"root_noise_type": "gaussian"}"#,
    #"{"root_noise_type": "uniform"}"#, #"{"root_policy": "noise", "root_noise_scale": 2}"#, #"{"function_range": 1}"#,
    #"{"mechanism_proportions": {"mlp": 1}, "mlp_bias_law": "fan_in"}"#,
    #"{"mechanism_proportions": {"mlp": 1}, "mlp_init": "spectral", "mlp_spectral_norm": 4}"#,
  ])
  func anyChangeThatShapesTasksIsSeen(json: String) throws {
    let others = ["{}", #"{"n_nodes": 19}"#, #"{"mechanism_proportions": {"mlp": 1}, "mlp_hidden": [31]}"#]
    for other in others { #expect(try fingerprint(json) != fingerprint(other)) }
  }

  @Test(arguments: [
    #"{"mlp_hidden": [7], "mlp_init": "n01"}"#, #"{"gpcde_features": 16, "gpcde_kernels": ["rbf"]}"#,
    #"{"scale_free_orientation": "random"}"#, #"{"stochastic_block_count": 4, "stochastic_block_ratio": 0.3}"#,
    #"{"noise_degrees_of_freedom": 3}"#,
  ])
  func optionsOfKindsThatAreNotChosenAreLeftOut(json: String) throws {
    #expect(try fingerprint(json) == fingerprint("{}"))
  }

  /// A shared file keeps its fingerprint when the canonical text is what was shared.
  @Test func proportionsOfAnySizeKeepTheirFingerprintThroughTheCanonicalText() throws {
    var words = TaskKey(seed: 3).words(purpose: .user)
    for _ in 0..<2000 {
      var config = FamilyConfig()
      config.mechanismProportions = [
        "linear": Double(openUnit: words.next64()), "mlp": Double(openUnit: words.next64()) * 10,
        "gpcde": Double(words.next(below: 5)),
      ]
      let again = try FamilyConfig(json: config.canonicalJSON)
      #expect(again.fingerprint == config.fingerprint, "\(config.canonicalJSON)")
      #expect(try SCMFamily(config).config?.fingerprint == config.fingerprint, "\(config.canonicalJSON)")
    }
  }

  @Test(arguments: [
    #""standardization": "internal""#, #""standardization": "batch""#, #""mechanism_proportions": {"gpcde": 1}"#,
    #""mechanism_proportions": {"gp": 1}, "gp_mode": "exact""#,
  ])
  func calibrationRowsCountWhereTheyAreRead(options: String) throws {
    #expect(try fingerprint("{\(options)}") != fingerprint("{\(options), \"calibration_rows\": 100}"))
  }

  /// Of version 0.1, which wrote them under their former names.
  @Test func fieldsThatWereRenamedKeepTheirFingerprint() throws {
    #expect(
      try fingerprint(#"{"mechanism_proportions": {"gpcde": 1}, "gpcde_length_first": 1}"#)
        == "8bbcef25ce43ed79bdff627d97b9368f9de76a0ba7f0593ef6cfa139f6300a41")
    let config = try FamilyConfig(json: #"{"mechanism_proportions": {"gpcde": 1}, "gpcde_length_location": 1}"#)
    #expect(config.relevantMembers["gpcde_length_first"] == .number(1))
    #expect(config.relevantMembers["gpcde_length_location"] == nil)
    #expect(try FamilyConfig(json: config.canonicalJSON) == config)
  }

  @Test func aMixtureOfOneFamilyIsThatFamily() throws {
    let mixture = try FamilySpecification(json: #"{"mixture": [{"weight": 3, "family": {"n_nodes": 7}}]}"#)
    #expect(try mixture.fingerprint == fingerprint(#"{"n_nodes": 7}"#))
  }
}
