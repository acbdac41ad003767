public import SCMBase

/// What is done to some of the rows: regimes, each with its targets, and rows under each.
///
/// Regime 0 is the SCM as it is; regime e from 1 changes its targets. `adjacency` is the graph before any intervention.
///
/// Source of the kinds: Eberhardt, Scheines, "Interventions and causal inference", Philosophy of Science 74 (2007).
public struct Interventions: Configurable {
  /// What happens to a target xⱼ = fⱼ(parents, εⱼ).
  public enum Kind: String, NamedChoice {
    /// xⱼ is held at a value; its incoming edges are cut.
    case `do`
    /// xⱼ is drawn afresh in each row; its incoming edges are cut.
    case stochastic
    /// A value is added to xⱼ.
    case shift
    /// The noise εⱼ is multiplied.
    case noiseScale = "noise_scale"
    /// Another mechanism of the family reads the same parents.
    case mechanism
    /// The weights of a linear mechanism are moved.
    case coefficient
    /// Some parents are replaced by draws from their own marginal law; the mechanism stays.
    case edgeRemoval = "edge_removal"

    /// Whether a target takes values of the design's law.
    var hasValues: Bool {
      switch self {
      case .do, .stochastic, .shift: true
      case .noiseScale, .mechanism, .coefficient, .edgeRemoval: false
      }
    }

    /// Whether a target no longer listens to its parents.
    var cutsEdges: Bool { self == .do || self == .stochastic }

    /// Whether a target that was held before no longer is: one that is held has neither noise nor parents.
    var freesHeld: Bool {
      switch self {
      case .do, .stochastic, .shift, .mechanism: true
      case .noiseScale, .coefficient, .edgeRemoval: false
      }
    }
  }

  /// How nodes are shared out to regimes.
  public enum Allocation: String, NamedChoice {
    /// Each regime's targets are uniform, without replacement within the regime.
    case uniform
    /// Over all regimes each node is a target as often as any other, but for one time.
    case balanced
    /// Each node is a target of exactly one regime.
    case everyNode = "every_node"
  }

  /// In what order rows of different regimes stand.
  public enum RowOrder: String, NamedChoice {
    case byRegime = "by_regime"
    /// One row of each regime in turn, as long as it has rows.
    case interleaved
    case shuffled
  }

  /// Which noise interventional rows have.
  public enum NoiseRows: String, NamedChoice {
    /// Their row numbers go on after the observational rows.
    case fresh
    /// Row k of each regime has the noise of observational row k.
    case shared
  }

  public var sampleCount = 100
  public var regimes: Int? = 10
  public var maxRegimes: Int?
  public var targets = 1
  public var maxTargets: Int?
  public var allocation = Allocation.balanced
  public var kind = Kind.do
  public var values = InterventionValues()
  public var factorMin = 2.0
  public var factorMax = 5.0
  public var coefficientMin = 2.0
  public var coefficientMax = 5.0
  public var removal = 0.5
  public var noise = NoiseRows.fresh
  public var order = RowOrder.byRegime
  public var areTargetsKnown = true

  public init() {}

