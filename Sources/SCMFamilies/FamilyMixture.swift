public import SCMBase

/// A weighted mixture of families: each task comes from one of them, chosen by the task's own key.
///
/// In JSON: `{"mixture": [{"weight": 1, "family": {…}}, …]}`.
public struct FamilyMixture: Sendable {
  public struct Component: Sendable {
    /// Non-negative; the weights need not sum to 1.
    public let weight: Double
    public let config: FamilyConfig

    public init(weight: Double, config: FamilyConfig) {
      self.weight = weight
      self.config = config
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
      guard case .object(let members) = entry, case .object(let family)? = members["family"] else {
        throw ConfigError(path: path, value: "\(entry)", reason: "must be an object with the members weight and family")
      }
      if let other = members.keys.filter({ $0 != "weight" && $0 != "family" }).min() {
        throw ConfigError(
          path: "\(path).\(other)", value: "\(members[other] ?? .null)", reason: "must be weight or family")
      }
      do {
        let weight = try members["weight"]?.number(in: .from(0, to: 1e300), path: "weight") ?? 1
        components.append(Component(weight: weight, config: try FamilyConfig(family)))
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
      .object(["weight": .number(component.weight / total), "family": .object(members(component.config))])
    }
    return ["mixture": .array(entries)]
  }
}

/// The content of a configuration file: one family, or a mixture.
public enum FamilySpecification: Sendable {
  case family(FamilyConfig)
  case mixture(FamilyMixture)

  /// - Throws: as ``FamilyConfig`` does; a mixture's fields are named with their place.
  public init(_ members: [String: JSONValue]) throws(ConfigError) {
    guard let mixture = members["mixture"] else {
      self = .family(try FamilyConfig(members))
      return
    }
    if let other = members.keys.filter({ $0 != "mixture" }).min() {
      throw ConfigError(
        path: other, value: "\(members[other] ?? .null)",
        reason: "must stand in the families of the mixture, not beside it")
    }
    self = .mixture(try FamilyMixture(mixture))
  }

  /// Every field that shapes the tasks, defaults spelled out.
  public var relevantMembers: [String: JSONValue] { members { $0.relevantMembers } }

  func members(_ members: (FamilyConfig) -> [String: JSONValue]) -> [String: JSONValue] {
    switch self {
    case .family(let config): members(config)
    // A mixture of one family gives that family's tasks.
    case .mixture(let mixture):
      mixture.components.count == 1 ? members(mixture.components[0].config) : mixture.members(members)
    }
  }
}
