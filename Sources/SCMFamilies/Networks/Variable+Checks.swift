import SCMBase

extension BayesianNetwork.Variable {
  /// The same with its parents ascending, after all that can be checked without the other laws.
  ///
  /// - Parameters:
  ///   - parents: the variables that `parents` names, in that order.
  ///   - numbers: theirs in the network.
  ///   - place: what errors call a member.
  func checked(
    parents: [Self], numbers: [Int], place: (_ member: String) -> String
  ) throws(ConfigError) -> Self {
    let order = numbers.indices.sorted { numbers[$0] < numbers[$1] }
    let names = order.map { self.parents[$0] }
    switch law {
    case .table(let states, let probabilities):
      try check(states, place)
      var rows = 1
      for parent in parents {
        guard !parent.states.isEmpty else {
          throw ConfigError(
            path: place("parents"), value: quoted(parent.name), reason: "must be discrete, as the variable itself is")
        }
        rows *= parent.states.count
        guard rows * states.count <= BayesianNetwork.mostEntries else {
          throw ConfigError(
            path: place("probabilities"), value: "a table of more than \(BayesianNetwork.mostEntries) numbers",
            reason: "must be smaller: give it fewer parents or states")
        }
      }
      guard probabilities.count == rows * states.count else {
        throw ConfigError(
          path: place("probabilities"), value: "\(probabilities.count) numbers",
          reason:
            "must be \(rows * states.count): \(states.count) for each of \(rows) combinations of the parents' states")
      }
      let scaled = try scaledRows(probabilities, states.count, parents, place)
      let table = reordered(scaled, blocks: parents.map(\.states.count), width: states.count, order: order)
      return Self(name, parents: names, law: .table(states: states, probabilities: table))
    case .linearGaussian(let intercept, let coefficients, let variance):
      if let parent = parents.first(where: { !$0.states.isEmpty }) {
        throw ConfigError(
          path: place("parents"), value: quoted(parent.name),
          reason: "must be linear-Gaussian, as the variable itself is")
      }
      guard coefficients.count == parents.count else {
        throw ConfigError(
          path: place("coefficients"), value: "\(coefficients.count) numbers",
          reason: "must be \(parents.count), one for each parent")
      }
      if let wrong = ([intercept] + coefficients).first(where: { !Float($0).isFinite }) {
        throw ConfigError(
          path: place(wrong == intercept ? "intercept" : "coefficients"), value: "\(wrong)",
          reason: "must be finite, as a float32 too")
      }
      guard variance >= 0, Float(variance.squareRoot()).isFinite else {
        throw ConfigError(path: place("variance"), value: "\(variance)", reason: "must be a finite number >= 0")
      }
      return Self(
        name, parents: names,
        law: .linearGaussian(
          intercept: intercept, coefficients: order.map { coefficients[$0] }, variance: variance))
    }
  }

  private func check(_ states: [String], _ place: (String) -> String) throws(ConfigError) {
    guard (1...BayesianNetwork.mostStates).contains(states.count) else {
      throw ConfigError(
        path: place("states"), value: "\(states.count) of them",
        reason: "must be from 1 to \(BayesianNetwork.mostStates)"
      )
    }
    var seen: Set<String> = []
    for state in states where !seen.insert(state).inserted || state.isEmpty {
      throw ConfigError(
        path: place("states"), value: quoted(state),
        reason: state.isEmpty ? "must have a letter or more" : "must be named once")
    }
  }

  /// What is wrong with a row of probabilities, if anything is.
  package static func fault(ofRow row: some Collection<Double>) -> (value: String, reason: String)? {
    if let wrong = row.first(where: { !($0 >= 0 && $0 <= 1 + BayesianNetwork.tolerance) }) {
      return ("\(wrong)", "must be from 0 to 1")
    }
    let sum = row.reduce(0, +)
    guard abs(sum - 1) > BayesianNetwork.tolerance else { return nil }
    return ("a row of sum \(sum)", "must sum to 1 to within \(BayesianNetwork.tolerance)")
  }

  /// Rows that sum to 1; those that miss it by rounding alone stay as they are, so that what is written reads back the same.
  private func scaledRows(
    _ probabilities: [Double], _ width: Int, _ parents: [Self], _ place: (String) -> String
  ) throws(ConfigError) -> [Double] {
    var result = probabilities
    for row in 0..<(probabilities.count / width) {
      let places = row * width..<(row + 1) * width
      let sum = probabilities[places].reduce(0, +)
      if let fault = Self.fault(ofRow: probabilities[places]) {
        throw ConfigError(
          path: place("probabilities"), value: fault.value + combination(row, parents), reason: fault.reason)
      }
      if abs(sum - 1) > 1e-12 { for index in places { result[index] /= sum } }
    }
    return result
  }

  /// The parents' states of a row of the table, as a sentence says them.
  private func combination(_ row: Int, _ parents: [Self]) -> String {
    guard !parents.isEmpty else { return "" }
    var (rest, names) = (row, [String]())
    for parent in parents.reversed() {
      names.append("\(parent.name) = \(parent.states[rest % parent.states.count])")
      rest /= parent.states.count
    }
    return " at " + names.reversed().joined(separator: ", ")
  }
}

/// A table whose axes come in another order: axis k of the result is axis `order[k]` of the table, and each cell holds `width`
/// numbers.
func reordered(_ table: [Double], blocks: [Int], width: Int, order: [Int]) -> [Double] {
  guard order != Array(order.indices) else { return table }
  var strides = [Int](repeating: width, count: blocks.count)
  for axis in blocks.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * blocks[axis + 1] }
  var result: [Double] = []
  result.reserveCapacity(table.count)
  var (place, offset) = ([Int](repeating: 0, count: blocks.count), 0)
  for _ in 0..<(table.count / width) {
    result += table[offset..<(offset + width)]
    for k in order.indices.reversed() {
      place[k] += 1
      offset += strides[order[k]]
      guard place[k] == blocks[order[k]] else { break }
      offset -= place[k] * strides[order[k]]
      place[k] = 0
    }
  }
  return result
}
