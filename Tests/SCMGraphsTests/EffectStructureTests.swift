import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// The textbooks' structures: their fixed edges, the law of the others, and what makes the effect be found.
struct EffectStructureTests {
  static let kinds = [BackDoor.kind, HiddenConfounder.kind, Instrument.kind, FrontDoor.kind]

  private func structure(_ kind: String, edgesPerNode: Double, ratio: Double = 1) throws -> any EffectStructure {
    var structure = try #require(GraphModels.named(kind)?.init() as? any EffectStructure)
    (structure.edgesPerNode, structure.ratio) = (edgesPerNode, ratio)
    return structure
  }

  /// Of ten nodes: those with roles, and the edges among them.
  private static let expected: [(kind: String, roles: [Int?], edges: [(Int, Int)])] = [
    ("back_door", [8, 9, nil, nil, nil], [(8, 9)]),
    ("hidden_confounder", [8, 9, 7, nil, nil], [(7, 8), (7, 9), (8, 9)]),
    ("instrument", [8, 9, 7, 6, nil], [(6, 8), (7, 8), (7, 9), (8, 9)]),
    ("front_door", [8, 9, 7, nil, 6], [(6, 9), (7, 8), (7, 9), (8, 6)]),
  ]

  @Test(arguments: 0..<4) func nodesWithRolesHaveTheirEdgesAndNoOther(number: Int) throws {
    let (kind, nodes, edges) = Self.expected[number]
    let structure = try structure(kind, edgesPerNode: 1.9)
    let roles = structure.roles(nodeCount: 10)
    #expect([roles.treatment, roles.outcome, roles.hidden, roles.instrument, roles.mediator] == nodes)
    #expect(roles.covariates == 0..<(10 - nodes.count { $0 != nil }))
    for seed in 0..<200 as Range<UInt64> {
      let found = try structure.sample(nodeCount: 10, key: TaskKey(seed: seed)).adjacency.edges
      let fixed = found.filter { !roles.covariates.contains($0.parent) }
      #expect(fixed.map { [$0.parent, $0.child] } == edges.map { [$0.0, $0.1] }, "seed \(seed)")
      let ends = Set(found.filter { roles.covariates.contains($0.parent) }.map(\.child))
      #expect(ends.isSubset(of: Set(roles.covariates).union([8, 9])), "seed \(seed)")
    }
  }

  /// X → T and X → Y with p each, either way between covariates with p/4.
  @Test(arguments: kinds) func covariatesAreLinkedByCoinsOfTheirOwn(kind: String) throws {
    let (n, tasks) = (9, 20_000)
    let structure = try structure(kind, edgesPerNode: 1, ratio: 0.25)
    let roles = structure.roles(nodeCount: n)
    let k = Double(roles.covariates.count)
    let p = (9 - Double(Self.expected.first { $0.kind == kind }?.edges.count ?? 0)) / (2 * k + k * (k - 1) / 8)
    var counts = [Int](repeating: 0, count: n * n)
    var both = 0
    for seed in 0..<UInt64(tasks) {
      let graph = try structure.sample(nodeCount: n, key: TaskKey(seed: seed)).adjacency
      for (parent, child) in graph.edges { counts[parent * n + child] += 1 }
      if graph[0, roles.treatment], graph[0, roles.outcome] { both += 1 }
    }
    func expectShare(_ count: Int, _ probability: Double, _ name: String) {
      let band = 5 * (Double(tasks) * probability * (1 - probability)).squareRoot()
      #expect(abs(Double(count) - Double(tasks) * probability) <= band, "\(name): \(count) of \(tasks), \(probability)")
    }
    for x in roles.covariates {
      expectShare(counts[x * n + roles.treatment], p, "\(x) to the treatment")
      expectShare(counts[x * n + roles.outcome], p, "\(x) to the outcome")
      for z in 0..<x { expectShare(counts[x * n + z] + counts[z * n + x], p / 4, "\(x) and \(z)") }
    }
    expectShare(both, p * p, "0 to both")
  }

