import SCMBase
import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMRandom
import Synchronization
import Testing

// How rows and nodes are shared out to regimes, and what is equal to the bit.

@Suite struct RegimeTests {
  private func family(_ members: String = "") throws -> SCMFamily {
    try SCMFamily(
      FamilyConfig(json: #"{"n_nodes": 8, "mechanism_proportions": {"linear": 1, "mlp": 1, "gp": 1}\#(members)}"#))
  }

  private func design(_ interventions: String, _ more: String = "") throws -> Design {
    try Design(json: #"{"n_samples": 40, "interventions": {\#(interventions)}\#(more)}"#)
  }

  @Test func rowsAreCutAlike() throws {
    let data = try family().sampleTask(seed: 1).run(design(#""n_samples": 50, "regimes": 7"#))
    let regimes = try #require(data.integers("regime"))
    let counts = (0...7).map { regime in regimes.count { $0 == regime } }
    // 50 = 7·7 + 1: the first regime has one more.
    #expect(counts == [40, 8, 7, 7, 7, 7, 7, 7])
    #expect(regimes == regimes.sorted())
    let (flags, targets) = try (#require(data.flags("intervened")), #require(data.flags("targets")))
    for r in regimes.indices {
      #expect(flags[(r * 8)..<(r * 8 + 8)].elementsEqual(targets[(regimes[r] * 8)..<(regimes[r] * 8 + 8)]))
    }
    #expect(!targets[..<8].contains(true))
  }

  /// "One target" is one: no regime has all nodes, whatever the allocation.
  @Test(arguments: ["uniform", "balanced", "every_node"]) func regimesHaveTheirTargets(allocation: String) throws {
    for seed in 0..<20 as Range<UInt64> {
      let count = allocation == "every_node" ? 8 : 11
      let data = try family().sampleTask(seed: seed).run(
        design(#""n_samples": 50, "regimes": \#(count), "allocation": "\#(allocation)""#))
      let targets = try #require(data.flags("targets"))
      let perRegime = (1...count).map { regime in targets[(regime * 8)..<(regime * 8 + 8)].count { $0 } }
      #expect(perRegime.allSatisfy { $0 == 1 })
      let perNode = (0..<8).map { node in (1...count).count { targets[$0 * 8 + node] } }
      if allocation != "uniform" { #expect(perNode.max()! - perNode.min()! <= 1) }
    }
  }

  @Test func severalTargetsAreDistinctAndUniform() throws {
    var counts = [Int](repeating: 0, count: 8)
    let tasks = 400
    for seed in 0..<UInt64(tasks) {
      let data = try family().sampleTask(seed: seed).run(
        design(#""n_samples": 5, "regimes": 5, "targets": 2, "targets_max": 4, "allocation": "uniform""#))
      let targets = try #require(data.flags("targets"))
      for regime in 1...5 {
        let chosen = (0..<8).filter { targets[regime * 8 + $0] }
        #expect((2...4).contains(chosen.count))
        chosen.forEach { counts[$0] += 1 }
      }
    }
    // Each node is chosen with probability 3/8: E[targets] = 3 of 8. Within a regime a node is in or not, var ≤ p(1 − p).
    let (n, p) = (Double(tasks * 5), 3.0 / 8)
    for count in counts { #expect(abs(Double(count) - n * p) < 5 * (n * p * (1 - p)).squareRoot()) }
  }

  /// Shared noise: what is no descendant of a target has the bytes of the observational row of the same noise.
  @Test(
    arguments: Interventions.Kind.allCases.filter { $0 != .coefficient },
    FamilyConfig.Standardization.allCases)
  func nonDescendantsKeepTheirBytes(kind: Interventions.Kind, mode: FamilyConfig.Standardization) throws {
    let family = try family(#", "standardization": "\#(mode.rawValue)""#)
    for seed in 0..<6 as Range<UInt64> {
      let instance = try family.sampleTask(seed: seed)
      let data = try instance.run(
        design(#""n_samples": 35, "regimes": 5, "noise": "shared", "kind": "\#(kind.rawValue)""#), family: family)
      let (x, regimes, targets) = try (
        #require(data.floats("X")), #require(data.integers("regime")), #require(data.flags("targets"))
      )
      var changed = 0
      var next = [Int](repeating: 0, count: 6)
      for r in regimes.indices {
        let regime = regimes[r]
        let row = next[regime]
        next[regime] += 1
        let reached = reach(instance, from: (0..<8).filter { targets[regime * 8 + $0] })
        for node in 0..<8 {
          if !reached[node] {
            #expect(x[r * 8 + node].bitPattern == x[row * 8 + node].bitPattern)
          } else if x[r * 8 + node] != x[row * 8 + node] {
            changed += 1
          }
        }
      }
      #expect(changed > 0 || (kind == .edgeRemoval && instance.graph.edgeCount == 0))
    }
  }

  private func reach(_ instance: SCMInstance, from nodes: [Int]) -> [Bool] {
    var found = [Bool](repeating: false, count: instance.nodeCount)
    nodes.forEach { found[$0] = true }
    for node in instance.topologicalOrder where found[node] {
      for child in instance.adjacency.children(of: node) { found[child] = true }
    }
    return found
  }

  @Test(arguments: FamilyConfig.Standardization.allCases.map(\.rawValue))
  func doOnAllNodesReturnsTheValues(mode: String) throws {
    let instance = try family(#", "standardization": "\#(mode)""#).sampleTask(seed: 5)
    let data = try instance.run(
      design(#""n_samples": 9, "regimes": 1, "targets": 8, "values": "signed_uniform", "values_per": "regime""#))
    let (x, values) = try (#require(data.floats("X")), #require(data.floats("values")))
    for r in 40..<49 { #expect(Array(x[(r * 8)..<(r * 8 + 8)]) == Array(values[8...])) }
    #expect(values[8...].allSatisfy { abs($0) >= 1 && abs($0) <= 3 })
  }

  /// The same as holding the SCM's nodes by hand.
  @Test(arguments: FamilyConfig.Standardization.allCases.map(\.rawValue))
  func doIsTheInstancesOwnDo(mode: String) throws {
    let instance = try family(#", "standardization": "\#(mode)""#).sampleTask(seed: 6)
    let data = try instance.run(
      design(#""n_samples": 30, "regimes": 1, "targets": 2, "values_per": "regime", "noise": "shared""#))
    let (x, targets, values) = try (
      #require(data.floats("X")), #require(data.flags("targets")), #require(data.floats("values"))
    )
    let held = Dictionary(uniqueKeysWithValues: (0..<8).filter { targets[8 + $0] }.map { ($0, values[8 + $0]) })
    #expect(Array(x[(40 * 8)...]) == (try instance.do(held).sample(30).values))
  }

  /// The order of the rows changes nothing of them.
  @Test(arguments: ["interleaved", "shuffled"]) func ordersHoldTheSameRows(order: String) throws {
    let instance = try family().sampleTask(seed: 9)
    let plain = try instance.run(design(#""n_samples": 600, "regimes": 6"#))
    let mixed = try instance.run(design(#""n_samples": 600, "regimes": 6, "order": "\#(order)""#))
    func rows(_ data: ExperimentData) throws -> Set<[UInt32]> {
      let (x, regimes) = try (#require(data.floats("X")), #require(data.integers("regime")))
      return Set(regimes.indices.map { r in x[(r * 8)..<(r * 8 + 8)].map(\.bitPattern) + [UInt32(regimes[r])] })
    }
    #expect(try rows(plain) == rows(mixed))
    #expect(plain.integers("regime") != mixed.integers("regime"))
    if order == "interleaved" {
      #expect(mixed.integers("regime")!.prefix(14) == [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6])
    }
  }

  /// Batches, single tasks, threads and slices of time agree to the byte.
  @Test func everyWayGivesTheSameBytes() throws {
    let family = try family(#", "n_nodes_max": 11"#)
    let design = try design(
      #""n_samples": 900, "regimes": 5, "regimes_max": 9, "values": "marginal", "order": "shuffled""#,
      #", "n_samples_max": 90, "hidden": {"share": 0.1, "share_max": 0.4}, "counterfactuals": {}, "knowledge": {}"#)
    let seeds: [UInt64] = [10, 11, 12, 13, 14]
    let one = try family.experiments(design, seeds: seeds)
    let two = try family.experiments(design, seeds: seeds, threads: 2)
    for name in one.names { #expect(one.bytes(name) == two.bytes(name), "\(name)") }
    for (index, seed) in seeds.enumerated() {
      let single = try family.experiments(design, seeds: [seed])
      for name in single.names {
        let size = single.bytes(name)!.count
        #expect(Array(one.bytes(name)![(index * size)..<((index + 1) * size)]) == single.bytes(name)!, "\(name)")
      }
    }
    let fill = try ExperimentFill(family, design)
    var sliced = ExperimentData(fill.layout, taskCount: seeds.count)
    var progress = [Int64](repeating: 0, count: seeds.count)
    var calls = 0
    let asked = Atomic(0)
    try sliced.withArrays { arrays in
      while try !fill.run(
        seeds: seeds, count: seeds.count, progress: &progress, into: arrays, threads: 1,
        shouldPause: { asked.add(1, ordering: .relaxed).newValue % 3 == 0 })
      {
        calls += 1
      }
    }
    #expect(calls > 0)
    for name in one.names { #expect(one.bytes(name) == sliced.bytes(name), "\(name)") }
  }

  /// A part more moves nothing of the others.
  @Test func partsDontMoveEachOther() throws {
    let instance = try family().sampleTask(seed: 31)
    let alone = try instance.run(design(#""n_samples": 30, "regimes": 3"#))
    let joined = try instance.run(
      design(
        #""n_samples": 30, "regimes": 3"#, #", "knowledge": {}, "query": 5, "outputs": ["ancestors", "truth_noise"]"#))
    for name in alone.names { #expect(alone.bytes(name) == joined.bytes(name), "\(name)") }
  }

  /// A shuffle is uniform: the place of each row has mean (n − 1)/2 and variance (n² − 1)/12.
  @Test func shufflesAreUniform() throws {
    let tasks = 400
    var sums = [Double](repeating: 0, count: 60)
    var fixed = 0
    for seed in 0..<UInt64(tasks) {
      let order = TaskKey(seed: seed).quickPermutation(of: 60, purpose: .rowOrder)
      #expect(order.sorted() == (0..<60).map { $0 })
      for (row, place) in order.enumerated() {
        sums[row] += Double(place)
        fixed += Int(place) == row ? 1 : 0
      }
    }
    let error = (3599.0 / 12 / Double(tasks)).squareRoot()
    for sum in sums { #expect(abs(sum / Double(tasks) - 29.5) < 5 * error) }
    // One row in its own place on average, variance 1.
    #expect(abs(Double(fixed) / Double(tasks) - 1) < 5 / Double(tasks).squareRoot())
  }

  /// Marginal values are the node's own: each is one of the rows that its law is known by, and they have its mean and deviation.
  @Test func marginalValuesHaveTheNodesLaw() throws {
    let instance = try family().sampleTask(seed: 12)
    let data = try instance.run(
      design(#""n_samples": 8000, "regimes": 8, "allocation": "every_node", "values": "marginal""#))
    let law = try instance.sample(8000, draw: 5)
    let (x, regimes, targets) = try (
      #require(data.floats("X")), #require(data.integers("regime")), #require(data.flags("targets"))
    )
    for regime in 1...8 {
      let node = try #require((0..<8).first { targets[regime * 8 + $0] })
      let values = regimes.indices.filter { regimes[$0] == regime }.map { Double(x[$0 * 8 + node]) }
      #expect(Set(values).count > 200)
      let truth = law.column(node).map(Double.init)
      let mean = truth.reduce(0, +) / 8000
      let deviation = (truth.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 8000).squareRoot()
      // 256 rows stand behind the values.
      #expect(abs(values.reduce(0, +) / 1000 - mean) < 5 * deviation / 15)
    }
  }
}
