import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMMechanisms
import SCMTestSupport
import Testing

/// Designs on SCMs whose nodes have classes and counts.
@Suite struct DiscreteDesignTests {
  private func family(_ options: String = "") throws -> SCMFamily {
    try SCMFamily(
      json: """
        {"n_nodes": 8, "sparsity_param": 1.5, "calibration_rows": 64, "mlp_hidden": [4],
         "mechanism_proportions": {"linear": 2, "mlp": 1, "categorical": 2, "binary": 1, "count": 1}\(options)}
        """)
  }

  @Test func arraysTellKinds() throws {
    let family = try family()
    let data = try family.experiments(Design(json: #"{"n_samples": 20}"#), seeds: [1, 2, 3])
    #expect(data.shape("kind") == [3, 8] && data.shape("n_classes") == [3, 8])
    let (kinds, classes) = (try #require(data.integers("kind")), try #require(data.integers("n_classes")))
    for (task, seed) in [1, 2, 3].enumerated() {
      let instance = try family.sampleTask(seed: UInt64(seed))
      for node in 0..<8 {
        #expect(kinds[8 * task + node] == Int(instance.valueKind(of: node).number))
        #expect(classes[8 * task + node] == instance.valueKind(of: node).classCount)
      }
    }
    let plain = try SCMFamily(json: #"{"n_nodes": 8, "sparsity_param": 1}"#)
    #expect(try plain.experiments(Design(json: #"{"n_samples": 20}"#), seeds: [1]).shape("kind") == nil)
  }

  /// Classes that do() sets are uniform: each count within five deviations of a binomial; counts are whole and not below 0.
  @Test(arguments: ["normal", "uniform", "signed_uniform"]) func valuesAreOnesOfTheirNode(law: String) throws {
    let instance = try family().sampleTask(seed: 4)
    for (kind, part) in [("do", "regime"), ("do", "row"), ("stochastic", "row")] {
      let data = try instance.run(
        Design(
          json: """
            {"n_samples": 4, "interventions": {"n_samples": 16000, "regimes": null, "allocation": "every_node", "kind": "\(kind)",
             "values": "\(law)", "values_per": "\(part)"}}
            """))
      let x = try #require(data.floats("X"))
      let targets = try #require(data.flags("targets"))
      for node in 0..<8 {
        let regime = try #require((1...8).first { targets[8 * $0 + node] })
        let column = (0..<2000).map { x[(4 + 2000 * (regime - 1) + $0) * 8 + node] }
        let values = instance.valueKind(of: node)
        #expect(column.allSatisfy(values.holds))
        guard values.classCount > 0, part == "row" else { continue }
        let p = 1 / Double(values.classCount)
        for k in 0..<values.classCount {
          #expect(abs(Double(column.count { $0 == Float(k) }) - 2000 * p) < 5 * (2000 * p * (1 - p)).squareRoot())
        }
      }
    }
  }

  @Test(arguments: ["do", "stochastic", "mechanism", "edge_removal"]) func regimesAreTheSameHoweverTheyAreDrawn(
    kind: String
  ) throws {
    let family = try family()
    let design = try Design(
      json: """
        {"n_samples": 700, "interventions": {"n_samples": 900, "regimes": 6, "targets": 2, "kind": "\(kind)", "order": "shuffled"},
         "outputs": ["truth_noise"]}
        """)
    let seeds = (0..<6).map { UInt64($0) }
    let one = try family.experiments(design, seeds: seeds, threads: 1)
    let two = try family.experiments(design, seeds: seeds, threads: 2)
    for name in one.names { #expect(one.bytes(name) == two.bytes(name)) }
    let x = try #require(one.floats("X"))
    for seed in seeds {
      let instance = try family.sampleTask(seed: seed)
      let single = try instance.run(design, family: family)
      #expect(try #require(single.floats("X")) == Array(x[Int(seed) * 1600 * 8..<(Int(seed) + 1) * 1600 * 8]))
      for node in 0..<8 {
        let column = (0..<1600).map { x[(Int(seed) * 1600 + $0) * 8 + node] }
        #expect(column.allSatisfy(instance.valueKind(of: node).holds))
      }
    }
  }

  /// A removed parent's class is drawn from its own law, so that the child no longer depends on it.
  @Test func removedParentsAreReadAsClasses() throws {
    let family = try SCMFamily(
      json: """
        {"n_nodes": 2, "sparsity_param": 0.5, "graph": "fixed_in_degree", "calibration_rows": 4096,
         "mechanism_proportions": {"categorical": 1}, "categorical_classes_min": 3, "categorical_classes_max": 3}
        """)
    let instance = try family.sampleTask(seed: 2)
    let child = try #require(instance.topologicalOrder.last)
    let parent = 1 - child
    let data = try instance.run(
      Design(
        json: """
          {"n_samples": 20000, "interventions": {"n_samples": 40000, "regimes": null, "allocation": "every_node",
           "kind": "edge_removal", "removal": 1}}
          """))
    let (x, targets) = (try #require(data.floats("X")), try #require(data.flags("targets")))
    let regime = try #require((1...2).first { targets[2 * $0 + child] })
    func statistic(_ rows: Range<Int>) -> Double {
      var joint = [Double](repeating: 0, count: 9)
      for row in rows { joint[3 * Int(x[2 * row + parent]) + Int(x[2 * row + child])] += 1 }
      var sum = 0.0
      for i in 0..<3 {
        for j in 0..<3 {
          let expected =
            (0..<3).reduce(0.0) { $0 + joint[3 * i + $1] } * (0..<3).reduce(0.0) { $0 + joint[3 * $1 + j] }
            / Double(rows.count)
          if expected > 0 { sum += (joint[3 * i + j] - expected) * (joint[3 * i + j] - expected) / expected }
        }
      }
      return sum
    }
    // Four degrees of freedom.
    #expect(statistic(0..<20_000) > 200)
    let first = 20_000 + 20_000 * (regime - 1)
    #expect(statistic(first..<(first + 20_000)) < 4 + 5 * 8.0.squareRoot())
  }

  @Test func whatClassesCannotHaveIsRefused() throws {
    let family = try family()
    for kind in ["shift", "noise_scale"] {
      let design = try Design(json: #"{"interventions": {"kind": "\#(kind)"}}"#)
      #expect(throws: ConfigError.self) { try design.check(family) }
    }
    let cut = try self.family(#", "discretized_proportion": 0.5"#)
    #expect(throws: ConfigError.self) {
      try Design(json: #"{"interventions": {"kind": "mechanism"}}"#).check(cut)
    }
  }

  /// Treatment and outcome have continuous values; the others may be covariates.
  @Test func effectsAreThoseOfContinuousNodes() throws {
    let family = try family()
    let design = try Design(
      json:
        #"{"n_samples": 60, "query": 20, "effects": {"mu_draws": 4, "population_rows": 40}, "outputs": ["ancestors"]}"#)
    let data = try family.experiments(design, seeds: (0..<20).map { UInt64($0) })
    let kinds = try #require(data.integers("kind"))
    #expect(data.shape("kind") == [20, 6] && kinds.contains(2) && kinds.contains(0))
    let roles = try #require(data.integers("roles"))
    for seed in 0..<20 {
      // A seed whose graph had no room is drawn again.
      guard let instance = try? family.sampleTask(seed: UInt64(seed)),
        let own = try? instance.run(design, family: family).integers("roles"),
        own == Array(roles[8 * seed..<8 * seed + 8])
      else { continue }
      for (node, role) in own.enumerated() where role == 2 || role == 3 {
        #expect(instance.valueKind(of: node) == .continuous)
      }
    }
  }

  /// Holes may be anywhere; errors, bounds and bins are for continuous values alone.
  @Test func observationLeavesClassesWhole() throws {
    let instance = try family().sampleTask(seed: 6)
    let data = try instance.run(
      Design(
        json: """
          {"n_samples": 500, "observation": {"missing": "mcar", "missing_rate": 0.2, "missing_share": 1, "error_share": 1, "censored_share": 1,
           "rounded_share": 1}}
          """))
    let (x, seen) = (try #require(data.floats("X")), try #require(data.flags("observed")))
    for node in 0..<8 {
      let values = (0..<500).filter { seen[8 * $0 + node] }.map { x[8 * $0 + node] }
      #expect(values.count < 500)
      if instance.valueKind(of: node) != .continuous { #expect(values.allSatisfy(instance.valueKind(of: node).holds)) }
    }
  }
}
