import SCMRandom

/// A density that comes in integer steps, reached in expectation: each graph takes one of two neighbouring steps.
struct IntegerSteps {
  /// The smaller step.
  let least: Int
  /// The probability of the step after it.
  let more: Double

  /// - Parameters:
  ///   - wanted: the expected number of edges.
  ///   - steps: the steps that there are; `edges` grows over them.
  init(wanted: Double, steps: ClosedRange<Int>, edges: (Int) -> Double) {
    var step = steps.lowerBound
    while step < steps.upperBound, edges(step + 1) <= wanted { step += 1 }
    least = step
    more = step < steps.upperBound ? max(0, (wanted - edges(step)) / (edges(step + 1) - edges(step))) : 0
  }

  /// One graph's step. It reads site 1, so that the graph itself reads the same words for either.
  func pick(_ key: TaskKey) -> Int {
    var coin = key.words(site: 1, purpose: .graph)
    return least + (Double(unit: coin.next64()) < more ? 1 : 0)
  }
}
