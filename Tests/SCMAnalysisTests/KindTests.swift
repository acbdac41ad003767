import SCMAnalysis
import SCMBase
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// Descriptors of tables with classes, counts and holes.
@Suite struct KindTests {
  private func edge() -> AdjacencyMatrix {
    var graph = AdjacencyMatrix(nodeCount: 2)
    graph[0, 1] = true
    return graph
  }

  /// Rows that have each pair of classes as often as a table says.
  private func rows(_ table: [[Int]]) -> SampleMatrix {
    let pairs = table.enumerated().flatMap { a, row in
      row.enumerated().flatMap { b, count in [(Int, Int)](repeating: (a, b), count: count) }
    }
    return SampleMatrix(rowCount: pairs.count, columnCount: 2) { Float($1 == 0 ? pairs[$0].0 : pairs[$0].1) }
  }

  /// I = Σ p log(p / (p₁ p₂)) of the table, less (a − 1)(b − 1)/2n.
  @Test func informationIsThatOfTheTable() throws {
    let table = [[30, 10, 0], [5, 25, 30]]
    let found = KindDescriptors(rows(table), graph: edge(), valueKinds: [.classes(2), .classes(3)])
    let (own, other) = ([40.0, 60], [35.0, 35, 30])
    var expected = -2.0 / 200
    for (a, row) in table.enumerated() {
      for (b, count) in row.enumerated() where count > 0 {
        let share = Double(count) / 100
        expected += share * Elementary.log(share / (own[a] / 100 * other[b] / 100))
      }
    }
    #expect(abs(found.edgeInformation - expected) < 1e-12)
    func entropy(_ counts: [Double]) -> Double { -counts.reduce(0) { $0 + $1 / 100 * Elementary.log($1 / 100) } }
    let balance = (entropy(own) / Elementary.log(2) + entropy(other) / Elementary.log(3)) / 2
    #expect(abs(found.classBalance - balance) < 1e-12)
    #expect(found.vector.prefix(3) == [0.5, 0.5, 0] && found.isDiscrete)
  }

  /// 2n times the uncorrected information of independent columns is χ² of (a − 1)(b − 1) degrees of freedom f: what is told has mean 0
  /// and variance 2f/(2n)².
  @Test(arguments: [ValueKind.classes(3), .continuous])
  func independentColumnsTellNothing(kind: ValueKind) throws {
    let (count, tables) = (400, 400)
    var words = TaskKey(seed: 5).words(purpose: .user)
    var sum = 0.0
    for _ in 0..<tables {
      let samples = SampleMatrix(rowCount: count, columnCount: 2) { _, column in
        Float(words.next(below: column == 0 ? 4 : kind == .continuous ? 1 << 20 : 3))
      }
      sum += KindDescriptors(samples, graph: edge(), valueKinds: [.classes(4), kind]).edgeInformation
    }
    let freedom = Double(3 * (kind == .continuous ? 3 : 2))
    let error = (2 * freedom).squareRoot() / Double(2 * count) / Double(tables).squareRoot()
    #expect(abs(sum / Double(tables)) < 5 * error)
  }