  @Test(arguments: kinds) func theDensestHasAllPairsAndTheSparsestItsOwnEdges(kind: String) throws {
    let fixed = try #require(Self.expected.first { $0.kind == kind }).edges.count
    for n in [4, 5, 12] {
      let k = try structure(kind, edgesPerNode: 1).roles(nodeCount: n).covariates.count
      let most = fixed + 2 * k + k * (k - 1) / 2
      for count in [fixed, most] {
        let structure = try structure(kind, edgesPerNode: Double(count) / Double(n))
        #expect(try structure.sample(nodeCount: n, key: TaskKey(seed: 1)).edgeCount == count)
      }
      for density in [Double(fixed) / Double(n) - 1e-3, Double(most) / Double(n) + 1e-3] {
        let structure = try structure(kind, edgesPerNode: density)
        let error = #expect(throws: ConfigError.self) { try structure.sample(nodeCount: n, key: TaskKey(seed: 1)) }
        #expect(error?.path == "sparsity_param" && error?.value == "\(density)")
      }
    }
  }

  @Test func whatCannotBeIsRefusedInWords() throws {
    func sentence(_ kind: String, _ nodeCount: Int, _ edgesPerNode: Double, _ ratio: Double) throws -> String? {
      let structure = try structure(kind, edgesPerNode: edgesPerNode, ratio: ratio)
      return #expect(throws: ConfigError.self) { try structure.check(nodeCount: nodeCount) }?.description
    }
    #expect(
      try sentence("instrument", 3, 1, 1)
        == "n_nodes = 3: must be at least 4 for instrument graphs: one node for each role.")
    #expect(try sentence("front_door", 9, 1, 1.5) == "front_door_ratio = 1.5: must be a number from 0.0 to 1.0.")
    #expect(
      try sentence("back_door", 7, 0.1, 0.5)
        == "sparsity_param = 0.1: must be from 0.1429 to 2.2857 expected edges per node for back_door graphs of 7 nodes: "
        + "the edges of its roles (1) are always there, those of covariates may be, with ratio 0.5.")
  }

  /// In exact arithmetic, for random weights: what finds the effect, and what doesn't where U is hidden.
  @Test(arguments: 0..<20 as Range<UInt64>) func theEffectIsFoundAsTheStructuresSay(seed: UInt64) throws {
    func model(_ kind: String) throws -> (Adjustment, EffectRoles, covariance: ResidueMatrix, effect: Residue) {
      let structure = try structure(kind, edgesPerNode: 2)
      let roles = structure.roles(nodeCount: 11)
      let graph = try structure.sample(nodeCount: 11, key: TaskKey(seed: seed))
      let model = ExactLinearModel(graph.adjacency, seed: seed)
      return (
        Adjustment(in: graph, treatment: roles.treatment, outcome: roles.outcome), roles, model.covariance,
        model.totalEffects[roles.treatment, roles.outcome]
      )
    }
    func coefficient(of y: Int, on regressors: [Int], _ covariance: ResidueMatrix) throws -> Residue {
      try (#require(covariance[regressors, regressors].inverse) * covariance[regressors, [y]])[0, 0]
    }
    var (adjustment, roles, s, effect) = try model("back_door")
    var (t, y) = (roles.treatment, roles.outcome)
    #expect(try coefficient(of: y, on: [t] + roles.covariates, s) == effect)
    #expect(adjustment.isAdjustmentSet(Array(roles.covariates)))
    (adjustment, roles, s, effect) = try model("hidden_confounder")
    (t, y) = (roles.treatment, roles.outcome)
    let hidden = try #require(roles.hidden)
    #expect(try coefficient(of: y, on: [t, hidden] + roles.covariates, s) == effect)
    #expect(try coefficient(of: y, on: [t] + roles.covariates, s) != effect)
    #expect(adjustment.adjustmentSet(hiding: [hidden]) == nil)
    (adjustment, roles, s, effect) = try model("instrument")
    (t, y) = (roles.treatment, roles.outcome)
    let z = try #require(roles.instrument)
    #expect(s[z, y] * s[z, t].inverse == effect)
    #expect(try adjustment.adjustmentSet(hiding: [#require(roles.hidden)]) == nil)
    (adjustment, roles, s, effect) = try model("front_door")
    (t, y) = (roles.treatment, roles.outcome)
    let m = try #require(roles.mediator)
    #expect(try coefficient(of: m, on: [t], s) * coefficient(of: y, on: [m, t], s) == effect)
    #expect(try adjustment.adjustmentSet(hiding: [#require(roles.hidden)]) == nil)
    #expect(adjustment.causalNodes == [m, y])
  }
}
