import SCMBase
import SCMFamilies
import SCMRandom
import SCMTestSupport
import Testing

/// Exact laws of networks against the truncated factorisation written plainly, and rows against exact laws.
@Suite struct NetworkProbabilityTests {
  /// A network of 1 to 5 variables of 1 to 3 states, some of whose probabilities are 0.
  private func network(seed: UInt64) throws -> (BayesianNetwork, WordSequence) {
    var words = TaskKey(seed: seed).words(purpose: .family)
    let count = 1 + words.next(below: 5)
    let states = (0..<count).map { _ in 1 + words.next(below: 3) }
    // An order of the names that is not that of the graph.
    let order = words.permutation(of: count)
    var variables = [BayesianNetwork.Variable?](repeating: nil, count: count)
    for place in 0..<count {
      let node = order[place]
      var parents: [Int] = []
      for before in order[..<place] where words.next(below: 2) == 0 { parents.append(before) }
      let rows = parents.reduce(1) { $0 * states[$1] }
      var table: [Double] = []
      for _ in 0..<rows {
        var weights: [Double] = []
        for k in 0..<states[node] {
          weights.append(k > 0 && words.next(below: 5) == 0 ? 0 : 1 + Double(words.next(below: 9)))
        }
        let sum = weights.reduce(0, +)
        table += weights.map { $0 / sum }
      }
      variables[node] = BayesianNetwork.Variable(
        "v\(node)", parents: parents.map { "v\($0)" }, states: (0..<states[node]).map { "s\($0)" }, probabilities: table
      )
    }
    return (try BayesianNetwork(variables.compactMap { $0 }), words)
  }

  /// P(x | do(held)) of all variables by the product of the laws of those that aren't held, over all combinations.
  private func plainly(
    _ network: BayesianNetwork, of targets: [Int], under held: [Int: Int]
  ) -> [Double] {
    let counts = network.variables.map(\.states.count)
    var law = [Double](repeating: 0, count: targets.reduce(1) { $0 * counts[$1] })
    for index in 0..<counts.reduce(1, *) {
      var (rest, x) = (index, [Int](repeating: 0, count: counts.count))
      for node in counts.indices.reversed() {
        x[node] = rest % counts[node]
        rest /= counts[node]
      }
      guard held.allSatisfy({ x[$0.key] == $0.value }) else { continue }
      var product = 1.0
      for node in counts.indices where held[node] == nil {
        guard case .table(_, let table) = network.variables[node].law else { continue }
        let row = network.variables[node].parents.reduce(0) { row, name in
          let parent = network.names.firstIndex(of: name) ?? 0
          return row * counts[parent] + x[parent]
        }
        product *= table[row * counts[node] + x[node]]
      }
      law[targets.reduce(0) { $0 * counts[$1] + x[$1] }] += product
    }
    return law
  }

