public import SCMBase
import SCMGraphs
import SCMMechanisms
import SCMRandom

// The options of a family: its own, and those of every graph and mechanism model, each relevant where its model is chosen.
extension FamilyConfig {
  public var fields: [Field<FamilyConfig>] { Self.fields }

  static let fields: [Field<FamilyConfig>] =
    own + NoiseLaws.all.flatMap { fields(of: $0.init()) }
    + NoiseScaleModel().fields.map { field in
      field.of(\.noiseScale).when { config in config.chosenMechanisms.contains(where: \.readsNoiseScale) }
    } + GraphModels.all.flatMap { fields(of: $0.init()) } + MechanismModels.all.flatMap { fields(of: $0) }

  private static let own: [Field<FamilyConfig>] =
    [
      .integer("n_nodes", \.nodeCount, in: Limits.nodes, "Number of nodes, or the least of a range."),
      .optionalInteger(
        "n_nodes_max", \.maxNodeCount, in: Limits.nodes,
        "Largest number of nodes, where it is drawn per task; null for n_nodes."),
      .name("graph", \.graphKind, among: GraphModels.all.map { $0.kind }, "Kind of the random graph."),
      .number(
        "sparsity_param", \.sparsity, in: .from(0, to: 1024),
        "Expected edges per node, for every graph kind; never more than (n - 1) / 2, one for each pair."),
      .weights(
        "mechanism_proportions", \.mechanismProportions, among: MechanismModels.kinds,
        "Probability of each mechanism kind at a node, up to a factor; null for linear only."),
      .name(
        "noise_type", \.noiseKind, among: NoiseLaws.kinds,
        "Law of the noise, with mean 0 and variance 1 before scaling; cauchy, which has neither, has median 0 and scale 1."
      ),
      .choice("standardization", \.standardization, Standardization.summary),
      .choice(
        "root_policy", \.roots, "Nodes without parents get a mechanism that reads noise only, or the noise itself."),
      // Older fingerprints know nothing of it, and are those of families without.
      Field<FamilyConfig>.choices(
        "post_nonlinear", \.outers, count: 1...OuterFunction.allCases.count,
        "Strictly increasing functions, of which each node applies one, drawn with equal probability, to the continuous value that its "
          + "mechanism of any kind gives: identity, tanh, sigmoid, cube or leaky_relu."
      ).when { $0.outers != [.identity] },
      // As above.
      Field<FamilyConfig>.optionalName(
        "root_noise_type", \.rootNoiseKind, among: NoiseLaws.kinds,
        "Law of the noise of nodes without parents, with the same options as noise_type; null for that of all nodes."
      ).when { $0.rootNoiseKind != nil },
      Field<FamilyConfig>.number(
        "root_noise_scale", \.rootNoiseScale, in: .from(0, to: 1e6),
        "Standard deviation of nodes without parents under root_policy = noise."
      ).when { $0.roots == .noise && $0.rootNoiseScale != 1 },
      Field<FamilyConfig>.number(
        "function_range", \.functionRange, in: .from(0, to: 1e6),
        "The 1 % and 99 % quantiles of what a linear or mlp mechanism makes of its parents, and of noise that is one of its inputs, at the "
          + "calibration rows are mapped to minus and plus this, before noise is added to it; nodes without parents, and 0, have functions "
          + "as they are drawn."
      ).when { $0.functionRange != 0 },
    ] + DiscretizedNodes().fields.map { $0.of(\.discretized) } + [
      Field<FamilyConfig>.choice(
        "class_reading", \.classReading,
        "How mechanisms read a parent of more than two classes: one_hot (a column for each class) or number (the class's number)."
      ).when(\.mayBeDiscrete),
      .integer(
        "calibration_rows", \.calibrationRows, in: 16...65_536,
        "Rows that estimate means and deviations for standardisation, once per task, where no closed form is known, and the quantiles "
          + "of function_range and of nodes that are cut, and at which exact Gaussian processes are drawn."
      ).when(\.calibrates),
      // As post_nonlinear, of families that refuse.
      Field<FamilyConfig>.choice("divergence", \.divergence, Divergence.summary).when { $0.divergence != .refuse },
    ]

  private static func fields<Law: NoiseLaw>(of law: Law) -> [Field<FamilyConfig>] {
    Law.parameters.map { parameter in
      let field: Field<Law> =
        switch parameter.place {
        case .number(let place, let above, let most):
          .number(parameter.name, place, in: .above(above, to: most), parameter.summary)
        case .count(let place, let range): .integer(parameter.name, place, in: range, parameter.summary)
        }
      return field.of { config in
        config.noiseLaws.lazy.compactMap { $0 as? Law }.first ?? law
      } set: { config, law in
        config.noiseLaws = config.noiseLaws.map { $0 is Law ? law : $0 }
      }
      .when { $0.noiseKind == Law.kind || $0.rootNoiseKind == Law.kind }
    }
  }

  private static func fields<Model: GraphModel>(of model: Model) -> [Field<FamilyConfig>] {
    model.fields.map { field in
      field.of { config in
        config.graphModels.lazy.compactMap { $0 as? Model }.first ?? model
      } set: { config, model in
        config.graphModels = config.graphModels.map { $0 is Model ? model : $0 }
      }
      .when { $0.graphKind == Model.kind }
    }
  }

  private static func fields<Model: MechanismModel>(of model: Model) -> [Field<FamilyConfig>] {
    let kind = model.kind
    return model.fields.map { field in
      field.of { config in
        config.mechanismModels.first { $0.kind == kind } as? Model ?? model
      } set: { config, model in
        config.mechanismModels = config.mechanismModels.map { $0.kind == kind ? model : $0 }
      }
      .when { $0.normalizedProportions[kind] != nil }
    }
  }
}

extension FamilyConfig {
  /// Every field that shapes the family's tasks, defaults spelled out; the options of kinds that are not chosen are left out.
  public var relevantMembers: [String: JSONValue] { normalized.relevantMembers(former: false) }

  /// As ``relevantMembers``, under the names that fields had first: what fingerprints are made of.
  var canonicalMembers: [String: JSONValue] { normalized.relevantMembers(former: true) }

  /// The configuration in the one way of several to say the same.
  var normalized: FamilyConfig {
    var copy = self
    copy.mechanismProportions = normalizedProportions
    // A range of one count is that count.
    if copy.maxNodeCount == nodeCount { copy.maxNodeCount = nil }
    return copy
  }

  /// JSON Schema (draft 2020-12) of a configuration. Its `x-` members are what other languages' strategies and pages are written
  /// from: the order of the fields, their former names, and the strategies with the fields that are theirs.
  public static var schema: JSONValue {
    let former = fields.compactMap { field in field.formerName.map { ($0, JSONValue.string(field.name)) } }
    return .object([
      "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
      "title": .string("FamilyConfig"), "type": .string("object"), "additionalProperties": .bool(false),
      "properties": .object(FamilyConfig().properties),
      "x-order": .array(fields.map { .string($0.name) }),
      "x-former": .object(Dictionary(uniqueKeysWithValues: former)),
      "x-graphs": .array(GraphModels.all.map { description(of: $0) }),
      "x-mechanisms": .array(
        MechanismModels.all.map {
          .object(["kind": .string($0.kind), "fields": .array($0.fieldNames.map(JSONValue.string))])
        }),
    ])
  }

  private static func description<Model: GraphModel>(of model: Model.Type) -> JSONValue {
    .object([
      "kind": .string(model.kind), "name": .string("\(model)"), "description": .string(model.summary),
      "fields": .array(model.init().fieldNames.map(JSONValue.string)),
    ])
  }
}
