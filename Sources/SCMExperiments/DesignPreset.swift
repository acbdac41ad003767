public import SCMBase

/// A published design by name: the laws of its experiments. The families that they were published with are the user's choice.
public struct DesignPreset: Sendable {
  public let name: String
  /// The paper whose laws these are.
  public let source: String
  /// The options that differ from the defaults.
  public let members: [String: JSONValue]

  /// - Throws: `ConfigError` where there is none of the name.
  public init(named name: String) throws(ConfigError) {
    guard let found = Self.all.first(where: { $0.name == name }) else {
      throw ConfigError(
        path: "preset", value: "\"\(name)\"", reason: "must be one of " + Self.all.map(\.name).joined(separator: ", "))
    }
    self = found
  }

  private init(_ name: String, _ source: String, _ members: [String: JSONValue]) {
    self.name = name
    self.source = source
    self.members = members
  }

  public func design() throws(ConfigError) -> Design { try Design(members) }

  public static let all: [DesignPreset] = [
    DesignPreset(
      "avici-interventional",
      "Lorch, Sussex, Rothfuss, Krause, Schölkopf, \"Amortized inference for causal structure learning\", NeurIPS 2022: 150 rows and "
        + "50 under single-node interventions, each row's value of magnitude U(1, 3) with a random sign; 10 targets of 20 nodes.",
      [
        "n_samples": .integer(150),
        "interventions": .object([
          "n_samples": .integer(50), "regimes": .integer(10), "allocation": .string("balanced"), "kind": .string("do"),
          "values": .string("signed_uniform"), "value_min": .number(1), "value_max": .number(3),
          "values_per": .string("row"),
        ]),
      ]),
    DesignPreset(
      "tabcausal",
      "\"TabCausal: Pretraining across causal environments for tabular causal discovery\", arXiv 2605.31156, 2026: 100 rows and 100 under "
        + "single-node interventions, nodes as often as each other, values N(0, 2²).",
      [
        "n_samples": .integer(100),
        "interventions": .object([
          "n_samples": .integer(100), "regimes": .null, "allocation": .string("balanced"), "kind": .string("do"),
          "values": .string("normal"), "value_mean": .number(0), "value_deviation": .number(2),
          "values_per": .string("row"),
        ]),
      ]),
    DesignPreset("dcdi-perfect", dcdi + "perfect, known targets: N(2, 1) in each row.", dcdiDesign(stochastic)),
    DesignPreset(
      "dcdi-imperfect",
      dcdi
        + "imperfect: to the linear weights of the target a number of magnitude U(2, 5) with a random sign is added.",
      dcdiDesign([
        "kind": .string("coefficient"), "coefficient_min": .number(2), "coefficient_max": .number(5),
      ])),
    DesignPreset(
      "dcdi-unknown", dcdi + "perfect, unknown targets: N(2, 1) in each row, and targets are no input.",
      dcdiDesign(stochastic.merging(["known_targets": .bool(false)]) { $1 })),
    DesignPreset(
      "cauScale-synthetic",
      "Peng, Chen, Tian, Qiao, Lu, \"CauScale: neural causal discovery at scale\", ICML 2026, as its generator does it: 1000 rows, each node "
        + "once the target of a regime whose rows take U(-1, 1), regimes and the observational rows of one size; counted for 20 nodes. "
        + "Its rows stand in another order, observational ones last. For the family of this name.",
      [
        // 1000 rows over 21 regimes are 47, and what is over goes to regimes with a target.
        "n_samples": .integer(47),
        "interventions": .object([
          "n_samples": .integer(953), "regimes": .null, "allocation": .string("every_node"),
          "kind": .string("stochastic"), "values": .string("uniform"), "value_min": .number(-1),
          "value_max": .number(1),
          "values_per": .string("row"),
        ]),
      ]),
    DesignPreset(
      "dowhy-foundcause",
      "The generator of random SCMs in dowhy (dowhy/gcm/data_generator.py, 2026) censors a fifth of the nodes, 0.1 to 0.4 of whose values "
        + "are exactly 0, and FoundCause (arXiv 2606.17516) was trained on 100 to 600 rows, as its README says. Here what is censored is a "
        + "fifth of the columns of each task, all from below, values above the bound are not moved, and children read what was before. "
        + "Missing values and hidden confounders, whose laws are not public, are left out. For the family of this name.",
      [
        "n_samples": .integer(100), "n_samples_max": .integer(600),
        "observation": .object([
          "missing": .string("none"), "censored_share": .number(0.2), "censoring": .string("zero"),
          "censored_min": .number(0.1), "censored_max": .number(0.4),
        ]),
      ]),
    DesignPreset(
      "do-pfn",
      "Robertson, Reuter, Guo, Hollmann, Hutter, Schölkopf, \"Do-PFN: In-context learning for causal effect estimation\", 2025: a binary "
        + "treatment by a random observed value of its node, an outcome behind it, U(0, 0.3) of the variables dropped, "
        + "neither of these among them.",
      [
        "n_samples": .integer(1024), "query": .number(0.5),
        "hidden": .object(["share": .number(0), "share_max": .number(0.3)]),
        "effects": .object([
          "treatment_kind": .string("threshold"), "threshold_min": .number(0), "threshold_max": .number(1),
          "treatment": .string("with_descendant"), "outcome": .string("descendant"), "covariates": .string("all"),
          "assignment": .string("coin"),
        ]),
      ]),
    causalFM("standard", "back-door: covariates before the treatment, all of them seen", structure: "back_door"),
    causalFM("iv", "an instrument, and a confounder that nobody sees", structure: "instrument"),
    causalFM("frontdoor", "a mediator, and a confounder that nobody sees", structure: "front_door"),
  ]

  private static let dcdi =
    "Brouillard, Lachapelle, Lacoste, Lacoste-Julien, Drouin, \"Differentiable causal discovery from interventional data\", NeurIPS 2020: "
    + "one regime a node, 10,000 rows in all; "

  private static let stochastic: [String: JSONValue] = [
    "kind": .string("stochastic"), "values": .string("normal"), "value_mean": .number(2), "value_deviation": .number(1),
    "values_per": .string("row"),
  ]

  /// 10,000 rows shared out to ten nodes' regimes and the observational one; of another number of nodes the regimes share the same.
  private static func dcdiDesign(_ kind: [String: JSONValue]) -> [String: JSONValue] {
    [
      "n_samples": .integer(909),
      "interventions": .object(
        kind.merging(["n_samples": .integer(9091), "regimes": .null, "allocation": .string("every_node")]) { $1 }),
    ]
  }

  private static func causalFM(_ name: String, _ what: String, structure: String) -> DesignPreset {
    DesignPreset(
      "causalfm-\(name)",
      "Ma, Frauen, Javurek, Feuerriegel, \"Foundation models for causal inference via prior-data fitted networks\", 2025: \(what). "
        + "For a family with graph = \(structure).",
      [
        "n_samples": .integer(1024), "query": .number(0.5),
        "effects": .object([
          "treatment": .string("graph"), "treatment_kind": .string("probit"), "covariates": .string("pre_treatment"),
        ]),
      ])
  }

  /// A list of {name, source, config}.
  public static var list: JSONValue {
    .array(
      all.map {
        .object(["name": .string($0.name), "source": .string($0.source), "config": .object($0.members)])
      })
  }
}
