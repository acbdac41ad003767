package import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom

/// A small batch of whole tasks whose bits are kept in `Tests/Vectors/golden.json`.
package struct GoldenTask: Equatable, Sendable {
  package let config: [String: JSONValue]
  package let seeds: [UInt64]
  package let rows: Int
  package let draw: Int
  /// What is done to the tasks; the rows are then the design's.
  package var design: [String: JSONValue]?

  /// FNV-1a-64 over the batch: rows, adjacency (both Float32, little-endian), then the graphs' digests; of a design each array's name and
  /// bytes, in the order of the layout.
  package func bits(threads: Int) throws -> UInt64 {
    if let design { return try bits(of: Design(design), threads: threads) }
    var batch = TaskBatch(try SCMFamily(FamilySpecification(config)), taskCount: seeds.count, sampleCount: rows)
    try batch.fill(seeds: seeds, draw: UInt32(draw), threads: threads)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for value in batch.x + batch.adjacency {
      for shift in [0, 8, 16, 24] as [UInt32] { add(UInt8(truncatingIfNeeded: value.bitPattern >> shift)) }
    }
    batch.digests.forEach(add)
    return hash
  }

  private func bits(of design: Design, threads: Int) throws -> UInt64 {
    let data = try SCMFamily(FamilySpecification(config)).experiments(
      design, seeds: seeds, draw: UInt32(draw), threads: threads)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for name in data.names {
      for byte in Array(name.utf8) + (data.bytes(name) ?? []) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    return hash
  }

  /// The configuration as it stands in the file.
  package var name: String {
    JSONValue.object(config).text + (design.map { " under " + JSONValue.object($0).text } ?? "")
  }

  /// The same tasks, also where the file writes an option under a former name.
  package static func == (a: GoldenTask, b: GoldenTask) -> Bool {
    a.canonical == b.canonical && a.seeds == b.seeds && a.rows == b.rows && a.draw == b.draw
      && a.canonicalDesign == b.canonicalDesign
  }
}

extension GoldenTask {
  private var canonicalDesign: String? { design.map { (try? Design($0).canonicalJSON) ?? name } }

  private var canonical: String { (try? FamilySpecification(config).canonicalJSON) ?? name }

  /// Every graph kind with every mechanism, every mechanism in every mode, every noise law, every preset, and what else an
  /// option can change.
  package static var all: [GoldenTask] {
    var tasks: [GoldenTask] = []
    // Two seeds, one of which needs all 64 bits.
    func add(rows: Int = 270, draw: Int = 0, _ options: [String: JSONValue]) {
      let small: [String: JSONValue] = ["n_nodes": 7, "sparsity_param": 1.25]
      tasks.append(
        GoldenTask(
          config: small.merging(options) { $1 }, seeds: [7, 0xFEDC_BA98_7654_3210], rows: rows, draw: draw))
    }
    let (mlp, gp, gpcde) = ("mlp_hidden", "gp_features", "gpcde_features")
    let mixtures: [[String: JSONValue]] = [
      ["mechanism_proportions": ["linear": 1]],
      ["mechanism_proportions": ["mlp": 1], mlp: [5, 9]],
      ["mechanism_proportions": ["gpcde": 1], gpcde: 32],
      ["mechanism_proportions": ["gp": 1], gp: 32],
      ["mechanism_proportions": ["gp": 1, "gpcde": 1, "linear": 2, "mlp": 1], mlp: [3], gp: 16, gpcde: 16],
      ["mechanism_proportions": ["polynomial": 1]],
      ["mechanism_proportions": ["quadratic": 1]],
      ["mechanism_proportions": ["product": 1]],
      ["mechanism_proportions": ["log_space": 1]],
      ["mechanism_proportions": ["sigmoid_additive": 1]],
      ["mechanism_proportions": ["periodic": 1]],
      ["mechanism_proportions": ["logistic_map": 1]],
      ["mechanism_proportions": ["tree": 1], "calibration_rows": 40],
      ["mechanism_proportions": ["categorical": 1], "categorical_hidden": 6],
      ["mechanism_proportions": ["binary": 1], "binary_score": "linear"],
      ["mechanism_proportions": ["count": 1]],
      [
        "mechanism_proportions": ["categorical": 2, "binary": 1, "count": 1, "linear": 1, "mlp": 1], mlp: [3],
        "categorical_hidden": 6,
      ],
    ]
    // A ring of eleven nodes, each of which also causes the fourth after it.
    let edges = (0..<11).flatMap { [$0, ($0 + 1) % 11, $0, ($0 + 4) % 11] }
    let network: [String: JSONValue] = ["sparsity_param": 0, "subnetwork_edges": .array(edges.map(JSONValue.integer))]
    let modes = FamilyConfig.Standardization.allCases.map(\.rawValue)
    for (g, graph) in GraphModels.all.map({ $0.kind }).enumerated() {
      for (m, mixture) in mixtures.enumerated() {
        for mode in g == 0 ? modes : [modes[(g + m) % 3]] {
          var options: [String: JSONValue] = ["graph": .string(graph), "standardization": .string(mode)]
          // Whose density can't be chosen.
          if graph == "uniform_dag" { options["sparsity_param"] = 1.736 }
          if graph == "subnetwork" { options.merge(network) { $1 } }
          add(mixture.merging(options) { $1 })
        }
      }
    }
    for score in CategoricalModel.Score.allCases {
      add([
        "mechanism_proportions": ["categorical": 3, "binary": 1], "categorical_score": .string(score.rawValue),
        "binary_score": .string(score.rawValue), "binary_hidden": 5,
      ])
    }
    add([
      "mechanism_proportions": ["categorical": 1, "linear": 1, "gpcde": 1], gpcde: 16, "class_reading": "number",
      "categorical_classes_min": 2, "categorical_score": "linear",
    ])
    add(["mechanism_proportions": ["count": 1], "count_size": 2.5, "count_mean_max": 40])
    for mode in modes {
      add([
        "mechanism_proportions": ["linear": 1, "tree": 1], "discretized_proportion": 0.5, "calibration_rows": 50,
        "post_nonlinear": ["tanh"], "standardization": .string(mode),
      ])
    }
    for law in NoiseLaws.kinds { add(["noise_type": .string(law), "n_nodes": 4]) }
    add(["noise_type": "student_t", "noise_degrees_of_freedom": 3, "standardization": "internal"])
    for law in NoiseScaleModel.Law.allCases {
      add(["noise_scale_law": .string(law.rawValue), "noise_variance_scale": 0.7, "standardization": "inputs"])
    }
    add(["linear_weights": "signed_uniform", "linear_weight_min": 0.25, "n_nodes": 5, "sparsity_param": 2])
    add(["linear_weight_scale": 0.5, "linear_bias": 3, "noise_variance_shape": 0.5])
    add(["linear_weight_floor": 1.5])
    add(rows: 40, ["mechanism_proportions": ["mlp": 1], mlp: [32, 32]])
    add(["mechanism_proportions": ["mlp": 1], mlp: [3], "mlp_init": "torch", "mlp_slope": 0])
    add(["mechanism_proportions": ["mlp": 1], mlp: [2, 3, 4, 5], "mlp_init": "n01"])
    for kernel in SpectralKernel.allCases {
      add(
        rows: 40,
        ["mechanism_proportions": ["gpcde": 1], gpcde: 64, "n_nodes": 4, "gpcde_kernels": [.string(kernel.rawValue)]])
    }
    // Frequencies so high that some become a nugget, and some need exact products.
    add(
      rows: 40,
      [
        "mechanism_proportions": ["gpcde": 1], gpcde: 64, "n_nodes": 4, "gpcde_kernels": ["gamma_exponential"],
        "gpcde_gamma_min": 0.2, "gpcde_gamma_max": 0.6, "gpcde_noise_scale_law": "gamma_per_row",
      ])
    add(rows: 20, ["mechanism_proportions": ["gpcde": 1], gpcde: 512, "n_nodes": 4, "calibration_rows": 16])
    // Exact processes, anchored at the data or at rows of their own; rows beyond the anchors are conditioned on them.
    for mode in modes {
      let exact: JSONValue = "exact"
      add(
        rows: 50,
        [
          "mechanism_proportions": ["gp": 1, "gpcde": 1], "gp_mode": exact, "gpcde_mode": exact, "calibration_rows": 37,
          "standardization": .string(mode), "n_nodes": 5,
        ])
    }
    for kernel in SpectralKernel.allCases {
      add(
        rows: 40,
        [
          "mechanism_proportions": ["gp": 1], "gp_mode": "exact", "gp_kernels": [.string(kernel.rawValue)],
          "calibration_rows": 33, "n_nodes": 4,
        ])
    }
    add(
      rows: 40,
      [
        "mechanism_proportions": ["gp": 1, "gpcde": 1], gp: 8, gpcde: 8, "gp_parent_weight": 0.5,
        "gpcde_parent_weight": -1, "gp_length_law": "gamma", "gp_length_first": 2, "gpcde_length_law": "gamma",
        "gpcde_length_location": 1,
      ])
    for activation in Activation.allCases {
      add([
        "mechanism_proportions": ["mlp": 1], mlp: [5], "mlp_activation": .string(activation.rawValue),
        "mlp_noise": "additive", "mlp_init": "notears", "noise_scale_law": "input",
      ])
    }
    for outer in OuterFunction.allCases {
      add(["mechanism_proportions": ["gp": 1], gp: 8, "n_nodes": 4, "gp_outer": .string(outer.rawValue)])
    }
    for outer in OuterFunction.allCases where outer != .identity {
      let outers: JSONValue = ["identity", .string(outer.rawValue)]
      add(["mechanism_proportions": ["linear": 1, "mlp": 1], mlp: [3], "post_nonlinear": outers])
    }
    func addOnly(_ kind: String, _ options: [String: JSONValue]) {
      add(options.merging(["mechanism_proportions": [kind: 1]]) { $1 })
    }
    addOnly("polynomial", ["polynomial_degree": 4, "polynomial_weight_scale": 0.3])
    addOnly("quadratic", ["quadratic_density": 1, "noise_scale_law": "input"])
    addOnly("product", ["product_offset": 0, "product_weight_max": 2])
    addOnly("log_space", ["log_space_offset": 0, "log_space_weight_scale": 0.2])
    addOnly("sigmoid_additive", ["sigmoid_additive_shift": 0, "sigmoid_additive_slope_max": 9])
    addOnly("periodic", ["periodic_frequency_max": 100, "noise_scale_law": "gamma_scale_per_row"])
    addOnly("logistic_map", ["logistic_map_steps": 5, "logistic_map_rate_min": 3.9])
    addOnly("tree", ["tree_count": 9, "tree_depth": 7, "standardization": "batch"])
    addOnly("tree", ["tree_count": 1, "tree_depth": 1, "post_nonlinear": ["tanh"]])
    add(["noise_type": "gaussian_mixture", "noise_mixture_components": 3, "noise_mixture_spread": 2])
    add(["mechanism_proportions": ["gpcde": 1, "mlp": 1], mlp: [3], gpcde: 8, "root_policy": "noise"])
    for law in ["gaussian_mixture", "student_t"] as [JSONValue] {
      add(["root_noise_type": law, "root_policy": "noise", "root_noise_scale": 0.3, "standardization": "internal"])
      add(["root_noise_type": law, "noise_degrees_of_freedom": 9, "mechanism_proportions": ["tree": 1]])
    }
    for mode in modes {
      add([
        "mechanism_proportions": ["linear": 1, "mlp": 1], mlp: [3], "mlp_noise": "additive", "function_range": 2,
        "calibration_rows": 40, "standardization": .string(mode),
      ])
    }
    add([
      "mechanism_proportions": ["mlp": 1], mlp: [5, 3], "mlp_noise": "scaled_input", "noise_scale_law": "uniform",
      "mlp_init": "spectral", "mlp_activation": "tanh", "mlp_bias_law": "uniform", "mlp_bias_scale": 1,
      "function_range": 1, "calibration_rows": 40,
    ])
    addOnly("mlp", [mlp: [4, 4], "mlp_init": "n01", "mlp_bias_law": "fan_in"])
    add(["mechanism_proportions": ["mlp": 1], mlp: [3], "calibration_rows": 300, "standardization": "internal"])
    for orientation in ["in", "random"] {
      add(["graph": "scale_free", "scale_free_orientation": .string(orientation), "sparsity_param": 1])
    }
    add(["graph": "stochastic_block", "stochastic_block_count": 3, "stochastic_block_ratio": 0, "sparsity_param": 0.7])
    add(["n_nodes": 3, "n_nodes_max": 9, "sparsity_param": 1])
    add(["n_nodes": 1, "sparsity_param": 0])
    add(rows: 20, ["n_nodes": 70, "sparsity_param": 2, "standardization": "internal"])
    add(draw: 3, [:])
    for preset in FamilyPreset.all where !preset.isMixture {
      add(rows: 20, preset.members.merging(["n_nodes": 4]) { $1 })
    }
    tasks.append(
      GoldenTask(
        config: [
          "mixture": [
            ["weight": 2, "family": ["n_nodes": 4, "sparsity_param": 1]],
            ["weight": 1, "family": ["n_nodes": 6, "mechanism_proportions": ["mlp": 1], "mlp_hidden": [3]]],
          ]
        ], seeds: [1, 2, 3, 4], rows: 30, draw: 0))
    // Known networks, one with tables and one with linear-Gaussian laws.
    let tables: JSONValue = [
      ["name": "a", "states": ["x", "y", "z"], "probabilities": [0.2, 0.3, 0.5]],
      ["name": "b", "states": ["x", "y"], "parents": ["a"], "probabilities": [0.1, 0.9, 0.5, 0.5, 1, 0]],
    ]
    let lines: JSONValue = [
      ["name": "a", "parents": ["b"], "intercept": 1, "coefficients": [0.5], "variance": 2],
      ["name": "b", "variance": 1],
    ]
    tasks.append(
      GoldenTask(
        config: [
          "mixture": [
            ["family": ["network": ["variables": tables]]], ["family": ["network": ["variables": lines]]],
          ]
        ], seeds: [1, 2, 3, 4], rows: 30, draw: 0))
    return tasks + experiments
  }
}
