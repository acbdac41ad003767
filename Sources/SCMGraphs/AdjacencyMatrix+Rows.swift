// Whole rows at a time, 64 columns to a word.
extension AdjacencyMatrix {
  /// Gives a node the children of another as well.
  mutating func addChildren(of source: Int, to node: Int) {
    let (from, to) = (source * wordsPerRow, node * wordsPerRow)
    for w in 0..<wordsPerRow { words[to + w] |= words[from + w] }
  }

  /// Sets 64 pairs of a parent at once, bit b for child 64·w + b; bits past the last node must be 0.
  package mutating func setWord(_ w: Int, of parent: Int, to bits: UInt64) { words[parent * wordsPerRow + w] = bits }

  /// Gives a node the children that another has in another graph of the same nodes.
  mutating func addChildren(of source: Int, in other: AdjacencyMatrix, to node: Int) {
    let (from, to) = (source * wordsPerRow, node * wordsPerRow)
    for w in 0..<wordsPerRow { words[to + w] |= other.words[from + w] }
  }

  /// The graph among some of the nodes: node k of it is `nodes[k]`, which ascend.
  ///
  /// - Parameter number: by node, its number among them, or -1.
  func restricted(to nodes: [Int], numbers number: [Int]) -> AdjacencyMatrix {
    var result = AdjacencyMatrix(nodeCount: nodes.count)
    for (k, node) in nodes.enumerated() {
      forEachChild(of: node) { if number[$0] >= 0 { result[k, number[$0]] = true } }
    }
    return result
  }
}
