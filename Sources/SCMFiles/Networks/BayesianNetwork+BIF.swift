import SCMBase
import SCMFamilies

extension BayesianNetwork {
  /// The network of a text in BIF, the Interchange Format for Bayesian networks, as the bnlearn repository has them.
  ///
  /// - Throws: `ConfigError` that names the line: for another form, states and parents that there aren't, rows that are missing, come
  ///   twice or don't sum to 1, and a graph that is no DAG.
  init(bif text: String) throws(ConfigError) {
    let parser = try BIFParser(text)
    var blocks: [String: BIFParser.Block] = [:]
    var states: [String: [String]] = [:]
    for variable in parser.variables {
      guard states.updateValue(variable.states, forKey: variable.name) == nil else {
        throw ConfigError(
          path: "line \(variable.line): variable", value: quoted(variable.name), reason: "must be declared once")
      }
    }
    for block in parser.blocks {
      guard states[block.child] != nil else {
        throw ConfigError(
          path: "line \(block.line): probability", value: quoted(block.child),
          reason: "must be that of a declared variable" + hint(for: block.child, among: parser.variables.map(\.name)))
      }
      guard blocks.updateValue(block, forKey: block.child) == nil else {
        throw ConfigError(
          path: "line \(block.line): probability", value: quoted(block.child), reason: "must be given once")
      }
    }
    var variables: [Variable] = []
    for variable in parser.variables {
      guard let block = blocks[variable.name] else {
        throw ConfigError(
          path: "line \(variable.line): variable", value: quoted(variable.name),
          reason: "must have its probabilities: there is no block probability ( \(variable.name) )")
      }
      variables.append(
        Variable(
          variable.name, parents: block.parents, states: variable.states,
          probabilities: try block.table(states: states)))
    }
    try self.init(variables) { index, member in
      let variable = parser.variables[index]
      let line = ["name", "states"].contains(member) ? variable.line : blocks[variable.name]?.line ?? variable.line
      return "line \(line): \(member) of \(variable.name)"
    }
  }
}

extension BIFParser.Block {
  /// The rows in the order of the parents' states, of which the last changes fastest.
  fileprivate func table(states: [String: [String]]) throws(ConfigError) -> [Double] {
    let width = states[child]?.count ?? 0
    var numbers: [[String: Int]] = []
    var count = 1
    for parent in parents {
      guard let names = states[parent] else {
        throw refused(
          line, "parents", quoted(parent),
          "must be the name of a variable" + hint(for: parent, among: states.keys.sorted()))
      }
      numbers.append(Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first })
      count *= names.count
      guard count * width <= BayesianNetwork.mostEntries else {
        throw refused(
          line, "table", "more than \(BayesianNetwork.mostEntries) numbers",
          "must be smaller: give it fewer parents or states")
      }
    }
    var table = [Double](repeating: .nan, count: count * width)
    var isGiven = [Bool](repeating: false, count: count)
    var fallback: [Double]?
    for row in rows {
      switch row.place {
      case .table:
        guard row.numbers.count == count * width, !isGiven.contains(true) else {
          throw refused(
            row.line, "table", "\(row.numbers.count) numbers",
            "must be \(count * width), \(count) for each of \(width) states, and the only ones")
        }
        // The variable itself changes slowest here.
        for index in 0..<count {
          for state in 0..<width { table[index * width + state] = row.numbers[state * count + index] }
          if let fault = BayesianNetwork.Variable.fault(ofRow: table[index * width..<(index + 1) * width]) {
            let place = parents.isEmpty ? "" : " at \(combination(index, states))"
            throw refused(row.line, "table", fault.value + place, fault.reason)
          }
          isGiven[index] = true
        }
      case .fallback:
        guard fallback == nil else { throw refused(row.line, "default", "a second one", "must be given once") }
        fallback = try checked(row, width, "default")
      case .at(let names):
        let index = try place(of: names, numbers, states, row.line)
        let told = "row (\(names.joined(separator: ", ")))"
        guard !isGiven[index] else { throw refused(row.line, told, "a second one", "must be given once") }
        isGiven[index] = true
        table.replaceSubrange(index * width..<(index + 1) * width, with: try checked(row, width, told))
      }
    }
    for index in 0..<count where !isGiven[index] {
      guard let fallback else {
        throw refused(
          line, "probabilities", "no row for \(combination(index, states))",
          "must have one for each combination of the parents' states, or a default")
      }
      table.replaceSubrange(index * width..<(index + 1) * width, with: fallback)
    }
    return table
  }

  private func checked(_ row: BIFParser.Row, _ width: Int, _ what: String) throws(ConfigError) -> [Double] {
    guard row.numbers.count == width else {
      throw refused(row.line, what, "\(row.numbers.count) numbers", "must be \(width), one for each state of \(child)")
    }
    if let fault = BayesianNetwork.Variable.fault(ofRow: row.numbers) {
      throw refused(row.line, what, fault.value, fault.reason)
    }
    return row.numbers
  }

  private func place(
    of names: [String], _ numbers: [[String: Int]], _ states: [String: [String]], _ line: Int
  ) throws(ConfigError) -> Int {
    guard names.count == parents.count else {
      throw refused(line, "row", "\(names.count) states", "must be \(parents.count), one for each parent")
    }
    var index = 0
    for (position, name) in names.enumerated() {
      guard let state = numbers[position][name] else {
        let known = states[parents[position]] ?? []
        throw refused(
          line, "row", quoted(name),
          "must be a state of \(parents[position]): \(known.prefix(20).joined(separator: ", "))")
      }
      index = index * numbers[position].count + state
    }
    return index
  }

  private func combination(_ index: Int, _ states: [String: [String]]) -> String {
    guard !parents.isEmpty else { return "the variable itself" }
    var (rest, told) = (index, [String]())
    for parent in parents.reversed() {
      guard let names = states[parent], !names.isEmpty else { continue }
      told.append("\(parent) = \(names[rest % names.count])")
      rest /= names.count
    }
    return told.reversed().joined(separator: ", ")
  }

  private func refused(_ line: Int, _ what: String, _ value: String, _ reason: String) -> ConfigError {
    ConfigError(path: "line \(line): \(what) of \(child)", value: value, reason: reason)
  }
}
