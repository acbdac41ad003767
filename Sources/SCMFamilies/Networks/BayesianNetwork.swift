public import SCMBase
public import SCMGraphs

/// A Bayesian network whose graph and conditional laws are known, such as those of the bnlearn repository.
///
///     let network = try BayesianNetwork([
///       .init("rain", states: ["yes", "no"], probabilities: [0.2, 0.8]),
///       .init("wet", parents: ["rain"], states: ["yes", "no"], probabilities: [0.9, 0.1, 0.25, 0.75]),
///     ])
///     let family = try SCMFamily(network)
///
/// Node j of its tasks is `variables[j]`. A discrete variable has the number of its state, counted from 0, as its value; a
/// linear-Gaussian one any number. Tasks differ in their rows alone.
public struct BayesianNetwork: Hashable, Sendable {
  /// A variable and its law given its parents.
  public struct Variable: Hashable, Sendable {
    public let name: String
    /// By their names: in a network they ascend by the variables' numbers, as the columns of a mechanism's input do.
    public let parents: [String]
    public let law: Law

    public init(_ name: String, parents: [String] = [], law: Law) {
      self.name = name
      self.parents = parents
      self.law = law
    }

    /// A discrete one; see ``Law/table(states:probabilities:)``.
    public init(_ name: String, parents: [String] = [], states: [String], probabilities: [Double]) {
      self.init(name, parents: parents, law: .table(states: states, probabilities: probabilities))
    }

    /// The names of its states; empty where it is not discrete.
    public var states: [String] { if case .table(let states, _) = law { states } else { [] } }
  }

  /// A conditional law.
  public enum Law: Hashable, Sendable {
    /// A row of probabilities for each combination of the parents' states, one for each state; the last parent changes fastest.
    case table(states: [String], probabilities: [Double])
    /// Normal with mean intercept + Σ coefficientᵢ·parentᵢ.
    case linearGaussian(intercept: Double, coefficients: [Double], variance: Double)
  }

  public let variables: [Variable]
  /// Node j is `variables[j]`.
  public let graph: DirectedAcyclicGraph

  /// The most states of a variable, and the most numbers in one table.
  package static let (mostStates, mostEntries) = (1024, 1 << 24)
  /// How far a row of probabilities may miss the sum 1; it is then scaled to it.
  public static let tolerance = 0.002

  /// - Parameter variables: their parents in any order, to which their laws belong.
  /// - Throws: for names that come twice or that no variable has, tables of the wrong size, rows that don't sum to 1 to within
  ///   ``tolerance``, discrete parents of a linear-Gaussian variable or the other way, and a cycle, whose nodes are named.
  public init(_ variables: [Variable]) throws(ConfigError) {
    try self.init(variables) { "variables[\($0)].\($1)" }
  }

  /// - Parameter place: what errors call a member of a variable, as the text has it that the variables come from.
  package init(_ variables: [Variable], place: (_ variable: Int, _ member: String) -> String) throws(ConfigError) {
    guard Limits.nodes.contains(variables.count) else {
      throw ConfigError(
        path: "variables", value: "\(variables.count) of them", reason: "must be from 1 to \(Limits.nodes.upperBound)")
    }
    var numbers: [String: Int] = [:]
    for (index, variable) in variables.enumerated() {
      guard !variable.name.isEmpty, numbers.updateValue(index, forKey: variable.name) == nil else {
        throw ConfigError(
          path: place(index, "name"), value: quoted(variable.name),
          reason: variable.name.isEmpty ? "must have a letter or more" : "must be the name of one variable alone")
      }
    }
    var adjacency = AdjacencyMatrix(nodeCount: variables.count)
    var checked: [Variable] = []
    for (index, variable) in variables.enumerated() {
      var parents: [Int] = []
      for name in variable.parents {
        guard let parent = numbers[name] else {
          throw ConfigError(
            path: place(index, "parents"), value: quoted(name),
            reason: "must be the name of a variable" + hint(for: name, among: variables.map(\.name)))
        }
        guard !adjacency[parent, index] else {
          throw ConfigError(path: place(index, "parents"), value: quoted(name), reason: "must be named once")
        }
        adjacency[parent, index] = true
        parents.append(parent)
      }
      checked.append(
        try variable.checked(parents: parents.map { variables[$0] }, numbers: parents) { place(index, $0) })
    }
    if let cycle = adjacency.cycle {
      throw ConfigError(
        path: place(cycle[0], "parents"),
        value: AdjacencyMatrix.words(ofCycle: cycle) { variables[$0].name },
        reason: "must close no cycle: this is no DAG")
    }
    self.variables = checked
    graph = try DirectedAcyclicGraph(adjacency)
  }

  /// The names of the variables, in the order of the nodes.
  public var names: [String] { variables.map(\.name) }

  /// The number of a variable.
  package func number(of name: String, path: String) throws(ConfigError) -> Int {
    guard let number = variables.firstIndex(where: { $0.name == name }) else {
      throw ConfigError(
        path: path, value: quoted(name),
        reason: "must be the name of a variable of the network" + hint(for: name, among: names))
    }
    return number
  }
}

/// A name as an error shows it.
package func quoted(_ name: String) -> String { "\(JSONValue.string(name))" }
