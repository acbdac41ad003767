import SCMBase
import SCMFamilies

extension BayesianNetwork {
  /// The linear-Gaussian network of an object as the bnlearn repository and pgmpy have them:
  ///
  ///     {"nodes": ["A", "B"], "arcs": [["A", "B"]], "cpds": {"A": {"coefficients": {"(Intercept)": [1]},
  ///      "variance": [2], "parents": []}, "B": {"coefficients": {"(Intercept)": [0], "A": [0.5]}, ..}}}
  ///
  /// - Throws: `ConfigError` that names the member: for another form, arcs that are not those of the parents, and what
  ///   ``init(_:)`` refuses.
  init(gaussian members: [String: JSONValue]) throws(ConfigError) {
    guard let nodes = members["nodes"]?.texts, let laws = members["cpds"]?.members else {
      throw ConfigError(
        path: "network", value: "\(JSONValue.object(members))", reason: "must have nodes, a list of names, and cpds")
    }
    let known = Set(nodes)
    if let other = laws.keys.filter({ !known.contains($0) }).min() {
      throw ConfigError(
        path: "cpds", value: quoted(other), reason: "must be one of the nodes" + hint(for: other, among: nodes))
    }
    var variables: [Variable] = []
    for node in nodes {
      guard let law = laws[node]?.members else {
        throw ConfigError(path: "cpds.\(node)", value: "\(laws[node] ?? .null)", reason: "must be an object")
      }
      variables.append(try Variable(node, gaussian: law))
    }
    if let arcs = members["arcs"] { try Self.check(arcs, variables) }
    try self.init(variables) { "cpds.\(nodes[$0]).\($1)" }
  }

  /// That the arcs are those of the parents.
  private static func check(_ arcs: JSONValue, _ variables: [Variable]) throws(ConfigError) {
    guard case .array(let entries) = arcs else {
      throw ConfigError(path: "arcs", value: "\(arcs)", reason: "must be a list of pairs of names")
    }
    let parents = Dictionary(variables.map { ($0.name, Set($0.parents)) }) { first, _ in first }
    var found: Set<[String]> = []
    for (index, entry) in entries.enumerated() {
      guard let pair = entry.texts, pair.count == 2, parents[pair[1]]?.contains(pair[0]) == true,
        found.insert(pair).inserted
      else {
        throw ConfigError(
          path: "arcs[\(index)]", value: "\(entry)",
          reason: "must be a parent and its child, as cpds has them, and come once")
      }
    }
    for variable in variables {
      for parent in variable.parents where !found.contains([parent, variable.name]) {
        throw ConfigError(
          path: "cpds.\(variable.name).parents", value: quoted(parent), reason: "must be among the arcs too")
      }
    }
  }
}

extension BayesianNetwork.Variable {
  fileprivate init(_ name: String, gaussian members: [String: JSONValue]) throws(ConfigError) {
    func number(_ value: JSONValue?, _ path: String) throws(ConfigError) -> Double {
      // R writes a number as a list of one.
      if case .array(let elements)? = value, elements.count == 1, let number = elements[0].asDouble { return number }
      guard let number = value?.asDouble else {
        throw ConfigError(
          path: "cpds.\(name).\(path)", value: "\(value ?? .null)", reason: "must be a number, or a list of one")
      }
      return number
    }
    guard let parents = members["parents"]?.texts else {
      throw ConfigError(
        path: "cpds.\(name).parents", value: "\(members["parents"] ?? .null)", reason: "must be a list of names")
    }
    let coefficients = members["coefficients"]?.members ?? [:]
    let known = Set(parents + [intercept])
    if let other = coefficients.keys.filter({ !known.contains($0) }).min() {
      throw ConfigError(
        path: "cpds.\(name).coefficients", value: quoted(other), reason: "must be one of the parents, or \(intercept)")
    }
    var slopes: [Double] = []
    for parent in parents { slopes.append(try number(coefficients[parent], "coefficients.\(parent)")) }
    self.init(
      name, parents: parents,
      law: .linearGaussian(
        intercept: try number(coefficients[intercept], "coefficients.\(intercept)"), coefficients: slopes,
        variance: try number(members["variance"], "variance")))
  }
}

/// What R calls the constant of a regression.
private let intercept = "(Intercept)"
