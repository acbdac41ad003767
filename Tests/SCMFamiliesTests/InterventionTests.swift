import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMTestSupport
import Testing

/// do(X = v): the node is held at the value, everything behind it follows, nothing else moves.
@Suite struct InterventionTests {
  private func instance(_ mode: String, seed: UInt64) throws -> SCMInstance {
    try SCMFamily(
      json: """
        {"n_nodes": 9, "sparsity_param": 2, "mlp_hidden": [5, 6], "gpcde_features": 24, "gp_features": 12,
         "mechanism_proportions": {"linear": 1, "mlp": 1, "gpcde": 1, "gp": 1}, "standardization": "\(mode)"}
        """
    ).sampleTask(seed: seed)
  }

  @Test(arguments: FamilyConfig.Standardization.allCases.map(\.rawValue))
  func reachesAllChildrenAndDescendantsOnly(mode: String) throws {
    for seed in 0..<6 as Range<UInt64> {
      let instance = try instance(mode, seed: seed)
      let observed = try instance.sample(300)
      for target in 0..<9 {
        let samples = try instance.do([target: 3.25]).sample(300)
        #expect(samples.column(target) == [Float](repeating: 3.25, count: 300))
        var reached: Set = [target]
        for node in instance.topologicalOrder where instance.parents[node].contains(where: reached.contains) {
          reached.insert(node)
        }
        for node in 0..<9 where !reached.contains(node) {
          #expect(observed.column(node) == samples.column(node), "seed \(seed): \(target) does not lead to \(node)")
        }
        for child in instance.adjacency.children(of: target) {
          #expect(observed.column(child) != samples.column(child), "seed \(seed): \(target) leads to \(child)")
        }
      }
    }
  }

  @Test func cutsTheIncomingEdges() throws {
    let instance = try instance("none", seed: 2)
    let target = try #require((0..<9).first { !instance.parents[$0].isEmpty })
    let after = try instance.do([target: 1])
    #expect(after.parents[target].isEmpty)
    #expect(after.adjacency.parents(of: target).isEmpty)
    #expect(after.mechanisms[target].kind == "constant")
    #expect(after.adjacency.children(of: target) == instance.adjacency.children(of: target))
    #expect(after.topologicalOrder == instance.topologicalOrder)
    #expect(after.scalings[target].inputs.isEmpty)
  }

  @Test func severalNodesAtOnceAreOneAfterTheOther() throws {
    let instance = try instance("internal", seed: 3)
    let both = try instance.do([1: -1, 4: 2.5]).sample(50)
    #expect(try instance.do([1: -1]).do([4: 2.5]).sample(50) == both)
    #expect(try instance.do([:]).sample(50) == instance.sample(50))
  }

  /// Under a linear SCM, do(Xᵢ = c) moves the mean of each node by c times the sum of all paths' products.
  @Test func movesLinearMeansByTheTotalEffect() throws {
    let family = try SCMFamily.linear(weights: LinearExample.weights, noiseVariances: LinearExample.noiseVariances)
    let instance = try family.sampleTask(seed: 5)
    let (low, high) = (try instance.do([0: 0]).sample(500), try instance.do([0: 1]).sample(500))
    // 0 → 1 → 3 and 0 → 2 → 3: 0.8·0.5 − 1.5·2. Both draws share their noise, so each row moves by exactly that.
    for (node, effect) in [(1, 0.8), (2, -1.5), (3, -2.6)] as [(Int, Float)] {
      for (a, b) in zip(low.column(node), high.column(node)) { #expect(abs(b - a - effect) < 1e-5) }
    }
  }

  @Test func refusesWhatIsNoNodeOrNoNumber() throws {
    let instance = try instance("none", seed: 2)
    for node in [-1, 9, Int.max] { #expect(throws: ConfigError.self) { try instance.do([node: 1]) } }
    for value in [Float.nan, .infinity] { #expect(throws: ConfigError.self) { try instance.do([0: value]) } }
  }
}
