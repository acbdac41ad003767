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
  public var noiseKind = GaussianNoise.kind
  /// The law of the noise of nodes without parents; `nil` for that of all nodes.
  public var rootNoiseKind: String?
  public var standardization = Standardization.none
  public var roots = MixedMechanisms.RootPolicy.mechanism
  /// The deviation of nodes without parents that are noise alone.
  public var rootNoiseScale = 1.0
  /// See ``RangedMechanism``; 0 for functions as they are drawn.
  public var functionRange = 0.0
  /// Each node's value is one of these functions, drawn with equal probability, of what its mechanism gives.
  public var outers = [OuterFunction.identity]
  /// Which of them are cut into classes.
  public var discretized = DiscretizedNodes()
  /// How parents of more than two classes are read.
  public var classReading = ClassReading.oneHot
  /// Rows from which means and deviations are estimated, once per task, where no closed form is known.
  public var calibrationRows = 256
  /// What becomes of a task with a value that is not finite.
  public var divergence = Divergence.refuse
  /// The size of the noise of the mechanisms that have none of their own.
  public var noiseScale = NoiseScaleModel()
  public var noiseLaws: [any NoiseLaw] = NoiseLaws.all.map { $0.init() }
  public var graphModels: [any GraphModel] = GraphModels.all.map { $0.init() }
  public var mechanismModels: [any MechanismModel] = MechanismModels.all

  public init() {}

  /// - Throws: when a key is unknown, a value is of the wrong type or out of its range, or two of them contradict.
  public init(_ members: [String: JSONValue]) throws(ConfigError) {
    try read(members)
    try check()
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

  /// The chosen noise law.
  public func noise() throws(ConfigError) -> NoiseSource { try noise(noiseKind, "noise_type") }

  /// The law of nodes without parents, where they have one of their own.
  public func rootNoise() throws(ConfigError) -> NoiseSource? {
    guard let kind = rootNoiseKind else { return nil }
    return try noise(kind, "root_noise_type")
  }

  private func noise(_ kind: String, _ path: String) throws(ConfigError) -> NoiseSource {
    guard let law = noiseLaws.first(where: { type(of: $0).kind == kind }) else {
      throw ConfigError(
        path: path, value: kind, reason: "must be one of " + NoiseLaws.kinds.joined(separator: ", "))
    }
    return NoiseSource(law)
  }

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

  /// The same in the one way of several to say it, checked: one that was made in code may hold anything.
  func checked() throws(ConfigError) -> FamilyConfig {
    let found = normalized
    try found.checkFields()
    try found.check()
    return found
  }

  private func check() throws(ConfigError) {
    try ConfigError.checkRange("n_nodes", nodeCount, to: maxNodeCount)
    let model = try graphModel()
    for count in nodeCounts { try model.check(nodeCount: count) }
    let chosen = chosenMechanisms
    if chosen.contains(where: \.readsNoiseScale) { try noiseScale.check() }
    if discretized.share > 0 { try discretized.check() }
    if noiseScale.varies, let mlp = chosen.lazy.compactMap({ $0 as? MLPModel }).first, mlp.noisePlace == .scaledInput {
      throw ConfigError(
        path: "noise_scale_law", value: "\"\(noiseScale.law.rawValue)\"",
        reason: "must be one that gives a node one size, with mlp_noise = scaled_input")
    }
    for mechanism in chosen {
      try mechanism.check()
      try mechanism.checkMemory(nodeCount: nodeCounts.upperBound, calibrationRows: calibrationRows)
    }
  }

  /// The models of the mechanisms that a node may have.
  var chosenMechanisms: [any MechanismModel] {
    let proportions = normalizedProportions
    return mechanismModels.filter { proportions[$0.kind] != nil }
  }

  /// Whether tasks may be computed at calibration rows before they are sampled.
  var calibrates: Bool {
    standardization.mode.scales || functionRange > 0 || discretized.share > 0
      || chosenMechanisms.contains { $0.needsAnchors || $0.readsStandardizedParents }
  }

  /// Whether nodes may have other values than continuous ones.
  var mayBeDiscrete: Bool { discretized.share > 0 || chosenMechanisms.contains(where: \.mayBeDiscrete) }
}
