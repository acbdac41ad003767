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
      "do-pfn",
      "Robertson, Reuter, Guo, Hollmann, Hutter, Schölkopf, \"Do-PFN: In-context learning for causal effect estimation\", 2025: a binary "
        + "treatment by a random observed value of its node, an outcome behind it, U(0, 0.3) of the other variables dropped.",
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
