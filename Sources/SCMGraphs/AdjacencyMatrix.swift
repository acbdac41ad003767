import SCMBase

/// A directed graph as a bit matrix: `matrix[i, j]` is true where i → j (row = parent, column = child).
///
///     var graph = AdjacencyMatrix(nodeCount: 3)
///     graph[0, 1] = true
///
/// - Precondition: nodes are numbered 0 ..< `nodeCount`. Release builds don't check the nodes that an entry, parents or children are asked
///   of, as inner loops ask for them.
public struct AdjacencyMatrix: Hashable, Sendable {
  public let nodeCount: Int
  /// Words per row; bit b of word w stands for column 64·w + b.
  @usableFromInline let wordsPerRow: Int
  @usableFromInline var words: [UInt64]

  /// The empty graph.
  ///
  /// - Precondition: `nodeCount` is not negative.
  public init(nodeCount: Int) {
    requireInRelease(nodeCount >= 0, "A graph can't have a negative number of nodes.")
    self.nodeCount = nodeCount
    wordsPerRow = (nodeCount + 63) / 64
    words = [UInt64](equal: 0, count: nodeCount * wordsPerRow)
  }

  public subscript(parent: Int, child: Int) -> Bool {
    get { words[parent * wordsPerRow + child >> 6] >> UInt64(child & 63) & 1 == 1 }
    set {
      let bit: UInt64 = 1 << UInt64(child & 63)
      if newValue {
        words[parent * wordsPerRow + child >> 6] |= bit
      } else {
        words[parent * wordsPerRow + child >> 6] &= ~bit
      }
    }
  }

  public var edgeCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The children of a node, ascending.
  public func children(of node: Int) -> [Int] {
    var children: [Int] = []
    forEachChild(of: node) { children.append($0) }
    return children
  }

  package func hasChildren(_ node: Int) -> Bool {
    (node * wordsPerRow..<(node + 1) * wordsPerRow).contains { words[$0] != 0 }
  }

  /// The parents of a node, ascending: the order of the columns of its mechanism's input.
  public func parents(of node: Int) -> [Int] { (0..<nodeCount).filter { self[$0, node] } }

  /// The parents of each node, ascending.
  package var parents: ParentLists { ParentLists(of: self) }

  /// All edges (parent, child), by parent and then by child.
  public var edges: [(parent: Int, child: Int)] {
    var edges: [(parent: Int, child: Int)] = []
    edges.reserveCapacity(edgeCount)
    for parent in 0..<nodeCount { forEachChild(of: parent) { edges.append((parent, $0)) } }
    return edges
  }

  @inlinable
  package func forEachChild(of node: Int, _ body: (Int) -> Void) {
    for w in 0..<wordsPerRow {
      var word = words[node * wordsPerRow + w]
      while word != 0 {
        body(64 * w + word.trailingZeroBitCount)
        word &= word &- 1
      }
    }
  }

  /// All edges reversed.
  public var transposed: AdjacencyMatrix {
    var result = AdjacencyMatrix(nodeCount: nodeCount)
    for parent in 0..<nodeCount { forEachChild(of: parent) { result[$0, parent] = true } }
    return result
  }
}
