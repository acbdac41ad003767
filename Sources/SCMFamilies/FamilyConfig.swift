public import SCMBase
public import SCMGraphs
public import SCMMechanisms
public import SCMRandom

/// All that defines a family of SCMs, as it stands in a configuration file.
///
///     var config = FamilyConfig()
///     config.graphKind = "scale_free"
///     config.mechanismProportions = ["linear": 0.5, "mlp": 0.5]
///     let family = try SCMFamily(config)
///
/// Every graph and mechanism model keeps its options here, also those that are not chosen; only the chosen ones shape the
/// family, and only they enter its ``fingerprint``.
public struct FamilyConfig: Configurable, Sendable {
  public var nodeCount = 20
  /// Where given, the node count is drawn per task, uniformly from `nodeCount ... maxNodeCount`.
  public var maxNodeCount: Int?
  public var graphKind = ErdosRenyi.kind
  /// Expected edges per node.
  public var sparsity = 2.0
  /// `nil` stands for linear mechanisms only.
  public var mechanismProportions: [String: Double]?
  public var noiseLaw = NoiseLaw.gaussian
  public var degreesOfFreedom = 5.0
  public var standardization = Standardization.none
  public var roots = MixedMechanisms.RootPolicy.mechanism
  /// Rows from which means and deviations are estimated, once per task, where no closed form is known.
  public var calibrationRows = 256
  public var graphModels: [any GraphModel] = GraphModels.all.map { $0.init() }
  public var mechanismModels: [any MechanismModel] = MechanismModels.all.map { $0.init() }

  public init() {}

  /// - Throws: when a key is unknown, a value is of the wrong type or out of its range, or two of them contradict.
  public init(_ members: [String: JSONValue]) throws(ConfigError) {
    var reader = FieldReader(members)
    try visitFields(&reader)
    try reader.finish()
    try check()
  }

  public mutating func visitFields(_ visitor: inout some FieldVisitor) throws(ConfigError) {
    try visit(&visitor, isRelevant: { _ in true })
  }

  private static let calibration = "calibration"

  /// Whether tasks may be computed at calibration rows before they are sampled.
  private var calibrates: Bool {
    let proportions = normalizedProportions
    return standardization.mode.scales
      || mechanismModels.contains { model in
        proportions[type(of: model).kind] != nil && (model.isExact || model.readsStandardizedParents)
      }
  }

  /// - Parameter isRelevant: which graph and mechanism kinds, "student_t" and "calibration", to visit the options of.
  private mutating func visit(
    _ visitor: inout some FieldVisitor, isRelevant: (String) -> Bool
  ) throws(ConfigError) {
    try visitor.integer("n_nodes", &nodeCount, in: 1...2048, "Number of nodes, or the least of a range.")
    try visitor.optionalInteger(
      "n_nodes_max", &maxNodeCount, in: 1...2048,
      "Largest number of nodes, where it is drawn per task; null for n_nodes.")
    try visitor.name("graph", &graphKind, among: GraphModels.all.map { $0.kind }, "Kind of the random graph.")
    try visitor.number(
      "sparsity_param", &sparsity, in: .from(0, to: 1024), "Expected edges per node, for every graph kind.")
    try visitor.weights(
      "mechanism_proportions", &mechanismProportions, among: MechanismModels.kinds,
      "Probability of each mechanism kind at a node, up to a factor; null for linear only.")
    try visitor.choice("noise_type", &noiseLaw, "Law of the noise, with mean 0 and variance 1 before scaling.")
    if isRelevant(NoiseLaw.studentT.rawValue) {
      try visitor.number(
        "noise_degrees_of_freedom", &degreesOfFreedom, in: .above(2, to: 1e6), "Degrees of freedom of student_t noise.")
    }
    try visitor.choice(
      "standardization", &standardization, Standardization.summary)
    try visitor.choice(
      "root_policy", &roots, "Nodes without parents get a mechanism that reads noise only, or the noise itself.")
    if isRelevant(Self.calibration) {
      try visitor.integer(
        "calibration_rows", &calibrationRows, in: 16...65_536,
        "Rows that estimate means and deviations for standardisation, once per task, where no closed form is known, and at "
          + "which exact Gaussian processes are drawn.")
    }
    for index in graphModels.indices where isRelevant(type(of: graphModels[index]).kind) {
      try graphModels[index].visitFields(&visitor)
    }
    for index in mechanismModels.indices where isRelevant(type(of: mechanismModels[index]).kind) {
      try mechanismModels[index].visitFields(&visitor)
    }
  }

  /// Each kind with its share; the shares sum to 1.
  public var normalizedProportions: [String: Double] {
    let given = (mechanismProportions ?? [LinearModel.kind: 1]).filter { $0.value > 0 }
    let total = given.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    // Shares that miss 1 by rounding alone stay as they are, so that what is written reads back the same.
    return abs(total - 1) < 1e-12 ? given : given.mapValues { $0 / total }
  }

  /// The node counts that a task may have.
  public var nodeCounts: ClosedRange<Int> { nodeCount...max(nodeCount, maxNodeCount ?? nodeCount) }

  public var noise: NoiseSource { NoiseSource(noiseLaw, degreesOfFreedom: degreesOfFreedom) }

  /// The chosen graph model at the density that is asked.
  public func graphModel() throws(ConfigError) -> any GraphModel {
    guard var model = graphModels.first(where: { type(of: $0).kind == graphKind }) else {
      throw ConfigError(
        path: "graph", value: graphKind,
        reason: "must be one of " + GraphModels.all.map { $0.kind }.joined(separator: ", "))
    }
    model.edgesPerNode = sparsity
    return model
  }

  private func check() throws(ConfigError) {
    if let most = maxNodeCount, most < nodeCount {
      throw ConfigError(path: "n_nodes_max", value: "\(most)", reason: "must be at least n_nodes, \(nodeCount)")
    }
    let model = try graphModel()
    for count in nodeCounts { try model.check(nodeCount: count) }
    let proportions = normalizedProportions
    for mechanism in mechanismModels where proportions[type(of: mechanism).kind] != nil {
      try mechanism.check()
      try mechanism.checkMemory(nodeCount: nodeCounts.upperBound, calibrationRows: calibrationRows)
    }
  }
}

extension FamilyConfig {
  /// Every field that shapes the family's tasks, defaults spelled out; the options of kinds that are not chosen are left out.
  public var relevantMembers: [String: JSONValue] {
    var copy = self
    let proportions = normalizedProportions
    copy.mechanismProportions = proportions
    // A range of one count is that count.
    if copy.maxNodeCount == nodeCount { copy.maxNodeCount = nil }
    var writer = FieldWriter()
    // A writer never throws.
    try? copy.visit(&writer) { kind in
      kind == graphKind || proportions[kind] != nil || kind == noiseLaw.rawValue
        || kind == Self.calibration && calibrates
    }
    let newcomers = Set(mechanismModels.flatMap(\.newcomers))
    return writer.members.filter { !newcomers.contains($0.key) }
  }

  /// JSON Schema (draft 2020-12) of a configuration.
  public static var schema: JSONValue {
    var config = FamilyConfig()
    var writer = SchemaWriter()
    // A writer never throws.
    try? config.visitFields(&writer)
    return .object([
      "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
      "title": .string("FamilyConfig"), "type": .string("object"), "additionalProperties": .bool(false),
      "properties": .object(writer.properties),
    ])
  }
}

extension NoiseLaw: NamedChoice {}
