import SCMBase

extension BayesianNetwork {
  /// The network of a configuration, in the form of ``members``.
  ///
  /// - Throws: as ``init(_:)`` does, with the member's path; also for members that no variable has.
  init(_ value: JSONValue) throws(ConfigError) {
    guard case .object(let members) = value, case .array(let entries)? = members["variables"], members.count == 1 else {
      throw ConfigError(path: "network", value: "\(value)", reason: "must be an object with the one member variables")
    }
    var variables: [Variable] = []
    for (index, entry) in entries.enumerated() {
      guard case .object(let members) = entry else {
        throw ConfigError(path: "network.variables[\(index)]", value: "\(entry)", reason: "must be an object")
      }
      do {
        variables.append(try Variable(members))
      } catch {
        throw error.inside("network.variables[\(index)]")
      }
    }
    try self.init(variables) { "network.variables[\($0)].\($1)" }
  }

  /// `{"variables": [{"name", "parents", "states", "probabilities"}, ..]}`, and for a linear-Gaussian variable `intercept`,
  /// `coefficients` and `variance` in place of the last two.
  var members: [String: JSONValue] {
    ["variables": .array(variables.map { .object($0.members) })]
  }
}

extension BayesianNetwork.Variable {
  fileprivate init(_ members: [String: JSONValue]) throws(ConfigError) {
    let isTable = members["states"] != nil || members["probabilities"] != nil
    let known =
      ["name", "parents"] + (isTable ? ["states", "probabilities"] : ["intercept", "coefficients", "variance"])
    if let other = members.keys.filter({ !known.contains($0) }).min() {
      throw ConfigError(
        path: other, value: "\(members[other] ?? .null)", reason: "must be one of \(known.joined(separator: ", "))")
    }
    func member<Found>(_ name: String, _ right: String, _ read: (JSONValue) -> Found?) throws(ConfigError) -> Found {
      let given = members[name] ?? .null
      guard let found = read(given) else { throw ConfigError(path: name, value: "\(given)", reason: right) }
      return found
    }
    func numbers(_ value: JSONValue) -> [Double]? {
      guard case .array(let elements) = value else { return nil }
      let found = elements.compactMap(\.asDouble)
      return found.count == elements.count ? found : nil
    }
    let name = try member("name", "must be a text", \.string)
    let parents = members["parents"] == nil ? [] : try member("parents", "must be a list of names", \.texts)
    if isTable {
      self.init(
        name, parents: parents, states: try member("states", "must be a list of names", \.texts),
        probabilities: try member("probabilities", "must be a list of numbers", numbers))
    } else {
      let coefficients =
        parents.isEmpty && members["coefficients"] == nil
        ? [] : try member("coefficients", "must be a list of numbers, one for each parent", numbers)
      self.init(
        name, parents: parents,
        law: .linearGaussian(
          intercept: members["intercept"] == nil ? 0 : try member("intercept", "must be a number", \.asDouble),
          coefficients: coefficients,
          variance: try member("variance", "must be a number, where no states are given", \.asDouble)))
    }
  }

  fileprivate var members: [String: JSONValue] {
    var members: [String: JSONValue] = ["name": .string(name), "parents": .array(parents.map(JSONValue.string))]
    switch law {
    case .table(let states, let probabilities):
      members["states"] = .array(states.map(JSONValue.string))
      members["probabilities"] = .array(probabilities.map(JSONValue.number))
    case .linearGaussian(let intercept, let coefficients, let variance):
      members["intercept"] = .number(intercept)
      members["coefficients"] = .array(coefficients.map(JSONValue.number))
      members["variance"] = .number(variance)
    }
    return members
  }
}
