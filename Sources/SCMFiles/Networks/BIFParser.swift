import SCMBase
import SCMFamilies

/// Reads the Interchange Format for Bayesian networks (BIF), in the dialect of the bnlearn repository and in older ones.
///
/// Quotation marks, commas between states and the bar before parents may be missing; comments and properties are passed over.
/// Of `probability ( X | A, B )`, the first name after `table` changes slowest: all numbers of X's first state come first.
///
/// Source of the format: Cozman, "The Interchange Format for Bayesian Networks", version 0.15, 1998.
struct BIFParser {
  struct Variable {
    let name: String
    let states: [String]
    let line: Int
  }

  /// A block `probability`.
  struct Block {
    let child: String
    let parents: [String]
    let line: Int
    var rows: [Row] = []
  }

  struct Row {
    enum Place { case table, fallback, at([String]) }
    let place: Place
    let numbers: [Double]
    let line: Int
  }

  private var tokens: BIFTokens
  /// The token that comes next, and the line of the one before it.
  private var current = BIFTokens.Token.end
  private var lastLine = 1
  private(set) var variables: [Variable] = []
  private(set) var blocks: [Block] = []

  /// - Throws: for a text of another form, in a sentence that names the line.
  init(_ text: String) throws(ConfigError) {
    tokens = BIFTokens(text)
    try advance()
    while current != .end {
      switch try word("network, variable or probability") {
      case "network": try readNetwork()
      case "variable": try readVariable()
      case "probability": try readProbability()
      case let other:
        throw ConfigError(
          path: "line \(lastLine)", value: quoted(other), reason: "must be network, variable or probability")
      }
    }
  }

  private mutating func readNetwork() throws(ConfigError) {
    if case .word = current { try advance() }
    try expect("{")
    while !(try take("}")) {
      guard try takeProperty() else {
        _ = try word("property")
        throw refused("network", "another word than property", "must have properties alone")
      }
    }
  }

  private mutating func readVariable() throws(ConfigError) {
    let line = tokens.line
    let name = try word("the name of a variable")
    guard !name.isEmpty else { throw refused("name of a variable", "\"\"", "must have a letter or more") }
    var states: [String]?
    try expect("{")
    while !(try take("}")) {
      if try takeProperty() { continue }
      switch try word("type or property") {
      case "type":
        guard states == nil else { throw refused("type of \(name)", "a second one", "must be given once") }
        states = try readStates(of: name)
      case let other: throw refused("variable \(name)", quoted(other), "must have a type and properties alone")
      }
    }
    guard let states else {
      throw refused("variable \(name)", "no type", "must have one, type discrete [ 2 ] { a, b }")
    }
    guard variables.count < Limits.nodes.upperBound else {
      throw refused("variable \(name)", "one more", "must be at most \(Limits.nodes.upperBound) variables")
    }
    variables.append(Variable(name: name, states: states, line: line))
  }

  private mutating func readStates(of name: String) throws(ConfigError) -> [String] {
    let kind = try word("discrete")
    guard kind == "discrete" else { throw refused("type of \(name)", quoted(kind), "must be discrete") }
    try expect("[")
    let told = try word("a number of states")
    guard let count = Int(told), (1...BayesianNetwork.mostStates).contains(count) else {
      throw refused(
        "number of states of \(name)", quoted(told), "must be a whole number from 1 to \(BayesianNetwork.mostStates)")
    }
    try expect("]")
    try expect("{")
    let states = try words(until: "}", most: BayesianNetwork.mostStates)
    try expect(";")
    guard states.count == count else {
      throw refused("states of \(name)", "\(states.count) names", "must be \(count), as stands in brackets")
    }
    var seen: Set<String> = []
    for state in states where !seen.insert(state).inserted {
      throw refused("states of \(name)", quoted(state), "must be named once")
    }
    return states
  }

  private mutating func readProbability() throws(ConfigError) {
    let line = tokens.line
    try expect("(")
    let child = try word("the name of a variable")
    // Older texts have a comma or nothing in place of the bar.
    if !(try take("|")) { _ = try take(",") }
    var block = Block(child: child, parents: try words(until: ")", most: Limits.nodes.upperBound), line: line)
    try expect("{")
    while !(try take("}")) {
      let line = tokens.line
      if try takeProperty() { continue }
      if try take("(") {
        let states = try words(until: ")", most: Limits.nodes.upperBound)
        block.rows.append(Row(place: .at(states), numbers: try numbers(of: child), line: line))
      } else {
        switch try word("a row, table, default or property") {
        case "table": block.rows.append(Row(place: .table, numbers: try numbers(of: child), line: line))
        case "default": block.rows.append(Row(place: .fallback, numbers: try numbers(of: child), line: line))
        case let other:
          throw refused(
            "probability of \(child)", quoted(other),
            "must have rows such as (a, b) 0.1, 0.9; or table, default and property")
        }
      }
    }
    blocks.append(block)
  }

  /// Numbers with commas or blanks between them, to the semicolon.
  private mutating func numbers(of child: String) throws(ConfigError) -> [Double] {
    var found: [Double] = []
    while !(try take(";")) {
      let text = try word("a probability or a semicolon")
      guard let number = Double(text) else {
        throw refused("probability of \(child)", quoted(text), "must be a number")
      }
      guard found.count < BayesianNetwork.mostEntries else {
        throw refused(
          "probability of \(child)", "a longer list", "must be at most \(BayesianNetwork.mostEntries) numbers")
      }
      found.append(number)
      _ = try take(",")
    }
    return found
  }

  /// Names with commas or blanks between them, to the sign that ends them.
  private mutating func words(until end: Character, most: Int) throws(ConfigError) -> [String] {
    var found: [String] = []
    while !(try take(end)) {
      guard found.count < most else { throw fault("must end the list after \(most) names by \(end)") }
      found.append(try word("a name or \(end)"))
      _ = try take(",")
    }
    return found
  }

  /// Whether a property comes next, which is then passed: its text is no row of words, so that it is not read as one.
  private mutating func takeProperty() throws(ConfigError) -> Bool {
    guard current == .word("property") else { return false }
    try tokens.skipProperty()
    try advance()
    return true
  }

  private mutating func word(_ right: String) throws(ConfigError) -> String {
    guard case .word(let text) = current else { throw fault("must be \(right)") }
    try advance()
    return text
  }

  private mutating func expect(_ sign: Character) throws(ConfigError) {
    guard try take(sign) else { throw fault("must be \(sign)") }
  }

  /// Whether the sign comes next, which is then passed.
  private mutating func take(_ sign: Character) throws(ConfigError) -> Bool {
    guard current == .sign(sign) else { return false }
    try advance()
    return true
  }

  private mutating func advance() throws(ConfigError) {
    lastLine = tokens.line
    current = try tokens.next()
  }

  /// Of the token that comes next.
  private func fault(_ reason: String) -> ConfigError {
    ConfigError(path: "line \(tokens.line)", value: current.words, reason: reason)
  }

  /// Of what was read last.
  private func refused(_ what: String, _ value: String, _ reason: String) -> ConfigError {
    ConfigError(path: "line \(lastLine): \(what)", value: value, reason: reason)
  }
}
