import SCMBase

/// The covariance matrix of nodes that are linear in their parents, filled in node by node along an order of the graph.
package struct LinearCovariance {
  private let nodeCount: Int
  /// By node and then by node.
  private var values: [Double]
  private var done: [Int] = []
  private var weights: [Double] = []

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
    weights.removeAll(keepingCapacity: true)
    for index in 0..<parents.count { weights.append(weight(index)) }
    let (count, first) = (nodeCount, parents.startIndex)
    unsafe values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      let own = unsafe base + node * count
      unsafe own.update(repeating: 0, count: count)
      // By place: the iterators of two lists aren't compiled for these.
      for index in weights.indices {
        // With all nodes, side by side: what stands for those that come later is written over with them.
        let row = unsafe base + parents[first + index] * count
        let weight = weights[index]
        for other in 0..<count { unsafe own[other] += weight * row[other] }
      }
      for other in done { unsafe base[other * count + node] = own[other] }
      var variance = noiseVariance
      for index in weights.indices { unsafe variance += weights[index] * own[parents[first + index]] }
      unsafe own[node] = variance
    }
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
