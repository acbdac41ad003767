import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct TreeTests {
  private func drawn(_ parentCount: Int, count: Int = 4, depth: Int = 3, seed: UInt64 = 4) throws -> TreeMechanism {
    var model = TreeModel()
    (model.count, model.depth) = (count, depth)
    return try #require(
      model.makeMechanism(parentCount: parentCount, node: 1, key: TaskKey(seed: seed)) as? TreeMechanism)
  }

  private func anchored(_ mechanism: TreeMechanism, _ columns: [[Float]]) throws -> TreeMechanism {
    try #require(mechanism.anchored(at: columns) as? TreeMechanism)
  }

  @Test(arguments: [1, 2, 5], [1, 3, 8]) func everyRowIsTheLeafThatAPlainWalkFinds(parentCount: Int, depth: Int) throws
  {
    let columns = (0...parentCount).map { normalColumn(600, site: $0) }
    let tree = try anchored(drawn(parentCount, depth: depth), columns)
    let thresholds = try #require(tree.thresholds)
    let values = evaluate(tree, columns)
    for row in 0..<600 {
      var sum: Float = 0
      for t in 0..<(tree.splits.count / depth) {
        var number = 0
        for level in 0..<depth {
          let place = t * depth + level
          if columns[tree.splits[place]][row] > thresholds[place] { number += 1 << level }
        }
        sum += tree.leaves[(t << depth) + number]
      }
      let expected = sum.addingProduct(tree.additiveNoise.scale, columns[parentCount][row])
      #expect(values[row].bitPattern == expected.bitPattern, "row \(row)")
    }
  }

  /// Rows above the threshold at level q are a share of 1 − q, within a row; with new rows, within five deviations of a binomial.
  @Test func thresholdsAreQuantilesOfTheCalibrationRows() throws {
    let (known, fresh) = (normalColumn(2000), normalColumn(20_000, seed: 9))
    let tree = try anchored(drawn(1, count: 20), [known, known])
    for (level, threshold) in zip(tree.levels, try #require(tree.thresholds)) {
      let above = Double(known.count { $0 > threshold })
      #expect(abs(above - 2000 * Double(1 - level)) <= 1)
      let share = Double(fresh.count { $0 > threshold }) / 20_000
      // Both samples vary: q(1 − q)·(1/2000 + 1/20000).
      let deviation = (Double(level * (1 - level)) * (1.0 / 2000 + 1.0 / 20_000)).squareRoot()
      #expect(abs(share - Double(1 - level)) < 5 * deviation + 1e-3)
    }
  }

  @Test func thresholdsLieBetweenValuesOfADiscreteParent() throws {
    let column = (0..<90).map { Float($0 % 3) }
    for threshold in try #require(anchored(drawn(1, count: 50), [column, column]).thresholds) {
      #expect([0.5, 1.5].contains(threshold))
    }
    let constant = try anchored(drawn(1), [[2, 2], [2, 2]])
    #expect(constant.thresholds?.allSatisfy { $0 == 2 } == true)
  }

  /// A tree of one level at quantile q: leaf 1 with probability 1 − q.
  @Test func aStumpHasTheMomentsOfItsClosedForm() throws {
    let parent = normalColumn(100_000)
    let stump = try anchored(drawn(1, count: 1, depth: 1), [parent, parent])
    let zero = [Float](repeating: 0, count: 100_000)
    let values = Sample(evaluate(stump, [normalColumn(100_000, seed: 8), zero]))
    let (q, low, high) = (Double(stump.levels[0]), Double(stump.leaves[0]), Double(stump.leaves[1]))
    // Both samples vary, so the standard error is √2 times that of one.
    #expect(abs(values.deviationsFromMean(q * low + (1 - q) * high)) < 5 * 2.0.squareRoot())
  }

  @Test func everyParentIsAskedAndLeavesAreNormal() throws {
    for parentCount in [1, 7, 40] {
      let tree = try drawn(parentCount)
      #expect(Set(tree.splits).count == parentCount)
      #expect(tree.splits.count == tree.levels.count)
    }
    let leaves = Sample(try (0..<200).flatMap { try drawn(2, seed: UInt64($0)).leaves })
    #expect(abs(leaves.deviationsFromMean(0)) < 5)
    // scale²/trees = 2²/4.
    #expect(abs(leaves.deviationsFromVariance(1)) < 5)
  }
}
