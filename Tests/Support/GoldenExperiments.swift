import SCMBase
import SCMExperiments
import SCMFamilies

extension GoldenTask {
  /// Every kind of intervention with every mechanism, every part of a design and every preset.
  static var experiments: [GoldenTask] {
    var tasks: [GoldenTask] = []
    func add(_ config: [String: JSONValue], _ design: [String: JSONValue]) {
      let small: [String: JSONValue] = [
        "n_nodes": 7, "sparsity_param": 1.25, "mlp_hidden": [5], "gp_features": 16, "gpcde_features": 16,
        "mechanism_proportions": ["linear": 2, "mlp": 1, "gp": 1, "gpcde": 1],
      ]
      tasks.append(
        GoldenTask(
          config: small.merging(config) { $1 }, seeds: [7, 0xFEDC_BA98_7654_3210], rows: 0, draw: 0,
          design: ["n_samples": 300].merging(design) { $1 }))
    }
    func add(_ design: [String: JSONValue]) { add([:], design) }
    let modes = FamilyConfig.Standardization.allCases.map(\.rawValue)
    func under(_ options: [String: JSONValue]) -> [String: JSONValue] {
      ["interventions": .object(["n_samples": 230, "regimes": 5].merging(options) { $1 })]
    }
    for (index, kind) in Interventions.Kind.allCases.enumerated() {
      let config: [String: JSONValue] = ["standardization": .string(modes[index % 4])]
      let linear: [String: JSONValue] = kind == .coefficient ? ["mechanism_proportions": ["linear": 1]] : [:]
      add(config.merging(linear) { $1 }, under(["kind": .string(kind.rawValue)]))
      add(
        config.merging(linear) { $1 },
        under(["kind": .string(kind.rawValue), "noise": "shared", "targets": 2, "targets_max": 4, "order": "shuffled"]))
    }
    let mixed: [String: JSONValue] = [
      "mechanism_proportions": ["categorical": 2, "binary": 1, "count": 1, "linear": 2], "categorical_hidden": 6,
      "calibration_rows": 60,
    ]
    for kind in ["do", "mechanism", "edge_removal"] as [JSONValue] {
      add(
        mixed,
        under(["kind": kind, "targets": 2, "noise": "shared"]).merging(["hidden": [:], "outputs": ["truth_noise"]]) {
          $1
        })
    }
    add(mixed, ["query": 60, "counterfactuals": [:], "interventions": ["n_samples": 80, "values": "marginal"]])
    add(mixed, ["query": 60, "effects": ["mu_draws": 3, "population_rows": 40]])
    for law in InterventionValues.Law.allCases {
      add(under(["values": .string(law.rawValue), "values_per": "regime", "order": "interleaved"]))
      add(["standardization": "batch"], under(["values": .string(law.rawValue), "allocation": "uniform"]))
    }
    add(
      under(["values_scaled": .bool(true), "regimes": .null, "allocation": "every_node", "known_targets": .bool(false)])
    )
    add(
      ["n_nodes_max": 11],
      under(["regimes_max": 9]).merging([
        "n_samples_max": 420, "n_samples_law": "log_uniform", "query": 0.25, "counterfactuals": [:],
        "knowledge": ["kind": "ancestors"],
        "hidden": ["share": 0, "share_max": 0.4], "outputs": ["ancestors", "order", "mag", "truth_noise"],
      ]) { $1 })
    add(["hidden": ["count": 1, "count_max": 2, "which": "confounders", "scarcity": "redraw"], "outputs": ["mag"]])
    add(
      under([:]).merging(["n_samples_max": 420, "n_samples_per": "per_batch", "knowledge": [:], "outputs": ["cpdag"]]) {
        $1
      })
    for kind in Effects.TreatmentKind.allCases {
      let assignment: JSONValue = kind == .logistic ? "coin" : "observed"
      add(
        ["standardization": "internal"],
        [
          "query": 60,
          "effects": [
            "treatment_kind": .string(kind.rawValue), "assignment": assignment, "mu_draws": 3, "population_rows": 40,
          ],
        ])
    }
    add([
      "query": 0.5, "hidden": [:],
      "effects": ["treatment": "root", "covariates": "all", "mu_draws": 3, "population_rows": 40],
    ])
    for graph in ["back_door", "instrument", "front_door", "hidden_confounder"] as [JSONValue] {
      add(
        ["graph": graph],
        [
          "query": 0.5,
          "effects": ["treatment": "graph", "treatment_kind": "probit", "mu_draws": 3, "population_rows": 40],
        ])
    }
    for kind in Observation.Missingness.allCases {
      for config in [["mechanism_proportions": ["linear": 1]], ["standardization": "internal"]] as [[String: JSONValue]]
      {
        add(
          config,
          under(["order": "interleaved"]).merging([
            "observation": [
              "missing": .string(kind.rawValue), "missing_share": 0.6, "missing_causes": 2, "missing_value": "nan",
              "error_share": 0.3, "censored_share": 0.3, "rounded_share": 0.3,
              "censoring": .string(Observation.Censoring.allCases[Int(kind.rawValue.utf8.count) % 3].rawValue),
            ], "outputs": ["complete"],
          ]) { $1 })
      }
    }
    add(under([:]).merging(["selection": ["kept": 0.3, "causes": 2], "outputs": ["truth_noise"]]) { $1 })
    for preset in DesignPreset.all where preset.members["effects"]?["treatment"] != "graph" {
      // The rows of a preset would be many.
      var members = preset.members
      if case .object(var interventions)? = members["interventions"] {
        interventions["n_samples"] = 40
        members["interventions"] = .object(interventions)
      }
      add(["mechanism_proportions": ["linear": 1]], members.merging(["n_samples": 50]) { $1 })
    }
    // Rows and rows that are asked about, of other numbers in each task.
    add(["n_samples_max": 420, "query": 0.25, "effects": ["mu_draws": 3, "population_rows": 40]])
    return tasks
  }
}
