import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// SCMs whose nodes have classes and counts.
@Suite struct DiscreteTests {
  private static let mixed = """
    {"n_nodes": 12, "sparsity_param": 2, "calibration_rows": 64, "mlp_hidden": [4], "discretized_proportion": 0.3,
     "mechanism_proportions": {"linear": 2, "mlp": 1, "categorical": 2, "binary": 1, "count": 1, "gpcde": 1}, "gpcde_features": 16,
     "standardization": "none"}
    """

  private func tables(_ seed: UInt64, edgesPerNode: Double = 1.4) throws -> SCMInstance {
    try SCMFamily(
      json: """
        {"n_nodes": 5, "sparsity_param": \(edgesPerNode), "mechanism_proportions": {"categorical": 1}, "categorical_score": "table",
         "categorical_classes_min": 2, "categorical_classes_max": 3}
        """
    ).sampleTask(seed: seed)
  }

  /// P(x) by the product of all tables but those of held nodes, over all states.
  private func law(_ instance: SCMInstance, held: [Int: Int]) throws -> [[Int]: Double] {
    let counts = instance.valueKinds.map(\.classCount)
    var law: [[Int]: Double] = [[]: 1]
    for count in counts {
      law = Dictionary(uniqueKeysWithValues: law.keys.flatMap { x in (0..<count).map { (x + [$0], 1.0) } })
    }
    for x in law.keys {
      var p = 1.0
      for node in 0..<counts.count {
        if let value = held[node] {
          p *= x[node] == value ? 1 : 0
          continue
        }
        let table = try #require(instance.mechanisms[node] as? TableMechanism)
        let row = instance.parents[node].reduce(0) { $0 * counts[$1] + x[$1] }
        p *= Double(table.probabilities[row * counts[node] + x[node]])
      }
      law[x] = p
    }
    return law
  }

  /// χ² over all states that are expected five times or more, the others together.
  @Test(arguments: 0..<6 as Range<UInt64>) func rowsHaveTheTruncatedFactorisation(seed: UInt64) throws {
    let instance = try tables(seed)
    let target = instance.topologicalOrder[2]
    let rows = 40_000
    for held in [[:], [target: 1]] as [[Int: Int]] {
      let after = held.isEmpty ? instance : try instance.do(held.mapValues { Float($0) })
      let sample = try after.sample(rows)
      var observed: [[Int]: Int] = [:]
      for row in 0..<rows { observed[(0..<5).map { Int(sample[row, $0]) }, default: 0] += 1 }
      let law = try law(instance, held: held)
      #expect(abs(law.values.reduce(0, +) - 1) < 1e-5)
      var (statistic, cells, covered, seen) = (0.0, 0, 0.0, 0)
      for (x, p) in law where p * Double(rows) >= 5 {
        let (expected, count) = (p * Double(rows), observed[x] ?? 0)
        statistic += (Double(count) - expected) * (Double(count) - expected) / expected
        (cells, covered, seen) = (cells + 1, covered + expected, seen + count)
      }
      let rest = Double(rows) - covered
      if rest > 1 { statistic += (Double(rows - seen) - rest) * (Double(rows - seen) - rest) / rest }
      #expect(statistic <= Double(cells) + 5 * (2 * Double(cells)).squareRoot(), "χ² \(statistic) of \(cells)")
    }
  }

  /// 2n times the mutual information of independent classes is χ² with (K − 1)(L − 1) degrees; that of dependent ones is far above.
  @Test func separatedPairsHaveNoMutualInformation() throws {
    let rows = 20_000
    var (separated, dependent) = (0, 0)
    for seed in 0..<30 as Range<UInt64> {
      let instance = try tables(seed, edgesPerNode: 0.8)
      let sample = try instance.sample(rows)
      let counts = instance.valueKinds.map(\.classCount)
      let graph = instance.graph
      for a in 0..<5 {
        for b in 0..<a {
          var joint = [Double](repeating: 0, count: counts[a] * counts[b])
          for row in 0..<rows { joint[Int(sample[row, a]) * counts[b] + Int(sample[row, b])] += 1 / Double(rows) }
          var information = 0.0
          for i in 0..<counts[a] {
            for j in 0..<counts[b] where joint[i * counts[b] + j] > 0 {
              let (p, q) = (
                (0..<counts[b]).reduce(0.0) { $0 + joint[i * counts[b] + $1] },
                (0..<counts[a]).reduce(0.0) { $0 + joint[$1 * counts[b] + j] }
              )
              let cell = joint[i * counts[b] + j]
              information += cell * Elementary.log(cell / (p * q))
            }
          }
          let freedom = Double((counts[a] - 1) * (counts[b] - 1))
          let isClose = 2 * Double(rows) * information <= freedom + 5 * (2 * freedom).squareRoot()
          if graph.isSeparated(a, b, given: []) {
            separated += 1
            #expect(isClose, "seed \(seed), \(a) and \(b)")
          } else if !isClose {
            dependent += 1
          }
        }
      }
    }
    #expect(separated >= 20 && dependent >= 50)
  }