  public var fields: [Field<Self>] {
    [
      .integer("n_samples", \.sampleCount, in: 1...(1 << 24), "Rows under interventions, shared out to the regimes."),
      .optionalInteger(
        "regimes", \.regimes, in: 1...4096, "Number of regimes, or the least of a range; null for one a node."),
      Field.optionalInteger(
        "regimes_max", \.maxRegimes, in: 1...4096,
        "Largest number of regimes, where it is drawn per task; null for regimes."
      ).when { $0.regimes != nil },
      Field.integer("targets", \.targets, in: Limits.nodes, "Targets of a regime, or the least of a range.")
        .when { $0.allocation != .everyNode },
      Field.optionalInteger(
        "targets_max", \.maxTargets, in: Limits.nodes,
        "Largest number of targets, where it is drawn per regime; null for targets."
      ).when { $0.allocation != .everyNode },
      .choice(
        "allocation", \.allocation,
        "How nodes become targets: uniform in each regime; balanced, each as often as any other but for one time; or every_node, "
          + "each in exactly one regime."),
      .choice(
        "kind", \.kind,
        "What happens to a target: do (held at a value), stochastic (a value afresh in each row), shift (a value is added), "
          + "noise_scale (its noise is multiplied), mechanism (another one of the family), coefficient (linear weights are moved) or "
          + "edge_removal (parents are replaced by draws of their own)."),
    ] + values.fields.map { $0.of(\.values).when(\.kind.hasValues) } + [
      Field.number(
        "factor_min", \.factorMin, in: .from(0, to: 1e6), "Least factor of the noise, uniform for each target."
      )
      .when { $0.kind == .noiseScale },
      Field.number("factor_max", \.factorMax, in: .from(0, to: 1e6), "Largest factor of the noise.")
        .when { $0.kind == .noiseScale },
      Field.number(
        "coefficient_min", \.coefficientMin, in: .from(0, to: 1e6),
        "Least magnitude of what is added to a linear weight, of either sign."
      ).when { $0.kind == .coefficient },
      Field.number(
        "coefficient_max", \.coefficientMax, in: .from(0, to: 1e6),
        "Largest magnitude of what is added to a linear weight."
      ).when { $0.kind == .coefficient },
      Field.number(
        "removal", \.removal, in: .above(0, to: 1),
        "Probability that a parent of a target is removed; one is in any case, where the target has parents."
      ).when { $0.kind == .edgeRemoval },
      .choice(
        "noise", \.noise,
        "Noise of the rows under interventions: fresh, or shared: row k of each regime has that of observational row k."
      ),
      .choice("order", \.order, "Order of the rows: by_regime, interleaved (one of each regime in turn) or shuffled."),
      .flag(
        "known_targets", \.areTargetsKnown,
        "Whether targets are input; where not, they are named truth_targets, truth_intervened and truth_values."),
    ]
  }

  func check() throws(ConfigError) {
    try ConfigError.checkRange("regimes", regimes ?? 1, to: maxRegimes)
    if regimes == nil, let most = maxRegimes {
      throw ConfigError(
        path: "regimes_max", value: "\(most)", reason: "must stand beside regimes, the least number; null is one a node"
      )
    }
    try ConfigError.checkRange("targets", targets, to: maxTargets)
    if let most = regimes.map({ max($0, maxRegimes ?? $0) }), most > sampleCount {
      throw ConfigError(
        path: maxRegimes == nil ? "regimes" : "regimes_max", value: "\(most)",
        reason: "must be at most n_samples, \(sampleCount), so that each regime has a row")
    }
    if allocation == .everyNode, targets != 1 || maxTargets != nil {
      throw ConfigError(
        path: "targets", value: "\(maxTargets ?? targets)",
        reason: "must be left out with allocation = every_node, where the numbers of nodes and regimes decide")
    }
    if kind == .stochastic, values.per == .regime {
      throw ConfigError(
        path: "values_per", value: "\"regime\"",
        reason: "must be \"row\" with kind = stochastic; a value for a whole regime is kind = do")
    }
    try ConfigError.checkBounds("factor", factorMin, factorMax)
    try ConfigError.checkBounds("coefficient", coefficientMin, coefficientMax)
    try values.check()
  }

  func check(nodeCounts: ClosedRange<Int>) throws(ConfigError) {
    let (least, most) = (nodeCounts.lowerBound, nodeCounts.upperBound)
    let widest = max(targets, maxTargets ?? targets)
    if widest > least, allocation != .everyNode {
      throw ConfigError(
        path: maxTargets == nil ? "targets" : "targets_max", value: "\(widest)",
        reason: "must be at most n_nodes, \(least): a regime has no more targets than there are nodes")
    }
    if regimes == nil, most > sampleCount {
      throw ConfigError(
        path: "regimes", value: "null",
        reason: "must be a number, or n_samples at least \(most): one regime a node, with a row each")
    }
    if allocation == .everyNode, let regimes, max(regimes, maxRegimes ?? regimes) > least {
      throw ConfigError(
        path: "regimes", value: "\(max(regimes, maxRegimes ?? regimes))",
        reason: "must be at most n_nodes, \(least), with allocation = every_node, so that each regime has a target")
    }
  }

  /// The most regimes of a task, the observational one not counted.
  func mostRegimes(nodeCount: Int) -> Int { regimes.map { max($0, maxRegimes ?? $0) } ?? nodeCount }

  /// Whether each target of a regime has one value for all rows.
  var hasConstantValues: Bool { kind.hasValues && values.per == .regime }
}
