/// A function of some discrete variables: a number for each combination of their states.
struct Factor {
  /// Ascending.
  let variables: [Int]
  /// The last variable changes fastest.
  let values: [Double]

  /// The product of some factors, summed over one of their variables; `nil` where it would have more than `most` numbers.
  ///
  /// - Parameter states: of each variable of the network, how many it has.
  static func product(of factors: [Factor], without summed: Int?, states: [Int], most: Int) -> Factor? {
    let scope = Set(factors.flatMap(\.variables)).sorted()
    // The summed variable last, so that its terms lie side by side.
    let kept = scope.filter { $0 != summed }
    let axes = kept + (summed.map { [$0] } ?? [])
    guard let size = size(of: kept, states: states, most: most) else { return nil }
    let terms = summed.map { states[$0] } ?? 1
    // How far each factor's place moves with each axis.
    let strides = factors.map { factor -> [Int] in
      var (stride, found) = (1, [Int: Int]())
      for variable in factor.variables.reversed() {
        found[variable] = stride
        stride *= states[variable]
      }
      return axes.map { found[$0] ?? 0 }
    }
    var result = [Double](repeating: 0, count: size)
    var place = [Int](repeating: 0, count: axes.count)
    var offsets = [Int](repeating: 0, count: factors.count)
    for index in 0..<size * terms {
      var term = 1.0
      for (number, factor) in factors.enumerated() { term *= factor.values[offsets[number]] }
      result[index / terms] += term
      for axis in axes.indices.reversed() {
        place[axis] += 1
        let isOver = place[axis] == states[axes[axis]]
        for number in factors.indices {
          offsets[number] += strides[number][axis] * (isOver ? 1 - place[axis] : 1)
        }
        guard isOver else { break }
        place[axis] = 0
      }
    }
    return Factor(variables: kept, values: result)
  }

  /// How many combinations of states some variables have; `nil` for more than `most`.
  static func size(of variables: [Int], states: [Int], most: Int) -> Int? {
    var size = 1
    for variable in variables {
      size *= states[variable]
      guard size <= most else { return nil }
    }
    return size
  }

  /// The part where some variables are in given states.
  func restricted(to held: [Int: Int], states: [Int]) -> Factor {
    let fixed = variables.filter { held[$0] != nil }
    guard !fixed.isEmpty else { return self }
    let kept = variables.filter { held[$0] == nil }
    var result: [Double] = []
    for (index, value) in values.enumerated() {
      var rest = index
      let isHeld = variables.reversed().allSatisfy { variable in
        defer { rest /= states[variable] }
        return held[variable].map { $0 == rest % states[variable] } ?? true
      }
      if isHeld { result.append(value) }
    }
    return Factor(variables: kept, values: result)
  }
}