  @Test func childrenReadOneHotColumns() throws {
    let family = try SCMFamily(
      json: """
        {"n_nodes": 10, "sparsity_param": 2, "mechanism_proportions": {"linear": 1, "categorical": 1},
         "standardization": "none"}
        """)
    var seen = 0
    for seed in 0..<10 as Range<UInt64> {
      let instance = try family.sampleTask(seed: seed)
      for node in 0..<10 {
        guard let linear = instance.mechanisms[node] as? LinearMechanism, instance.valueKind(of: node) == .continuous
        else { continue }
        instance.forEachParent(of: node) { _, parent, columns in
          guard columns.count > 1 else { return }
          seen += 1
          #expect(columns.count == instance.valueKind(of: parent).classCount)
          let values = columns.indices.compactMap { k in
            try? instance.do([parent: Float(k)]).sample(1)[0, node]
          }
          // Other paths from the parent would move the child as well.
          guard values.count == columns.count, instance.adjacency.children(of: parent).count == 1 else { return }
          for k in values.indices {
            let expected = Double(linear.weights[columns.lowerBound + k]) - Double(linear.weights[columns.lowerBound])
            #expect(abs(Double(values[k]) - Double(values[0]) - expected) < 1e-4 * (1 + abs(Double(values[k]))))
          }
        }
      }
    }
    #expect(seen > 10)
  }

  @Test(arguments: FamilyConfig.Standardization.allCases) func classesAndCountsStayWholeNumbers(
    mode: FamilyConfig.Standardization
  ) throws {
    var config = try FamilyConfig(json: Self.mixed)
    config.standardization = mode
    let family = try SCMFamily(config)
    var kinds: Set<Int8> = []
    for seed in 0..<10 as Range<UInt64> {
      let instance = try family.sampleTask(seed: seed)
      let sample = try instance.sample(400)
      for node in 0..<12 {
        let kind = instance.valueKind(of: node)
        kinds.insert(kind.number)
        #expect(sample.column(node).allSatisfy(kind.holds), "\(mode), seed \(seed), node \(node)")
      }
    }
    #expect(kinds == [0, 1, 2, 3])
  }

  @Test func onlyValuesOfANodeAreTaken() throws {
    let instance = try tables(1)
    for value in [0.5, -1, 3, .nan] as [Float] {
      #expect(throws: ConfigError.self) { try instance.do([0: value]) }
    }
    let count = try SCMFamily(json: #"{"n_nodes": 3, "sparsity_param": 1, "mechanism_proportions": {"count": 1}}"#)
      .sampleTask(seed: 1)
    #expect(throws: ConfigError.self) { try count.do([0: 1.5]) }
    #expect(try count.do([0: 1000]).sample(4).column(0) == [1000, 1000, 1000, 1000])
  }

  /// What do() doesn't reach is the same to the bit; classes are those of the same Gumbel noise.
  @Test func interventionsLeaveTheRestAlone() throws {
    let instance = try SCMFamily(json: Self.mixed).sampleTask(seed: 3)
    let before = try instance.sample(300)
    for target in 0..<12 {
      let value: Float = instance.valueKind(of: target) == .continuous ? 0.75 : 1
      let after = try instance.do([target: value]).sample(300)
      let reached = instance.adjacency.isReached(from: [target])
      for node in 0..<12 where node != target && !reached[node] {
        #expect(before.column(node) == after.column(node))
      }
      #expect(after.column(target) == [Float](repeating: value, count: 300))
    }
  }

  @Test func rowsAreTheSameInAnyRange() throws {
    let instance = try SCMFamily(json: Self.mixed).sampleTask(seed: 5)
    let all = try instance.sample(3000)
    let part = try instance.sample(700, first: 1801)
    for row in 0..<700 { for node in 0..<12 { #expect(part[row, node] == all[1801 + row, node]) } }
  }
}