  @Test func lawsAreThoseOfTheTruncatedFactorisation() throws {
    for seed in 0..<300 as Range<UInt64> {
      var (network, words) = try network(seed: seed)
      let count = network.variables.count
      let targets = Array(words.permutation(of: count).prefix(words.next(below: count + 1)))
      var held: [Int: Int] = [:]
      for node in 0..<count where words.next(below: 3) == 0 {
        held[node] = words.next(below: network.variables[node].states.count)
      }
      let found = try network.probabilities(
        of: targets.map { "v\($0)" },
        under: Dictionary(uniqueKeysWithValues: held.map { ("v\($0)", "s\($1)") }))
      let plain = plainly(network, of: targets, under: held)
      #expect(found.count == plain.count)
      #expect(zip(found, plain).allSatisfy { abs($0 - $1) < 1e-14 }, "seed \(seed): \(found) \(plain)")
      #expect(abs(found.reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test func rowsHaveTheExactLaw() throws {
    var powerful = 0
    for seed in 0..<40 as Range<UInt64> {
      var (network, words) = try network(seed: 1000 + seed)
      let count = network.variables.count
      let held = words.next(below: count)
      let state = words.next(below: network.variables[held].states.count)
      let names = network.names
      let law = try network.probabilities(of: names, under: [names[held]: "s\(state)"])
      let task = try SCMFamily(network).sampleTask(seed: seed).do([held: Float(state)])
      let rows = try task.sample(5000)
      let states = network.variables.map(\.states.count)
      var counts = [Int](repeating: 0, count: law.count)
      for row in 0..<5000 { counts[(0..<count).reduce(0) { $0 * states[$1] + Int(rows[row, $1]) }] += 1 }
      #expect(zip(counts, law).allSatisfy { $1 > 0 || $0 == 0 }, "seed \(seed)")
      let possible = law.indices.filter { law[$0] > 0 }
      guard possible.count > 1 else { continue }
      powerful += 1
      // Classes that are expected to come less than five times go together.
      let often = possible.filter { law[$0] * 5000 >= 5 }
      let rest = 1 - often.reduce(0) { $0 + law[$1] }
      var (shown, shares) = (often.map { counts[$0] }, often.map { law[$0] })
      if rest * 5000 >= 5 {
        shown.append(5000 - shown.reduce(0, +))
        shares.append(rest)
      }
      if shown.count > 1 { #expect(fits(shown, shares.map { $0 / shares.reduce(0, +) }), "seed \(seed)") }
    }
    #expect(powerful > 25)
  }

  @Test func aHeldVariableHasAllItsMassAtItsState() throws {
    let garden = try BayesianNetwork(BayesianNetworkTests.garden)
    #expect(try garden.probabilities(of: ["rain"], under: ["rain": "no"]) == [0, 1])
    #expect(try garden.probabilities(of: ["rain"], under: ["wet": "yes"]) == [0.2, 0.8])
    #expect(try garden.probabilities(of: []) == [1])
    let wet = try garden.probabilities(of: ["wet"], under: ["rain": "yes", "sprinkler": "off"])
    #expect(wet == [0.8, 0.2])
  }

  /// A chain of 400 variables has a law that no enumeration of all combinations would reach.
  @Test func longChainsAreSummedStepByStep() throws {
    let root = BayesianNetwork.Variable("v0", states: ["a", "b"], probabilities: [1, 0])
    let links = (1..<400).map {
      BayesianNetwork.Variable(
        "v\($0)", parents: ["v\($0 - 1)"], states: ["a", "b"], probabilities: [0.99, 0.01, 0.01, 0.99])
    }
    let law = try BayesianNetwork([root] + links).probabilities(of: ["v399"])
    // Each link keeps the state with 0.99: the difference of both shrinks by 0.98.
    var difference = 1.0
    for _ in 1..<400 { difference *= 0.98 }
    #expect(abs(law[0] - (1 + difference) / 2) < 1e-12)
  }

  @Test(arguments: [
    (["wert"], [:], "of[0] = \"wert\": must be the name of a variable of the network (did you mean wet?)."),
    (["wet", "wet"], [:], "of[1] = \"wet\": must be named once."),
    (["wet"], ["rain": "maybe"], "do.rain = \"maybe\": must be one of its states, yes, no."),
    (["wet"], ["x": "yes"], "do = \"x\": must be discrete: only these have a finite law."),
    (["wet"], ["snow": "yes"], "do = \"snow\": must be the name of a variable of the network"),
  ])
  func wrongQuestionsAreRefused(targets: [String], held: [String: String], sentence: String) throws {
    let line = BayesianNetwork.Variable("x", law: .linearGaussian(intercept: 0, coefficients: [], variance: 1))
    let network = try BayesianNetwork(BayesianNetworkTests.garden + [line])
    let error = #expect(throws: ConfigError.self) { try network.probabilities(of: targets, under: held) }
    #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "")")
  }

  @Test func tooWideNetworksAreRefusedInASentence() throws {
    // A grid is as wide as its side.
    let side = 30
    func name(_ i: Int, _ j: Int) -> String { "v\(i)_\(j)" }
    var variables: [BayesianNetwork.Variable] = []
    for i in 0..<side {
      for j in 0..<side {
        let parents = (i > 0 ? [name(i - 1, j)] : []) + (j > 0 ? [name(i, j - 1)] : [])
        variables.append(
          .init(
            name(i, j), parents: parents, states: ["a", "b"],
            probabilities: [Double](repeating: 0.5, count: 2 << parents.count)))
      }
    }
    let grid = try BayesianNetwork(variables)
    let error = #expect(throws: ConfigError.self) { try grid.probabilities(of: [name(side - 1, side - 1)]) }
    #expect(error?.description.contains("no step takes more than 4194304 combinations of states") == true)
    // A corner has few ancestors.
    #expect(try grid.probabilities(of: [name(3, 3)]).count == 2)
    let many = #expect(throws: ConfigError.self) { try grid.probabilities(of: (0..<30).map { name(0, $0) }) }
    #expect(many?.path == "of")
  }

  /// Linear-Gaussian laws: means and covariances of rows against the recursion over the published numbers.
  @Test func linearGaussianRowsHaveTheirMoments() throws {
    typealias Variable = BayesianNetwork.Variable
    let network = try BayesianNetwork([
      Variable("x", law: .linearGaussian(intercept: 2, coefficients: [], variance: 4)),
      Variable("y", parents: ["x"], law: .linearGaussian(intercept: -1, coefficients: [0.5], variance: 1)),
      Variable("z", parents: ["y", "x"], law: .linearGaussian(intercept: 0, coefficients: [2, 1], variance: 0.25)),
    ])
    let count = 40_000
    let rows = try SCMFamily(network).sampleTask(seed: 11).sample(count)
    // x = 2 + 2a, y = b + a, z = 2y + x + c/2 = 2 + 4a + 2b + c/2.
    let (means, variances) = ([2, 0, 2.0], [4, 2, 20.25])
    for node in 0..<3 {
      let found = Sample(rows.column(node))
      let root = Double(count).squareRoot()
      #expect(abs(found.mean - means[node]) < 5 * variances[node].squareRoot() / root)
      #expect(abs(found.variance - variances[node]) < 5 * variances[node] * 2.0.squareRoot() / root)
    }
    // A correlation of r has the deviation (1 − r²) / √n.
    for (a, b, covariance) in [(0, 1, 2.0), (0, 2, 8.0), (1, 2, 6.0)] {
      let exact = covariance / (variances[a] * variances[b]).squareRoot()
      let found = correlation(rows.column(a), rows.column(b))
      #expect(abs(found - exact) < 5 * (1 - exact * exact) / Double(count).squareRoot(), "\(a) \(b)")
    }
  }
}
