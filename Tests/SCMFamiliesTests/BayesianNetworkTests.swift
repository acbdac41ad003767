import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// Known networks: what they check, and the tasks that they give.
@Suite struct BayesianNetworkTests {
  typealias Variable = BayesianNetwork.Variable

  /// rain → wet ← sprinkler, with wet declared first and its parents out of order.
  static let garden: [Variable] = [
    Variable(
      "wet", parents: ["sprinkler", "rain"], states: ["yes", "no"],
      // sprinkler is low, high, off; rain changes fastest.
      probabilities: [0.9, 0.1, 0.5, 0.5, 0.95, 0.05, 0.7, 0.3, 0.8, 0.2, 0.05, 0.95]),
    Variable("rain", states: ["yes", "no"], probabilities: [0.2, 0.8]),
    Variable("sprinkler", states: ["low", "high", "off"], probabilities: [0.3, 0.1, 0.6]),
  ]

  @Test func parentsAscendAndTheirTableFollows() throws {
    let wet = try BayesianNetwork(Self.garden).variables[0]
    #expect(wet.parents == ["rain", "sprinkler"])
    #expect(
      wet.law
        == .table(
          states: ["yes", "no"], probabilities: [0.9, 0.1, 0.95, 0.05, 0.8, 0.2, 0.5, 0.5, 0.7, 0.3, 0.05, 0.95]))
    let swapped = Variable("wet", parents: ["rain", "sprinkler"], law: wet.law)
    #expect(try BayesianNetwork([swapped] + Self.garden.dropFirst()) == BayesianNetwork(Self.garden))
  }

  @Test func coefficientsFollowTheirParents() throws {
    let line = Variable(
      "z", parents: ["y", "x"], law: .linearGaussian(intercept: 1, coefficients: [5, 7], variance: 4))
    let roots = ["x", "y"].map { Variable($0, law: .linearGaussian(intercept: 0, coefficients: [], variance: 1)) }
    let network = try BayesianNetwork(roots + [line])
    #expect(network.variables[2].law == .linearGaussian(intercept: 1, coefficients: [7, 5], variance: 4))
    let task = try SCMFamily(network).sampleTask(seed: 3)
    #expect(task.mechanisms[2] as? LinearMechanism == LinearMechanism(weights: [7, 5], bias: 1, noiseScale: 2))
    #expect(task.valueKinds.isEmpty)
  }

  @Test func rowsAreScaledToSumOneAndReadBackTheSame() throws {
    let network = try BayesianNetwork([Variable("a", states: ["x", "y", "z"], probabilities: [0.333, 0.333, 0.333])])
    guard case .table(_, let found) = network.variables[0].law else { return }
    #expect(found.allSatisfy { abs($0 - 1.0 / 3) < 1e-15 })
    #expect(try BayesianNetwork(network.variables) == network)
  }

  @Test(arguments: [
    (
      [Variable("a", states: ["x", "y"], probabilities: [0.5, 0.4])], "variables[0].probabilities = a row of sum 0.9: "
    ),
    (
      [Variable("a", states: ["x", "y"], probabilities: [1.5, -0.5])],
      "variables[0].probabilities = 1.5: must be from 0"
    ),
    ([Variable("a", states: ["x", "y"], probabilities: [.nan, 0.5])], "= nan: must be from 0 to 1."),
    ([Variable("a", states: ["x", "y"], probabilities: [1])], "variables[0].probabilities = 1 numbers: must be 2"),
    ([Variable("a", states: ["x", "x"], probabilities: [1, 0])], "variables[0].states = \"x\": must be named once."),
    ([Variable("a", states: [], probabilities: [])], "variables[0].states = 0 of them: must be from 1 to 1024."),
    ([Variable("", states: ["x"], probabilities: [1])], "variables[0].name = \"\": must have a letter or more."),
    ([], "variables = 0 of them: must be from 1 to 2048."),
    (garden + [garden[1]], "variables[3].name = \"rain\": must be the name of one variable alone."),
    (
      [Variable("wet", parents: ["rian"], states: ["x"], probabilities: [1]), garden[1]],
      "variables[0].parents = \"rian\": must be the name of a variable (did you mean rain?)."
    ),
    (
      [Variable("wet", parents: ["rain", "rain"], states: ["x"], probabilities: [1, 1, 1, 1]), garden[1]],
      "variables[0].parents = \"rain\": must be named once."
    ),
    (
      [
        Variable("x", parents: ["rain"], law: .linearGaussian(intercept: 0, coefficients: [1], variance: 1)), garden[1],
      ],
      "variables[0].parents = \"rain\": must be linear-Gaussian, as the variable itself is."
    ),
    (
      [
        Variable("d", parents: ["x"], states: ["a"], probabilities: [1]),
        Variable("x", law: .linearGaussian(intercept: 0, coefficients: [], variance: 1)),
      ], "variables[0].parents = \"x\": must be discrete, as the variable itself is."
    ),
    (
      [Variable("x", law: .linearGaussian(intercept: 0, coefficients: [1], variance: 1))],
      "variables[0].coefficients = 1 numbers: must be 0, one for each parent."
    ),
    (
      [Variable("x", law: .linearGaussian(intercept: .infinity, coefficients: [], variance: 1))],
      "variables[0].intercept = inf: must be finite, as a float32 too."
    ),
    (
      [Variable("x", law: .linearGaussian(intercept: 0, coefficients: [], variance: -1))],
      "variables[0].variance = -1.0: must be a finite number >= 0."
    ),
  ])
  func whatIsWrongIsSaidInASentence(variables: [Variable], sentence: String) {
    let error = #expect(throws: ConfigError.self) { try BayesianNetwork(variables) }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }

  @Test func aFaultyRowIsToldByItsParentsStates() {
    var variables = Self.garden
    variables[0] = Variable(
      "wet", parents: ["sprinkler", "rain"], states: ["yes", "no"],
      probabilities: [0.9, 0.1, 0.5, 0.5, 0.95, 0.05, 0.7, 0.4, 0.8, 0.2, 0.05, 0.95])
    let error = #expect(throws: ConfigError.self) { try BayesianNetwork(variables) }
    #expect(
      error?.value.hasSuffix("at sprinkler = high, rain = no") == true
        && error?.value.hasPrefix("a row of sum 1.1") == true)
  }

  @Test func aCycleIsNamedByItsVariables() {
    func variable(_ name: String, _ parents: [String]) -> Variable {
      Variable(name, parents: parents, states: ["x"], probabilities: [1])
    }
    let variables = [
      variable("a", []), variable("b", ["a", "d"]), variable("c", ["b"]), variable("d", ["c"]), variable("e", ["d"]),
    ]
    let error = #expect(throws: ConfigError.self) { try BayesianNetwork(variables) }
    #expect(
      error?.description == "variables[1].parents = b -> c -> d -> b: must close no cycle: this is no DAG.")
    #expect(throws: ConfigError.self) { try BayesianNetwork([variable("a", ["a"])]) }
  }

  @Test func aTableTooLargeIsRefusedBeforeItIsMade() {
    let roots = (0..<40).map { Variable("r\($0)", states: ["a", "b"], probabilities: [0.5, 0.5]) }
    let child = Variable("child", parents: roots.map(\.name), states: ["a", "b"], probabilities: [0.5, 0.5])
    let error = #expect(throws: ConfigError.self) { try BayesianNetwork(roots + [child]) }
    #expect(error?.path == "variables[40].probabilities" && error?.value.contains("16777216") == true)
  }

  @Test func theCanonicalTextReadsBackTheSame() throws {
    let lines: [Variable] = [
      Variable("x", law: .linearGaussian(intercept: 0.1, coefficients: [], variance: 2)),
      Variable("y \"q\"", parents: ["x"], law: .linearGaussian(intercept: 0, coefficients: [-1e-7], variance: 1e3)),
    ]
    let specification = FamilySpecification.network(try BayesianNetwork(Self.garden + lines))
    let again = try FamilySpecification(json: specification.canonicalJSON)
    #expect(again.canonicalJSON == specification.canonicalJSON && again.fingerprint == specification.fingerprint)
    guard case .network(let network) = again else { throw ConfigError(path: "", value: "", reason: "") }
    #expect(try network == BayesianNetwork(Self.garden + lines))
    #expect(JSONValue.object(specification.relevantMembers).text == specification.canonicalJSON)
  }

  @Test(arguments: [
    (#"{"network": [], "n_nodes": 3}"#, "n_nodes = 3: must be left out"),
    (#"{"network": {"variables": [1]}}"#, "network.variables[0] = 1: must be an object."),
    (#"{"network": {"variables": [], "name": "x"}}"#, "must be an object with the one member variables"),
    (#"{"network": {"variables": [{"name": "a"}]}}"#, "network.variables[0].variance = null: must be a number"),
    (
      #"{"network": {"variables": [{"name": "a", "states": ["x"], "probability": [1]}]}}"#,
      "network.variables[0].probability = [1]: must be one of name, parents, states, probabilities."
    ),
    (
      #"{"network": {"variables": [{"name": "a", "states": ["x"], "probabilities": [0.5]}]}}"#,
      "network.variables[0].probabilities = a row of sum 0.5: must sum to 1"
    ),
    (#"{"mixture": [{"family": {"network": {"variables": []}}}]}"#, "mixture[0].variables = 0 of them"),
    (#"{"mixture": [{"family": {"mixture": [{"family": {}}]}}]}"#, "mixture[0].family = a mixture: must be a single"),
  ])
  func configurationsAreRefusedByTheirMember(json: String, sentence: String) {
    let error = #expect(throws: ConfigError.self) { try FamilySpecification(json: json) }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }

  @Test func tasksHaveTheGraphAndRowsOfTheirOwn() throws {
    let network = try BayesianNetwork(Self.garden)
    let family = try SCMFamily(network)
    #expect(family.nodeCounts == 3...3 && family.mayBeDiscrete && family.config == nil)
    let (a, b) = (try family.sampleTask(seed: 1), try family.sampleTask(seed: 2))
    #expect(a.graph == network.graph && b.graph == network.graph)
    #expect(a.adjacency.edges.map { "\($0)" } == ["(parent: 1, child: 0)", "(parent: 2, child: 0)"])
    #expect(try a.sample(200) != b.sample(200))
    #expect(try a.sample(200) == family.sampleTask(seed: 1).sample(200))
    #expect(a.valueKinds == [.classes(2), .classes(2), .classes(3)])
  }

  @Test func anotherGraphIsRefused() throws {
    let family = try SCMFamily(BayesianNetwork(Self.garden))
    let other = try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 3))
    #expect(throws: SamplingError.self) { try family.instance(over: other, seed: 1) }
    let larger = try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 4))
    #expect(throws: SamplingError.self) { try family.instance(over: larger, seed: 1) }
    #expect(throws: Never.self) { try family.instance(over: BayesianNetwork(Self.garden).graph, seed: 1) }
  }

  @Test func aMixtureMayHoldANetwork() throws {
    let network = try BayesianNetwork(Self.garden)
    let mixture = try FamilyMixture([
      .init(weight: 1, network: network), .init(weight: 1, config: FamilyConfig(json: #"{"n_nodes": 5}"#)),
    ])
    let specification = FamilySpecification.mixture(mixture)
    #expect(try FamilySpecification(json: specification.canonicalJSON).fingerprint == specification.fingerprint)
    let family = try SCMFamily(specification)
    let alone = try SCMFamily(network)
    #expect(family.nodeCounts == 3...5)
    for seed in 0..<20 as Range<UInt64> {
      let task = try family.sampleTask(seed: seed)
      #expect(task.nodeCount == (task.component == 0 ? 3 : 5))
      if task.component == 0 { #expect(try task.sample(20) == alone.sampleTask(seed: seed).sample(20)) }
    }
    // A mixture of one gives that one's tasks, and is that one.
    let single = FamilySpecification.mixture(try FamilyMixture([.init(weight: 2, network: network)]))
    #expect(single.fingerprint == FamilySpecification.network(network).fingerprint)
  }
}
