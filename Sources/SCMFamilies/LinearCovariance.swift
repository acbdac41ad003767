import SCMBase

/// The covariance matrix of nodes that are linear in their parents, filled in node by node along an order of the graph.
package struct LinearCovariance {
  private let nodeCount: Int
  /// By node and then by node.
  private var values: [Double]
  private var done: [Int] = []

  package init(nodeCount: Int) {
    self.nodeCount = nodeCount
    values = [Double](equal: 0, count: nodeCount * nodeCount)
  }

  package private(set) subscript(a: Int, b: Int) -> Double {
    get { values[a * nodeCount + b] }
    set { values[a * nodeCount + b] = newValue }
  }

  /// Adds Σ weightᵢ·parentᵢ + noise, where all parents have been added.
  package mutating func add(
    _ node: Int, parents: ArraySlice<Int>, noiseVariance: Double, weight: (_ index: Int) -> Double
  ) {
    // By place: an iterator of the parents would count references, for each other node.
    for other in done {
      var sum = 0.0
      for place in parents.indices { sum += weight(place - parents.startIndex) * self[parents[place], other] }
      self[node, other] = sum
      self[other, node] = sum
    }
    var variance = noiseVariance
    for place in parents.indices { variance += weight(place - parents.startIndex) * self[node, parents[place]] }
    self[node, node] = variance
    done.append(node)
  }

  /// Multiplies the node that was added last.
  mutating func scaleLast(by factor: Double) {
    guard let node = done.last else { return }
    self[node, node] = self[node, node] * factor * factor
    for other in done.dropLast() {
      self[node, other] *= factor
      self[other, node] *= factor
    }
  }
}
