import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct CategoricalTests {
  private let rows = 40_000

  /// Words of Gumbel noise as bits of floats, one column for each class.
  private func gumbels(_ count: Int, site: UInt32 = 0, rows: Int) -> [[Float]] {
    (0..<count).map { k in
      let key = TaskKey(seed: 5)
      return (0..<UInt32((rows + 3) / 4)).flatMap { block in
        let words = key.block(block, site: site + UInt32(k), purpose: .classNoise)
        return (0..<4).map { Float(bitPattern: words[$0]) }
      }
    }
  }

  /// Counts of classes lie within the mean of a χ² law plus five of its deviations: k − 1 and √(2(k − 1)).
  private func expectLaw(_ values: [Float], _ probabilities: [Double], _ what: String = "") {
    var statistic = 0.0
    for (k, p) in probabilities.enumerated() {
      let count = Double(values.count { $0 == Float(k) })
      guard p > 0 else {
        #expect(count == 0, "class \(k) \(what)")
        continue
      }
      let expected = p * Double(values.count)
      statistic += (count - expected) * (count - expected) / expected
    }
    let freedom = Double(probabilities.count { $0 > 0 } - 1)
    #expect(statistic <= freedom + 5 * (2 * freedom).squareRoot(), "χ² \(statistic) of \(freedom) \(what)")
  }

  @Test func aTablesRowsAreTheLawsOfItsClasses() {
    let probabilities: [Float] = [
      0.5, 0.25, 0.25, 0, 0.1, 0.9, 1, 0, 0, 0.3, 0.3, 0.4, 0.2, 0.2, 0.6, 0.01, 0.01, 0.98,
    ]
    let table = TableMechanism(parentClasses: [2, 3], classCount: 3, probabilities: probabilities)
    for row in 0..<6 {
      let parents = [row / 3, row % 3].map { [Float](repeating: Float($0), count: rows) }
      let values = evaluate(table, parents + gumbels(3, rows: rows))
      expectLaw(values, probabilities[3 * row..<3 * row + 3].map { Double($0) }, "row \(row)")
    }
  }

  @Test(arguments: [CategoricalModel.Score.linear, .mlp]) func classesHaveTheProbabilitiesOfASoftmax(
    score: CategoricalModel.Score
  ) throws {
    var model = CategoricalModel.categorical
    model.score = score
    let setting = NodeSetting(values: .classes(5), parents: [.continuous, .classes(3), .classes(2)])
    let mechanism = try #require(
      model.makeMechanism(setting, node: 1, key: TaskKey(seed: 3), noiseScale: NoiseScaleModel())
        as? CategoricalMechanism)
    #expect(mechanism.parentCount == 5)
    for x in [[0.3, 0, 1, 0, 1], [-1.2, 0, 0, 1, 0], [0.9, 1, 0, 0, 0]] as [[Double]] {
      var values = x
      for (index, layer) in mechanism.layers.enumerated() {
        let outputs = layer.bias.indices.map { o in
          Double(layer.bias[o])
            + values.indices.reduce(0.0) { $0 + values[$1] * Double(layer.weights[o * layer.inputCount + $1]) }
        }
        values = index == mechanism.layers.count - 1 ? outputs : outputs.map { $0 < 0 ? 0.1 * $0 : $0 }
      }
      let weights = values.map { Elementary.exp($0) }
      let total = weights.reduce(0, +)
      let columns = x.map { [Float](repeating: Float($0), count: rows) }
      expectLaw(
        evaluate(mechanism, columns + gumbels(5, site: 40, rows: rows)), weights.map { $0 / total }, "\(score) at \(x)")
    }
  }

  @Test(arguments: 1...9) func anyNumberOfClassesIsCompared(count: Int) {
    let table = TableMechanism(
      parentClasses: [], classCount: count, probabilities: [Float](repeating: 1 / Float(count), count: count))
    let noise = gumbels(count, rows: 500)
    let values = evaluate(table, noise)
    for row in 0..<500 {
      let plain = (0..<count).max {
        NoiseChannel.gumbel($0).value(noise[$0][row]) < NoiseChannel.gumbel($1).value(noise[$1][row])
      }
      #expect(Int(values[row]) == plain)
    }
  }

  /// Oberst and Sontag 2019, theorem 2: where the odds of no other class have grown more than those of the one that was, the class stays.
  @Test func counterfactualsAreStable() {
    let (p, q): ([Float], [Float]) = ([0.2, 0.5, 0.2, 0.1], [0.3, 0.4, 0.25, 0.05])
    let table = TableMechanism(parentClasses: [2], classCount: 4, probabilities: p + q)
    let noise = gumbels(4, rows: rows)
    let before = evaluate(table, [[Float](repeating: 0, count: rows)] + noise)
    let after = evaluate(table, [[Float](repeating: 1, count: rows)] + noise)
    var changed = 0
    for row in 0..<rows {
      let (i, k) = (Int(before[row]), Int(after[row]))
      if i != k { changed += 1 }
      // The class that comes must have gained more than the one that goes.
      #expect(i == k || q[k] / p[k] > q[i] / p[i])
    }
    // The ratios are 1.5, 0.8, 1.25, 0.5: nobody leaves class 0, and some leave class 1.
    #expect(changed > 0 && zip(before, after).allSatisfy { $0 != 0 || $1 == 0 })
  }

  @Test func aParentThatIsNotFiniteIsNoClass() {
    var model = CategoricalModel.categorical
    model.score = .linear
    let mechanism = model.makeMechanism(parentCount: 1, node: 0, key: TaskKey(seed: 1))
    let values = evaluate(mechanism, [[.infinity, .nan, 1]] + gumbels(mechanism.values.classCount, rows: 3))
    #expect(!values[0].isFinite && !values[1].isFinite && values[2].isFinite)
  }

  /// The first layer is the orthogonal one times embeddings; with a gain of 1 the last one's rows are orthonormal.
  @Test func layersOfAnEmbeddedScoreAreOrthogonal() throws {
    var model = CategoricalModel.categorical
    model.gain = 2
    let setting = NodeSetting(values: .classes(4), parents: [.classes(3)])
    let made = model.makeMechanism(setting, node: 2, key: TaskKey(seed: 8), noiseScale: NoiseScaleModel())
    let last = try #require((made as? CategoricalMechanism)?.layers.last)
    for a in 0..<4 {
      for b in 0..<4 {
        let dot = (0..<48).reduce(0.0) { $0 + Double(last.weights[a * 48 + $1]) * Double(last.weights[b * 48 + $1]) }
        #expect(abs(dot - (a == b ? 4 : 0)) < 1e-5)
      }
    }
  }

  /// A row of a table is Dirichlet(α, …, α): each p has mean 1/K and variance (K − 1)/(K²(Kα + 1)).
  @Test(arguments: [0.3, 1, 4]) func tablesAreDirichlet(concentration: Double) throws {
    var model = CategoricalModel.categorical
    (model.score, model.concentration) = (.table, concentration)
    let (k, parents) = (4, [ValueKind](repeating: .classes(10), count: 3))
    let made = model.makeMechanism(
      NodeSetting(values: .classes(k), parents: parents), node: 0, key: TaskKey(seed: 2), noiseScale: NoiseScaleModel())
    let table = try #require(made as? TableMechanism)
    let n = Double(table.probabilities.count / k)
    #expect(n == 1000)
    let first = stride(from: 0, to: table.probabilities.count, by: k).map { Double(table.probabilities[$0]) }
    let mean = first.reduce(0, +) / n
    let variance = first.reduce(0.0) { $0 + ($1 - 0.25) * ($1 - 0.25) } / n
    let exact = 3.0 / (16 * (4 * concentration + 1))
    #expect(abs(mean - 0.25) < 5 * (exact / n).squareRoot())
    // Of a number in [0, 1] the variance of (p − ¼)² is at most its mean, over 4/3 of which it never is.
    #expect(abs(variance - exact) < 5 * (0.5625 * exact / n).squareRoot())
  }

  @Test func tablesWithoutRoomOrClassesBecomeLinear() {
    var model = CategoricalModel.categorical
    model.score = .table
    for parents in [[.classes(20), .classes(20), .classes(20)], [.continuous], [.count]] as [[ValueKind]] {
      let made = model.makeMechanism(
        NodeSetting(values: .classes(3), parents: parents), node: 0, key: TaskKey(seed: 2),
        noiseScale: NoiseScaleModel())
      #expect(made is CategoricalMechanism)
    }
  }

  /// K is uniform over its range: five deviations of a binomial.
  @Test func numbersOfClassesAreUniform() {
    let model = CategoricalModel.categorical
    let counts = (0..<4000).map { model.values(node: 3, key: TaskKey(seed: UInt64($0))).classCount }
    for k in 3...6 { #expect(abs(Double(counts.count { $0 == k }) - 1000) < 5 * 750.0.squareRoot()) }
    #expect(CategoricalModel.binary.values(node: 0, key: TaskKey(seed: 1)) == .classes(2))
  }
}
