import SCMBase
import SCMFamilies
import SCMTestSupport
import Testing

/// Each bad input is one sentence with the field, the value and what would be right.
@Suite struct BadConfigurationTests {
  struct Case: Sendable {
    let json: String
    let path: String
    let value: String
    let reason: String

    init(_ json: String, _ path: String, _ value: String, _ reason: String) {
      self.json = json
      self.path = path
      self.value = value
      self.reason = reason
    }
  }

  static let cases = [
    Case(#"{"n_nodes": 0}"#, "n_nodes", "0", "from 1 to 2048"),
    Case(#"{"n_nodes": -1}"#, "n_nodes", "-1", "from 1 to 2048"),
    Case(#"{"n_nodes": 1000000}"#, "n_nodes", "1000000", "from 1 to 2048"),
    Case(#"{"n_nodes": 1e30}"#, "n_nodes", "1e+30", "an integer"),
    Case(#"{"n_nodes": 2.5}"#, "n_nodes", "2.5", "an integer"),
    Case(#"{"n_nodes": "20"}"#, "n_nodes", "\"20\"", "an integer"),
    Case(#"{"n_nodes": true}"#, "n_nodes", "true", "an integer"),
    Case(#"{"n_nodes": null}"#, "n_nodes", "null", "an integer"),
    Case(#"{"n_nodes": [20]}"#, "n_nodes", "[20]", "an integer"),
    Case(#"{"n_nodes": 9, "n_nodes_max": 8}"#, "n_nodes_max", "8", "at least n_nodes, 9"),
    Case(#"{"n_nodes_max": 4096}"#, "n_nodes_max", "4096", "from 1 to 2048"),
    Case(#"{"n_nodes": 5, "sparsity_param": 5}"#, "sparsity_param", "5.0", "from 0 to 2.0"),
    Case(#"{"n_nodes": 3, "n_nodes_max": 30, "sparsity_param": 2}"#, "sparsity_param", "2.0", "graphs of 3 nodes"),
    Case(#"{"sparsity_param": -0.5}"#, "sparsity_param", "-0.5", "from 0"),
    Case(#"{"sparsity_param": "NaN"}"#, "sparsity_param", "\"NaN\"", "a number"),
    Case(#"{"n_nodes": 20, "graph": "scale_free", "sparsity_param": 5.1}"#, "sparsity_param", "5.1", "from 0 to 5.0"),
    Case(#"{"graph": "erdos-renyi"}"#, "graph", "\"erdos-renyi\"", "did you mean erdos_renyi?"),
    Case(#"{"graph": "ER"}"#, "graph", "\"ER\"", "did you mean erdos_renyi?"),
    Case(#"{"graph": "barabasi_albert"}"#, "graph", "\"barabasi_albert\"", "did you mean scale_free?"),
    Case(#"{"graph": "SBM"}"#, "graph", "\"SBM\"", "did you mean stochastic_block?"),
    Case(#"{"graph": 3}"#, "graph", "3", "must be one of erdos_renyi, "),
    Case(
      #"{"mechanism_proportions": {"linear": 0, "mlp": 0}}"#, "mechanism_proportions", "{linear: 0, mlp: 0}",
      "positive, finite sum"),
    Case(#"{"mechanism_proportions": {}}"#, "mechanism_proportions", "{}", "positive, finite sum"),
    Case(
      #"{"mechanism_proportions": {"linear": 1, "mpl": 1}}"#, "a name in mechanism_proportions", "\"mpl\"",
      "did you mean mlp?"),
    Case(
      #"{"mechanism_proportions": {"linear": -1, "mlp": 2}}"#, "mechanism_proportions.linear", "-1",
      "a finite number >= 0"),
    Case(#"{"mechanism_proportions": {"linear": "x"}}"#, "mechanism_proportions.linear", "\"x\"", "a finite number"),
    Case(#"{"mechanism_proportions": ["linear"]}"#, "mechanism_proportions", "[\"linear\"]", "map names to weights"),
    Case(
      #"{"mechanism_proportions": {"linear": 1e308, "mlp": 1e308}}"#, "mechanism_proportions",
      "{linear: 1e+308, mlp: 1e+308}", "finite sum"),
    Case(#"{"noise_type": "normal"}"#, "noise_type", "\"normal\"", "must be one of gaussian, laplace"),
    Case(#"{"noise_type": "normal"}"#, "noise_type", "\"normal\"", "did you mean gaussian?"),
    Case(#"{"root_noise_type": 3}"#, "root_noise_type", "3", "must be one of gaussian, laplace"),
    Case(
      #"{"mechanism_proportions": {"mlp": 1}, "mlp_noise": "scaled_input", "noise_scale_law": "input"}"#,
      "noise_scale_law", "\"input\"", "gives a node one size"),
    Case(
      #"{"mechanism_proportions": {"GPCDE": 1}}"#, "a name in mechanism_proportions", "\"GPCDE\"", "did you mean gpcde?"
    ),
    Case(#"{"nNodes": 5}"#, "nNodes", "5", "did you mean n_nodes?"),
    Case(#"{"noise_degrees_of_freedom": 2}"#, "noise_degrees_of_freedom", "2", "above 2.0"),
    Case(
      #"{"standardization": "batches"}"#, "standardization", "\"batches\"",
      "must be one of none, inputs, internal, batch"),
    Case(#"{"root_policy": ""}"#, "root_policy", "\"\"", "must be one of mechanism, noise"),
    Case(
      #"{"n_nodes": 2048, "mechanism_proportions": {"mlp": 1}, "mlp_hidden": [1024, 1024]}"#, "mlp_hidden",
      "[1024, 1024]",
      "must have at most 131072 weights"),
    Case(#"{"calibration_rows": 8}"#, "calibration_rows", "8", "from 16 to 65536"),
    Case(#"{"mlp_hidden": []}"#, "mlp_hidden", "[]", "a list of 1 to 8 elements"),
    Case(#"{"mlp_hidden": [32, 0]}"#, "mlp_hidden[1]", "0", "from 1 to 1024"),
    Case(#"{"mlp_hidden": 32}"#, "mlp_hidden", "32", "a list"),
    Case(#"{"mlp_slope": 1.5}"#, "mlp_slope", "1.5", "from 0.0 to 1.0"),
    Case(#"{"gpcde_kernels": ["rbf", "matern"]}"#, "gpcde_kernels[1]", "\"matern\"", "did you mean matern"),
    Case(#"{"gpcde_features": 1}"#, "gpcde_features", "1", "from 2 to 65536"),
    Case(
      #"{"mechanism_proportions": {"gpcde": 1}, "gpcde_features": 3}"#, "gpcde_features", "3",
      "at least two for each of the 2 kernels"),
    Case(
      #"{"mechanism_proportions": {"gpcde": 1}, "gpcde_length_min": 6}"#, "gpcde_length_min", "6.0",
      "at most gpcde_length_max, 5.0"),
    Case(#"{"linear_weight_min": 3}"#, "linear_weight_min", "3.0", "at most linear_weight_max, 2.0"),
    Case(#"{"noise_variance_shape": 0}"#, "noise_variance_shape", "0", "above 0.0"),
    Case(
      #"{"graph": "stochastic_block", "stochastic_block_count": 21}"#, "stochastic_block_count", "21",
      "from 1 to the number of nodes, 20"),
    Case(#"{"n_node": 5}"#, "n_node", "5", "is not a field of this configuration (did you mean n_nodes?)"),
    Case(#"{"noise": 5}"#, "noise", "5", "is not a field of this configuration (did you mean noise_type?)"),
    Case(#"{"zzz": 5}"#, "zzz", "5", "is not a field of this configuration"),
    Case(#"{"noise_scale_min": 3}"#, "noise_scale_min", "3.0", "at most noise_scale_max, 2.0"),
    Case(#"{"graph": "uniform_dag"}"#, "sparsity_param", "2.0", "whose density can't be chosen"),
    Case(#"{"graph": "watts_strogatz", "sparsity_param": 9.5}"#, "sparsity_param", "9.5", "from 0 to 9.0"),
    Case("", "configuration", "0 bytes", "must be a JSON object"),
    Case("[1, 2]", "configuration", "[1, 2]", "must be a JSON object"),
    Case("null", "configuration", "null", "must be a JSON object"),
    Case(#"{"n_nodes": NaN}"#, "configuration", "16 bytes", "must be a JSON object"),
    Case(#"{"n_nodes": 5"#, "configuration", "13 bytes", "must be a JSON object"),
  ]

  @Test(arguments: cases)
  func isRefusedInOneSentence(_ bad: Case) throws {
    let error = try #require(throws: ConfigError.self) { try SCMFamily(json: bad.json) }
    #expect(error.path == bad.path)
    #expect(error.value.contains(bad.value), "\(error)")
    #expect(error.reason.contains(bad.reason), "\(error)")
    #expect(error.description == "\(error.path) = \(error.value): \(error.reason).")
    #expect(!error.description.contains("\n"))
  }

  @Test func longValuesAreCutInTheSentence() throws {
    let name = String(repeating: "x", count: 100_000)
    let error = try #require(throws: ConfigError.self) { try FamilyConfig(json: #"{"graph": "\#(name)"}"#) }
    #expect(error.description.count < 300)
  }

  @Test func deeplyNestedTextIsAnErrorAndNotAStackOverflow() {
    for depth in [100, 600, 100_000] {
      let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
      #expect(throws: ConfigError.self) { try FamilyConfig(json: #"{"n_nodes": \#(nested)}"#) }
    }
  }
}
