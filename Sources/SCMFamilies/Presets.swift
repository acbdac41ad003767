public import SCMBase

/// A family of a published paper, by name.
///
///     let family = try SCMFamily(FamilyConfig.preset("notears-linear"))
public struct FamilyPreset: Sendable {
  public let name: String
  /// The paper, and what of it is taken.
  public let source: String
  /// The fields that differ from the defaults, or a mixture of such. Node counts and densities are the papers' usual ones; change
  /// them freely.
  public let members: [String: JSONValue]

  public var isMixture: Bool { members["mixture"] != nil }

  public static let all = [
    notearsLinear, notearsMLP, iscm, aviciLinear, aviciRFF, aviciSCMv0, bcnpPaper, bcnpCode, dowhyFoundCause, cauScale,
    tabICL, tabICLv2,
  ]

  static let notearsLinear = FamilyPreset(
    name: "notears-linear",
    source:
      "Zheng, Aragam, Ravikumar, Xing, \"DAGs with NO TEARS\", NeurIPS 2018: exactly k·n edges, weights ±U(0.5, 2), "
      + "noise N(0, 1).",
    members: unitNoise.merging(notearsWeights) { $1 })

  static let notearsMLP = FamilyPreset(
    name: "notears-mlp",
    source:
      "Zheng, Dan, Aragam, Ravikumar, Xing, \"Learning sparse nonparametric DAGs\", AISTATS 2020: exactly k·n edges, one "
      + "hidden layer of 100 sigmoids, weights ±U(0.5, 2), additive noise N(0, 1).",
    members: unitNoise.merging([
      "graph": .string("fixed_edge_count"), "mechanism_proportions": .object(["mlp": .number(1)]),
      "mlp_hidden": .array([.integer(100)]), "mlp_activation": .string("sigmoid"), "mlp_init": .string("notears"),
      "mlp_noise": .string("additive"),
    ]) { $1 })

  static let iscm = FamilyPreset(
    name: "iscm",
    source:
      "Ormaniec, Sussex, Lorch, Schölkopf, Krause, \"Standardizing structural causal models\", ICLR 2025: weights "
      + "±U(0.5, 2), noise N(0, 1), each node standardised as it is computed.",
    members: unitNoise.merging(notearsWeights) { $1 }.merging([
      "graph": .string("erdos_renyi"), "standardization": .string("internal"),
    ]) { $1 })

  static let aviciLinear = FamilyPreset(
    name: "avici-linear",
    source:
      "Lorch, Sussex, Rothfuss, Krause, Schölkopf, \"Amortized inference for causal structure learning\", NeurIPS 2022: "
      + "weights ±U(1, 3), biases U(-3, 3), noise scales U(0.2, 2).",
    members: aviciNoise.merging([
      "linear_weights": .string("signed_uniform"), "linear_weight_min": .number(1), "linear_weight_max": .number(3),
      "linear_bias": .number(3),
    ]) { $1 })

  static let aviciRFF = FamilyPreset(
    name: "avici-rff",
    source:
      "Lorch, Sussex, Rothfuss, Krause, Schölkopf, \"Amortized inference for causal structure learning\", NeurIPS 2022: "
      + "RBF functions of 100 random features, length scales U(7, 10), output scales U(10, 20), biases U(-3, 3), noise scales "
      + "U(0.2, 2).",
    members: aviciNoise.merging([
      "mechanism_proportions": .object(["gp": .number(1)]), "gp_features": .integer(100),
      "gp_length_law": .string("uniform"), "gp_length_first": .number(7), "gp_length_second": .number(10),
      "gp_output_min": .number(10), "gp_output_max": .number(20), "gp_bias": .number(3),
    ]) { $1 })

  static let bcnpCode = FamilyPreset(
    name: "bcnp-code",
    source:
      "Dhir, Ashman, Requeima, van der Wilk, \"A meta-learning approach to Bayesian causal discovery\", ICLR 2025, as its "
      + "published generator does it: GPCDE with two γ-exponential kernels, γ ~ U(0.1, 1), length scales "
      + "LogNormal(-1, 1) within [0.1, 5], jitter 1e-4, the latent variable as mean, noise scales Gamma(1, rate 10) per row.",
    members: [
      "graph": .string("fixed_edge_count"), "mechanism_proportions": .object(["gpcde": .number(1)]),
      "gpcde_kernels": .array([.string("gamma_exponential"), .string("gamma_exponential")]),
      "gpcde_variance": .number(2), "gpcde_gamma_min": .number(0.1), "gpcde_gamma_max": .number(1),
      "gpcde_length_first": .number(-1), "gpcde_length_second": .number(1), "gpcde_length_min": .number(0.1),
      "gpcde_length_max": .number(5), "gpcde_jitter": .number(1e-4), "gpcde_mean_weight": .number(1),
      "gpcde_noise_scale_law": .string("gamma_per_row"), "gpcde_noise_scale": .number(0.1),
      "gpcde_noise_shape": .number(1),
    ])

  private static let notearsWeights: [String: JSONValue] = [
    "graph": .string("fixed_edge_count"), "linear_weights": .string("signed_uniform"),
    "linear_weight_min": .number(0.5), "linear_weight_max": .number(2),
  ]

  private static let unitNoise: [String: JSONValue] = [
    "noise_scale_law": .string("uniform"), "noise_scale_min": .number(1), "noise_scale_max": .number(1),
  ]

  private static let aviciNoise: [String: JSONValue] = [
    "noise_scale_law": .string("uniform"), "noise_scale_min": .number(0.2), "noise_scale_max": .number(2),
  ]
}

extension FamilyConfig {
  /// A published family; see ``FamilyPreset/all``.
  ///
  /// - Throws: when there is none of that name, or it is a mixture of several.
  public static func preset(_ name: String) throws(ConfigError) -> FamilyConfig {
    let preset = try FamilyPreset.named(name)
    guard !preset.isMixture else {
      throw ConfigError(path: "preset", value: name, reason: "must be a single family: read it by FamilySpecification")
    }
    return try FamilyConfig(preset.members)
  }
}

extension FamilySpecification {
  /// A published family or mixture of families; see ``FamilyPreset/all``.
  ///
  /// - Throws: when there is none of that name.
  public static func preset(_ name: String) throws(ConfigError) -> FamilySpecification {
    try FamilySpecification(FamilyPreset.named(name).members)
  }
}

extension FamilyPreset {
  static func named(_ name: String) throws(ConfigError) -> FamilyPreset {
    guard let preset = all.first(where: { $0.name == name }) else {
      throw ConfigError(
        path: "preset", value: name, reason: "must be one of " + all.map { $0.name }.joined(separator: ", "))
    }
    return preset
  }
}
