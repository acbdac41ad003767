public import SCMBase
import SCMGraphs

extension BayesianNetwork {
  /// The most numbers that a step of ``probabilities(of:under:)`` may hold.
  public static let mostCombinations = 1 << 22

  /// The exact joint law of some variables under an intervention: P(x_S | do(...)).
  ///
  ///     let law = try asia.probabilities(of: ["lung", "xray"], under: ["smoke": "yes"])
  ///     // law[2 * i + j]: lung in state i and xray in state j
  ///
  /// By the truncated factorisation (Pearl, "Causality", section 3.2), summed by variable elimination: variables that S does not
  /// depend on are left out, and the others go in the order in which the next factor is smallest. A held variable that is asked
  /// for has all its mass at its state.
  ///
  /// - Parameters:
  ///   - targets: the names of S, in the order of the result's axes; the last changes fastest.
  ///   - held: the state that each variable is held in.
  /// - Throws: for names and states that there aren't, variables that are not discrete, and where a step would take more than
  ///   ``mostCombinations`` numbers.
  /// - Complexity: exponential in the width of the network's graph.
  public func probabilities(of targets: [String], under held: [String: String] = [:]) throws(ConfigError) -> [Double] {
    var asked: [Int] = []
    for (index, name) in targets.enumerated() {
      let number = try discrete(name, path: "of[\(index)]")
      guard !asked.contains(number) else {
        throw ConfigError(path: "of[\(index)]", value: quoted(name), reason: "must be named once")
      }
      asked.append(number)
    }
    var settings: [Int: Int] = [:]
    for (name, state) in held.sorted(by: { $0.key < $1.key }) {
      let number = try discrete(name, path: "do")
      guard let index = variables[number].states.firstIndex(of: state) else {
        throw ConfigError(
          path: "do.\(name)", value: quoted(state),
          reason: "must be one of its states, \(variables[number].states.prefix(20).joined(separator: ", "))")
      }
      settings[number] = index
    }
    let states = variables.map { max(1, $0.states.count) }
    guard Factor.size(of: asked, states: states, most: Self.mostCombinations) != nil else { throw tooLarge("of") }
    let free = asked.filter { settings[$0] == nil }
    let law = try eliminated(all: free, settings, states)
    return spread(law, asked, settings, states)
  }

  /// The product of the laws that matter, summed over all but some variables.
  private func eliminated(all free: [Int], _ settings: [Int: Int], _ states: [Int]) throws(ConfigError) -> Factor {
    let parents = graph.adjacency.parents
    // What S depends on: its ancestors in the graph whose held nodes have no parents.
    var (needed, open) = (Set(free), free)
    while let node = open.popLast() {
      for parent in parents[node] where settings[parent] == nil && needed.insert(parent).inserted {
        open.append(parent)
      }
    }
    var factors: [Factor] = []
    for node in needed.sorted() {
      guard case .table(_, let probabilities) = variables[node].law else { continue }
      // In the order of a table the variable itself comes last, in that of a factor at its number.
      let axes = Array(parents[node]) + [node]
      let order = axes.indices.sorted { axes[$0] < axes[$1] }
      let values = reordered(probabilities, blocks: axes.map { states[$0] }, width: 1, order: order)
      factors.append(Factor(variables: axes.sorted(), values: values).restricted(to: settings, states: states))
    }
    var rest = needed.subtracting(free)
    while let next = cheapest(rest, factors, states) {
      rest.remove(next)
      let touched = factors.filter { $0.variables.contains(next) }
      guard
        let summed = Factor.product(
          of: touched, without: next, states: states, most: Self.mostCombinations / states[next])
      else { throw tooLarge("network") }
      factors.removeAll { $0.variables.contains(next) }
      factors.append(summed)
    }
    guard let law = Factor.product(of: factors, without: nil, states: states, most: Self.mostCombinations) else {
      throw tooLarge("of")
    }
    return law
  }

  /// The variable whose elimination makes the smallest factor; of several that of the smallest number.
  private func cheapest(_ rest: Set<Int>, _ factors: [Factor], _ states: [Int]) -> Int? {
    var scopes: [Int: Set<Int>] = [:]
    for factor in factors {
      for variable in factor.variables where rest.contains(variable) {
        scopes[variable, default: []].formUnion(factor.variables)
      }
    }
    let costs = scopes.map { variable, scope in
      (cost: scope.reduce(1.0) { $0 * Double(states[$1]) }, variable: variable)
    }
    return costs.min { ($0.cost, $0.variable) < ($1.cost, $1.variable) }?.variable
  }

  /// The law over axes in the order that was asked for, held variables at their states.
  private func spread(_ law: Factor, _ asked: [Int], _ settings: [Int: Int], _ states: [Int]) -> [Double] {
    let size = asked.reduce(1) { $0 * states[$1] }
    return (0..<size).map { index in
      var (rest, place) = (index, [Int: Int]())
      for variable in asked.reversed() {
        place[variable] = rest % states[variable]
        rest /= states[variable]
      }
      guard asked.allSatisfy({ settings[$0] == nil || settings[$0] == place[$0] }) else { return 0 }
      return law.values[law.variables.reduce(0) { $0 * states[$1] + (place[$1] ?? 0) }]
    }
  }

  private func discrete(_ name: String, path: String) throws(ConfigError) -> Int {
    let number = try number(of: name, path: path)
    guard !variables[number].states.isEmpty else {
      throw ConfigError(path: path, value: quoted(name), reason: "must be discrete: only these have a finite law")
    }
    return number
  }

  private func tooLarge(_ path: String) -> ConfigError {
    ConfigError(
      path: path, value: path == "of" ? "variables with too many states together" : "too wide a network",
      reason:
        "must be such that no step takes more than \(Self.mostCombinations) combinations of states: sample it instead")
  }
}
