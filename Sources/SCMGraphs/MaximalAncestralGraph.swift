/// The mark at one end of an edge of a mixed graph, under the number that pcalg gives it in matrices of kind `amat.pag`; pcalg's 1, a
/// circle, is for what is unknown and doesn't occur here. (causal-learn numbers them otherwise: −1 a tail, 1 an arrowhead.)
public enum EdgeMark: Int8, Sendable {
  /// There is no edge.
  case none = 0
  case arrowhead = 2
  case tail = 3
}

/// The maximal ancestral graph (MAG) over a projection's nodes: an edge stands between two nodes that no others separate, a tail at the
/// one that is an ancestor of the other, an arrowhead at the one that isn't.
///
/// `mag[i, j]` is the mark at j of the edge between i and j:
///
/// | edge | `mag[i, j]` | `mag[j, i]` |
/// |---|---|---|
/// | none | 0 | 0 |
/// | i → j | 2 | 3 |
/// | i ↔ j | 2 | 2 |
///
/// There is no i − j, since nothing is selected on. Two nodes are m-separated by others in it exactly where they are in the projection.
///
/// Source: Richardson and Spirtes, "Ancestral graph Markov models", Annals of Statistics 30 (2002).
public struct MaximalAncestralGraph: Hashable, Sendable {
  public let nodeCount: Int
  /// The raw values of all marks, row by row: `marks[i * nodeCount + j]` is that of `mag[i, j]`.
  public let marks: [Int8]

  public subscript(i: Int, j: Int) -> EdgeMark { EdgeMark(rawValue: marks[i * nodeCount + j]) ?? .none }

  /// - Complexity: O(n² · n/64) where few nodes are linked by ↔; at worst n times that.
  public init(of projection: LatentProjection) {
    let n = projection.nodeCount
    let ancestors = projection.ancestors
    var paths = InducingPaths(of: projection, ancestors)
    var marks = [Int8](repeating: EdgeMark.none.rawValue, count: n * n)
    for i in 0..<n {
      for j in 0..<i where paths.join(i, j) {
        marks[i * n + j] = (ancestors[j, i] ? EdgeMark.tail : .arrowhead).rawValue
        marks[j * n + i] = (ancestors[i, j] ? EdgeMark.tail : .arrowhead).rawValue
      }
    }
    nodeCount = n
    self.marks = marks
  }
}

/// Finds whether two nodes have an inducing path: an edge, or one whose nodes between are all colliders on it and all ancestors of
/// an end. No set of other nodes separates such two.
private struct InducingPaths {
  private let width: Int
  private let isConfounded: Bool
  /// Row i: all that an edge i → or i ↔ leads to. For a node between these are the edges ↔ alone.
  private let heads: AdjacencyMatrix
  private let bidirected: AdjacencyMatrix
  /// Row i: the ancestors of i.
  private let ancestors: AdjacencyMatrix
  private var allowed: [UInt64]
  private var reached: [UInt64]

  init(of projection: LatentProjection, _ ancestors: AdjacencyMatrix) {
    var heads = projection.directed
    for node in 0..<heads.nodeCount { heads.addChildren(of: node, in: projection.bidirected, to: node) }
    self.heads = heads
    self.ancestors = ancestors.transposed
    bidirected = projection.bidirected
    isConfounded = bidirected.edgeCount > 0
    width = heads.wordsPerRow
    allowed = [UInt64](repeating: 0, count: width)
    reached = allowed
  }

  mutating func join(_ i: Int, _ j: Int) -> Bool {
    if heads[i, j] || heads[j, i] { return true }
    // Of two edges → into one node neither starts at its descendant: a collider that is an ancestor of an end has an edge ↔.
    guard isConfounded else { return false }
    let (rowI, rowJ) = (i * width, j * width)
    for w in 0..<width {
      allowed[w] = ancestors.words[rowI + w] | ancestors.words[rowJ + w]
    }
    allowed[i >> 6] &= ~(1 << UInt64(i & 63))
    allowed[j >> 6] &= ~(1 << UInt64(j & 63))
    var waiting: [Int] = []
    for w in 0..<width {
      reached[w] = heads.words[rowI + w] & allowed[w]
      collect(reached[w], w, into: &waiting)
    }
    while let node = waiting.popLast() {
      if heads[j, node] { return true }
      for w in 0..<width {
        let new = bidirected.words[node * width + w] & allowed[w] & ~reached[w]
        reached[w] |= new
        collect(new, w, into: &waiting)
      }
    }
    return false
  }

  private func collect(_ nodes: UInt64, _ w: Int, into list: inout [Int]) {
    var left = nodes
    while left != 0 {
      list.append(64 * w + left.trailingZeroBitCount)
      left &= left &- 1
    }
  }
}
