import SCMBase
import SCMExperiments
import SCMFamilies
import SCMGraphs
import Testing

// Both worlds of a row have the same noise: experiments.md §4; Galles, Pearl, "An axiomatic characterization of causal counterfactuals",
// Foundations of Science 3 (1998).

@Suite struct CounterfactualTests {
  private func both(_ instance: SCMInstance, _ interventions: String) throws -> (
    x: [Float], other: [Float], data: ExperimentData
  ) {
    let data = try instance.run(
      Design(json: #"{"n_samples": 20, "counterfactuals": {}, "interventions": {"n_samples": 90, \#(interventions)}}"#))
    return (try #require(data.floats("X")), try #require(data.floats("X_counterfactual")), data)
  }

  /// x′ⱼ − xⱼ = (v − xₖ)·Tₖⱼ in each row, which noise of its own would miss by its own size.
  @Test(arguments: 0..<10 as Range<UInt64>) func linearEffectsFollowThePaths(seed: UInt64) throws {
    let instance = try LinearSCM.family(nodes: 6).sampleTask(seed: seed)
    let total = try LinearSCM(instance).total
    let (x, other, data) = try both(instance, #""regimes": 6, "values": "normal", "value_deviation": 3"#)
    let (regimes, targets) = try (#require(data.integers("regime")), #require(data.flags("targets")))
    for r in regimes.indices {
      guard let k = (0..<6).first(where: { targets[regimes[r] * 6 + $0] }) else {
        #expect(x[(r * 6)..<(r * 6 + 6)] == other[(r * 6)..<(r * 6 + 6)])
        continue
      }
      let change = Double(other[r * 6 + k]) - Double(x[r * 6 + k])
      for j in 0..<6 {
        let found = Double(other[r * 6 + j]) - Double(x[r * 6 + j])
        #expect(abs(found - change * total[k][j]) < 1e-4 * (1 + abs(change) + abs(Double(x[r * 6 + j]))))
        if total[k][j] == 0 { #expect(other[r * 6 + j].bitPattern == x[r * 6 + j].bitPattern) }
      }
    }
  }

  /// Consistency: holding a node at the value that it has changes no byte. Composition: holding another at what it then has neither.
  @Test(arguments: ["none", "inputs", "internal"], [UInt64](0..<4)) func worldsAreConsistent(mode: String, seed: UInt64)
    throws
  {
    let family = try SCMFamily(
      FamilyConfig(
        json:
          #"{"n_nodes": 6, "standardization": "\#(mode)", "mechanism_proportions": {"linear": 1, "mlp": 1, "gp": 1}}"#))
    let instance = try family.sampleTask(seed: seed)
    let rows = try instance.sample(1)
    for node in 0..<6 {
      let held = try instance.do([node: rows[0, node]])
      #expect(try held.sample(1).values.map(\.bitPattern) == rows.values.map(\.bitPattern))
      let moved = try instance.do([node: rows[0, node] + 1]).sample(1)
      // Effectiveness.
      #expect(moved[0, node] == rows[0, node] + 1)
      for other in 0..<6 where other != node {
        let both = try instance.do([node: rows[0, node] + 1, other: moved[0, other]]).sample(1)
        #expect(both.values.map(\.bitPattern) == moved.values.map(\.bitPattern))
      }
    }
  }

  /// Reversibility: if holding w makes y and holding y makes w, then neither had to be held. In a graph without cycles no other pair than
  /// the one that follows from x alone makes each other.
  @Test(arguments: ["none", "internal"], [UInt64](0..<3)) func worldsAreReversible(mode: String, seed: UInt64) throws {
    let family = try SCMFamily(
      FamilyConfig(
        json:
          #"{"n_nodes": 5, "standardization": "\#(mode)", "mechanism_proportions": {"linear": 1, "mlp": 1, "gp": 1}}"#))
    let instance = try family.sampleTask(seed: seed)
    func world(_ held: [Int: Float]) throws -> [Float] { try instance.do(held).sample(1).values }
    var told = 0
    for x in 0..<5 {
      let start = try instance.sample(1)[0, x] + 1
      let alone = try world([x: start])
      for y in 0..<5 {
        for w in 0..<5 where x != y && y != w && w != x {
          for other in [alone[w], alone[w] + 1] {
            let made = try world([x: start, w: other])[y]
            guard try world([x: start, y: made])[w].bitPattern == other.bitPattern else { continue }
            #expect(made.bitPattern == alone[y].bitPattern, "x = \(x), y = \(y), w = \(w)")
            told += 1
          }
        }
      }
    }
    // Each of the 60 triples has the pair that follows from x alone.
    #expect(told >= 60)
  }

  /// Other noise is no counterfactual: the same rows under the regime alone, drawn afresh, are not what this gives.
  @Test func itIsNotNoiseOfItsOwn() throws {
    let instance = try LinearSCM.family(nodes: 6).sampleTask(seed: 2)
    let fresh = try instance.run(
      Design(json: #"{"n_samples": 20, "interventions": {"n_samples": 90, "regimes": 6}}"#), draw: 1)
    let (_, other, data) = try both(instance, #""regimes": 6"#)
    #expect(try #require(fresh.floats("X"))[120...] != other[120...])
    #expect(fresh.flags("targets") == data.flags("targets"))
    // And of the design without both worlds the rows are the other world's to the byte.
    let alone = try instance.run(Design(json: #"{"n_samples": 20, "interventions": {"n_samples": 90, "regimes": 6}}"#))
    #expect(try #require(alone.floats("X")).map(\.bitPattern) == other.map(\.bitPattern))
  }
}
