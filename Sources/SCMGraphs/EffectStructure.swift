public import SCMBase
public import SCMRandom

/// What a node of an ``EffectStructure`` is there for; the nodes without a role are covariates.
public enum EffectRole: String, CaseIterable, Sendable {
  case treatment, outcome
  /// A common cause of treatment and outcome that whoever estimates the effect doesn't see.
  case hidden
  case instrument, mediator
}

/// Which node has which role.
public struct EffectRoles: Hashable, Sendable {
  public let treatment: Int
  public let outcome: Int
  public let hidden: Int?
  public let instrument: Int?
  public let mediator: Int?
  /// The nodes without a role, which come first.
  public let covariates: Range<Int>
}

/// A graph in which the effect of a treatment T on an outcome Y is to be found, the textbooks' back door, hidden confounder, instrument
/// and front door: edges that are always there between nodes with roles, and covariates X.
///
/// Roles stand at fixed numbers, the same for every key: of n nodes the outcome is n − 1, the treatment n − 2, a hidden confounder n − 3,
/// an instrument or a mediator n − 4, and covariates are all before. Covariates alone are named at random.
///
///     let structure = Instrument(edgesPerNode: 1.5)
///     let (graph, roles) = (try structure.sample(nodeCount: 12, key: key), structure.roles(nodeCount: 12))
///
/// Each X → T, X → Y and forward pair of covariates in their order is an edge by a coin of its own, those to T and Y with one
/// probability p and those between covariates with ``ratio`` · p. The probability p is such that the expected number of edges, those of
/// the roles included, is `edgesPerNode * nodeCount`; what p from 0 to 1 can't give is refused. No covariate is linked with a
/// hidden confounder, an instrument or a mediator.
public protocol EffectStructure: GraphModel {
  /// The nodes with roles, causes before effects.
  static var roles: [EffectRole] { get }
  /// The edges that every graph has.
  static var roleEdges: [(cause: EffectRole, effect: EffectRole)] { get }
  /// The edge probability between two covariates over the one from a covariate to treatment or outcome, from 0 to 1.
  var ratio: Double { get set }
}

extension EffectStructure {
  public init(edgesPerNode: Double, ratio: Double) {
    self.init()
    self.edgesPerNode = edgesPerNode
    self.ratio = ratio
  }

  public var fields: [Field<Self>] {
    [
      .number(
        "\(Self.kind)_ratio", \.ratio, in: .from(0, to: 1),
        "Edge probability between two covariates over the one from a covariate to treatment or outcome.")
    ]
  }

  /// - Parameter n: at least as many as there are roles.
  public func roles(nodeCount n: Int) -> EffectRoles {
    func node(_ role: EffectRole) -> Int? { Self.roles.contains(role) ? n - role.placesFromEnd : nil }
    return EffectRoles(
      treatment: n - EffectRole.treatment.placesFromEnd, outcome: n - EffectRole.outcome.placesFromEnd,
      hidden: node(.hidden), instrument: node(.instrument), mediator: node(.mediator),
      covariates: 0..<max(0, n - Self.roles.count))
  }

  public func check(nodeCount n: Int) throws(ConfigError) {
    guard n >= Self.roles.count else {
      throw ConfigError(
        path: "n_nodes", value: "\(n)",
        reason: "must be at least \(Self.roles.count) for \(Self.kind) graphs: one node for each role")
    }
    guard NumberRange.from(0, to: 1).contains(ratio) else {
      throw ConfigError(path: "\(Self.kind)_ratio", value: "\(ratio)", reason: NumberRange.from(0, to: 1).words)
    }
    let fixed = Double(Self.roleEdges.count)
    try checkDensity(
      nodeCount: n, least: fixed / Double(n), most: (fixed + weight(nodeCount: n)) / Double(n),
      because:
        "the edges of its roles (\(Self.roleEdges.count)) are always there, those of covariates may be, with ratio \(ratio)"
    )
  }

  /// Expected edges of the covariates per unit of the probability of one to treatment or outcome.
  private func weight(nodeCount n: Int) -> Double {
    let covariates = Double(n - Self.roles.count)
    return 2 * covariates + ratio * covariates * (covariates - 1) / 2
  }

  public func orderedEdges(nodeCount n: Int, key: TaskKey) -> [OrderedEdge] {
    let (covariates, weight) = (n - Self.roles.count, weight(nodeCount: n))
    let probability = weight > 0 ? (edgesPerNode * Double(n) - Double(Self.roleEdges.count)) / weight : 0
    let (always, never) = (Bernoulli(1), Bernoulli(0))
    let (direct, between) = (Bernoulli(probability), Bernoulli(ratio * probability))
    return key.orderedPairs(nodeCount: n) { from, to in
      if to < covariates { return between }
      let effect = Self.roles[to - covariates]
      if from < covariates { return effect == .treatment || effect == .outcome ? direct : never }
      let cause = Self.roles[from - covariates]
      return Self.roleEdges.contains { $0.cause == cause && $0.effect == effect } ? always : never
    }
  }

  /// Covariates in a random order, then the nodes with roles, causes before effects.
  public func order(nodeCount n: Int, key: TaskKey) -> [Int] {
    var words = key.words(purpose: .permutation)
    return words.permutation(of: n - Self.roles.count) + Self.roles.map { n - $0.placesFromEnd }
  }
}

extension EffectRole {
  /// The node's place, counted from the last, which is 1.
  fileprivate var placesFromEnd: Int {
    switch self {
    case .outcome: 1
    case .treatment: 2
    case .hidden: 3
    case .instrument, .mediator: 4
    }
  }
}