  @Test func namesOfClassesChangeNothing() throws {
    let family = try SCMFamily(
      FamilyConfig(
        json: #"{"n_nodes": 8, "sparsity_param": 2, "mechanism_proportions": {"linear": 2, "categorical": 1}}"#))
    for seed in 0..<10 as Range<UInt64> {
      let task = try family.sampleTask(seed: seed)
      let kinds = (0..<8).map { task.valueKind(of: $0) }
      let samples = try task.sample(200)
      let others = SampleMatrix(rowCount: 200, columnCount: 8) { row, column in
        let count = kinds[column].classCount
        return count > 0 ? Float(count - 1) - samples[row, column] : samples[row, column]
      }
      let one = DataDescriptors(samples, graph: task.adjacency, valueKinds: task.valueKinds)
      let other = DataDescriptors(others, graph: task.adjacency, valueKinds: task.valueKinds)
      #expect(one.vector == other.vector)
      for (a, b) in zip(one.kinds.vector, other.kinds.vector) { #expect(abs(a - b) < 1e-12) }
      guard kinds.contains(where: { $0.classCount > 0 }) else { continue }
      #expect(DataDescriptors(samples, graph: task.adjacency).vector != one.vector)
    }
  }

  /// Without classes the data are described as they always were.
  @Test func kindsOfContinuousColumnsChangeNothing() throws {
    let task = try SCMFamily(FamilyConfig(["n_nodes": 6])).sampleTask(seed: 1)
    let samples = try task.sample(50)
    let told = DataDescriptors(
      samples, graph: task.adjacency, valueKinds: [.continuous, .count] + Array(repeating: .continuous, count: 4))
    #expect(told.vector == DataDescriptors(samples, graph: task.adjacency).vector)
  }

  /// Each column's moments are those of its own cells, each correlation's rows those that have both.
  @Test func missingCellsHaveNoPart() throws {
    let task = try SCMFamily(FamilyConfig(["n_nodes": 4, "sparsity_param": 1.5])).sampleTask(seed: 3)
    let whole = try task.sample(120)
    let holed = SampleMatrix(rowCount: 120, columnCount: 4) { $1 == 2 && $0 % 3 == 0 ? .nan : whole[$0, $1] }
    let found = ColumnMoments(holed)
    let all = ColumnMoments(whole)
    #expect(found.variances[0] == all.variances[0] && found.means[3] == all.means[3])
    let seen = (0..<120).filter { $0 % 3 != 0 }
    let left = ColumnMoments(SampleMatrix(rowCount: 80, columnCount: 4) { whole[seen[$0], $1] })
    #expect(found.means[2] == left.means[2] && abs(found.variances[2] / left.variances[2] - 1) < 1e-12)
    #expect(abs(found.skewness[2] - left.skewness[2]) < 1e-12)
    for i in 0..<4 where i != 2 {
      // By each column's own deviation, which for the others is over all rows; column 2 has mean 0 over these rows, so that the
      // other's mean plays no part.
      let ratio = (left.variances[i] / all.variances[i]).squareRoot()
      #expect(abs(found.correlations[4 * i + 2] - left.correlations[4 * i + 2] * ratio) < 1e-9)
      for j in 0..<4 where j != 2 { #expect(abs(found.correlations[4 * i + j] - all.correlations[4 * i + j]) < 1e-12) }
    }
    let descriptors = DataDescriptors(holed, graph: task.adjacency)
    #expect(
      descriptors.vector.allSatisfy(\.isFinite)
        && descriptors.vector != DataDescriptors(whole, graph: task.adjacency).vector)
  }

  /// 0 → 1 → 2 with a class in the middle: only the path of two edges is between scores.
  @Test func sortabilityIsAlongPathsThroughClasses() throws {
    var graph = AdjacencyMatrix(nodeCount: 3)
    graph[0, 1] = true
    graph[1, 2] = true
    let numbers = NumberColumns(3, [.continuous, .classes(4), .count])
    #expect(numbers.sortability(of: [1, 2], in: graph) == 1)
    #expect(numbers.sortability(of: [2, 1], in: graph) == 0)
    #expect(sortability(of: [2, 0, 1], in: graph) == 1.0 / 3)
    #expect(NumberColumns(3, [.classes(2), .classes(4), .count]).sortability(of: [1], in: graph) == nil)
  }

  /// Distances: the same family, other seeds, and one whose tables are far more uneven.
  @Test func familiesOfClassesAreToldApart() throws {
    func sample(_ concentration: Double, seed: UInt64) throws -> FamilySample {
      let family = try SCMFamily(
        FamilyConfig(
          json:
            #"{"n_nodes": 5, "sparsity_param": 1, "mechanism_proportions": {"categorical": 1}, "categorical_score": "table", "#
            + #""categorical_concentration": \#(concentration)}"#))
      return try FamilySample(family, taskCount: 100, seed: seed, rowCount: 200, threads: 2)
    }
    let metrics: [FamilyDistance.Metric] = [.dataEnergy, .dataGaussianKL]
    let first = try sample(1, seed: 1)
    let same = try FamilyDistance(first, sample(1, seed: 2), metrics: metrics, permutations: 199, threads: 2)
    let other = try FamilyDistance(first, sample(0.1, seed: 3), metrics: metrics, permutations: 199, threads: 2)
    for metric in metrics {
      let (near, far) = (try #require(same[metric]), try #require(other[metric]))
      #expect(near.value.isFinite && near.pValue > 0.01 && near.value < 2 * near.nullQuantile)
      #expect(far.pValue == 1 / 200.0 && far.value > 5 * near.nullQuantile)
    }
  }

  /// τ of Goodman and Kruskal: what a parent's class explains of the chance that two rows differ.
  @Test func signalSharesOfClassesAreTheirTau() throws {
    let family = try SCMFamily(
      FamilyConfig(
        json:
          #"{"n_nodes": 2, "sparsity_param": 0.5, "mechanism_proportions": {"categorical": 1}, "categorical_score": "table", "#
          + #""categorical_classes_min": 3, "categorical_classes_max": 3}"#))
    let count = 40_000
    for seed in 0..<4 as Range<UInt64> {
      let task = try family.sampleTask(seed: seed)
      let edge = try #require(task.adjacency.edges.first)
      let samples = try task.sample(count)
      // Shares of both classes together, of the parent's, and of the child's under each.
      var table = [[Double]](repeating: [0, 0, 0], count: 3)
      for row in 0..<count { table[Int(samples[row, edge.parent])][Int(samples[row, edge.child])] += 1 / Double(count) }
      let parents = table.map { $0.reduce(0, +) }
      let children = (0..<3).map { k in table.map { $0[k] }.reduce(0, +) }
      let laws = zip(table, parents).map { row, whole in row.map { max($0, 1e-9) / max(whole, 1e-9) } }
      let total = 1 - children.map { $0 * $0 }.reduce(0, +)
      let same = zip(laws, parents).map { law, whole in whole * law.map { $0 * $0 }.reduce(0, +) }
      let tau = 1 - (1 - same.reduce(0, +)) / total
      let found = try task.measuredEffects(rows: count)
      // Two rows under the same parent differ or don't: a coin's error, over the total.
      let error = 5 * (0.25 / Double(count)).squareRoot() / total
      let share = try #require(found.signalShares[edge.child])
      #expect(abs(share - tau) < 2 * error)
      // Under classes p and p′ of the parent and the same Gumbel noise both rows are k with probability 1/Σⱼ max(qⱼ/qₖ, q′ⱼ/q′ₖ).
      var differing = 0.0
      for (a, first) in laws.enumerated() {
        for (b, second) in laws.enumerated() {
          var agreeing = 0.0
          for k in 0..<3 {
            let odds = (0..<3).map { max(first[$0] / first[k], second[$0] / second[k]) }
            agreeing += 1 / odds.reduce(0, +)
          }
          differing += parents[a] * parents[b] * (1 - agreeing)
        }
      }
      let effect = try #require(found.edges.first).effect
      #expect(abs(effect * effect - differing / total) < 2 * error)
    }
  }
}
