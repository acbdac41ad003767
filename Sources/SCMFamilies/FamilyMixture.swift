public import SCMBase

/// A weighted mixture of families: each task comes from one of them, chosen by the task's own key.
///
/// In JSON: `{"mixture": [{"weight": 1, "family": {…}}, …]}`.
public struct FamilyMixture: Sendable {
  public struct Component: Sendable {
    /// Non-negative; the weights need not sum to 1.
    public let weight: Double
    /// One family or a network, and no mixture.
    public let specification: FamilySpecification

    public init(weight: Double, config: FamilyConfig) {
      self.init(weight: weight, .family(config))
    }

    public init(weight: Double, network: BayesianNetwork) {
      self.init(weight: weight, .network(network))
    }

    fileprivate init(weight: Double, _ specification: FamilySpecification) {
      self.weight = weight
      self.specification = specification
    }
  }

  public let components: [Component]

  /// - Throws: when there is no component, or the weights have no positive, finite sum.
  public init(_ components: [Component]) throws(ConfigError) {
    guard (1...Self.mostComponents).contains(components.count) else {
      throw ConfigError(
        path: "mixture", value: "\(components.count) components", reason: "must have from 1 to \(Self.mostComponents)")
    }
    for (index, component) in components.enumerated() {
      guard component.weight >= 0, component.weight.isFinite else {
        throw ConfigError(
          path: "mixture[\(index)].weight", value: "\(component.weight)", reason: "must be a finite number >= 0")
      }
    }
    let total = components.reduce(0) { $0 + $1.weight }
    guard total > 0, total.isFinite else {
      throw ConfigError(path: "mixture", value: "weights of sum \(total)", reason: "must have a positive, finite sum")
    }
    self.components = components
  }

  static let mostComponents = 4096

  /// - Parameter list: objects with the members "weight" (1 where absent) and "family".
  init(_ list: JSONValue) throws(ConfigError) {
    guard case .array(let entries) = list else {
      throw ConfigError(path: "mixture", value: "\(list)", reason: "must be a list of {weight, family}")
    }
    var components: [Component] = []
    for (index, entry) in entries.enumerated() {
      let path = "mixture[\(index)]"
      guard case .object(let members) = entry, let given = members["family"] else {
        throw ConfigError(
          path: path, value: "\(entry)", reason: "must be an object with the member family, and weight where it isn't 1"
        )
      }
      guard case .object(let family) = given else {
        throw ConfigError(
          path: "\(path).family", value: "\(given)", reason: "must be an object with a family's fields")
      }
      if let other = members.keys.filter({ $0 != "weight" && $0 != "family" }).min() {
        throw ConfigError(
          path: "\(path).\(other)", value: "\(members[other] ?? .null)", reason: "must be weight or family")
      }
      do throws(ConfigError) {
        let weight = try members["weight"]?.number(in: .from(0, to: 1e300), path: "weight") ?? 1
        let specification = try FamilySpecification(family)
        if case .mixture = specification {
          throw ConfigError(path: "family", value: "a mixture", reason: "must be a single family, or a network")
        }
        components.append(Component(weight: weight, specification))
      } catch {
        throw ConfigError(path: "\(path).\(error.path)", value: error.value, reason: error.reason)
      }
    }
    try self.init(components)
  }

  /// Weights that sum to 1, and of each family what `members` makes of it.
  func members(_ members: (FamilyConfig) -> [String: JSONValue]) -> [String: JSONValue] {
    let sum = components.reduce(0) { $0 + $1.weight }
    // Weights that miss 1 by rounding alone stay as they are, so that what is written reads back the same.
    let total = abs(sum - 1) < 1e-12 ? 1 : sum
    let entries = components.map { component -> JSONValue in
      .object([
        "weight": .number(component.weight / total), "family": .object(component.specification.members(members)),
      ])
    }
    return ["mixture": .array(entries)]
  }
}

/// The content of a configuration file: one family, a mixture, or a network that is known.
public enum FamilySpecification: Sendable {
  case family(FamilyConfig)
  case mixture(FamilyMixture)
  case network(BayesianNetwork)

  /// - Throws: as ``FamilyConfig`` does; a mixture's and a network's fields are named with their place.
  public init(_ members: [String: JSONValue]) throws(ConfigError) {
    if let mixture = members["mixture"] {
      try Self.check(members, for: "mixture", "must stand in the families of the mixture, not beside it")
      self = .mixture(try FamilyMixture(mixture))
    } else if let network = members["network"] {
      try Self.check(members, for: "network", "must be left out, for the network says all")
      self = .network(try BayesianNetwork(network))
    } else {
      self = .family(try FamilyConfig(members))
    }
  }

  /// That there is one member alone.
  private static func check(
    _ members: [String: JSONValue], for name: String, _ reason: String
  ) throws(ConfigError) {
    guard let other = members.keys.filter({ $0 != name }).min() else { return }
    throw ConfigError(path: other, value: "\(members[other] ?? .null)", reason: reason)
  }

  /// Every field that shapes the tasks, defaults spelled out.
  public var relevantMembers: [String: JSONValue] { members { $0.relevantMembers } }

  func members(_ members: (FamilyConfig) -> [String: JSONValue]) -> [String: JSONValue] {
    switch self {
    case .family(let config): members(config)
    // A mixture of one family gives that family's tasks.
    case .mixture(let mixture):
      mixture.components.count == 1
        ? mixture.components[0].specification.members(members) : mixture.members(members)
    case .network(let network): ["network": .object(network.members)]
    }
  }
}
