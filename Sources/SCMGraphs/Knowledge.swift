public import SCMBase

/// What is known of each ordered pair of nodes once the truth of some is revealed, with all that follows.
///
///     // 0 → 1 → 2; that 0 is an ancestor of 1, and 1 one of 2, is revealed.
///     let knowledge = Knowledge(of: .ancestors, in: graph, revealed: pairs)
///     knowledge[0, 2] == 1 && knowledge[2, 0] == 0
///
/// It is complete: a pair is known exactly where all graphs that fit what is revealed agree on it.
public struct Knowledge: Hashable, Sendable {
  /// What a pair (i, j) is asked.
  public enum Question: String, NamedChoice {
    /// Whether i → j is an edge.
    case edges
    /// Whether i is an ancestor of j.
    case ancestors
  }

  /// Pairs whose answer is known to be yes.
  public let yes: AdjacencyMatrix
  /// Pairs whose answer is known to be no, each node with itself among them.
  public let no: AdjacencyMatrix

  /// 1: yes; 0: no; −1: unknown.
  public subscript(i: Int, j: Int) -> Int8 { yes[i, j] ? 1 : no[i, j] ? 0 : -1 }

  /// - Parameter revealed: the pairs whose answer is told: `revealed[i, j]`.
  /// - Complexity: O(n³/64).
  public init(of question: Question, in graph: DirectedAcyclicGraph, revealed: AdjacencyMatrix) {
    requireInRelease(revealed.nodeCount == graph.nodeCount, "What is revealed must be of the graph's nodes.")
    let truth = question == .edges ? graph.adjacency : graph.ancestors
    var (yes, no) = (truth, revealed)
    for w in truth.words.indices {
      yes.words[w] &= revealed.words[w]
      no.words[w] &= ~truth.words[w]
    }
    for node in 0..<graph.nodeCount { no[node, node] = true }
    let paths = DirectedAcyclicGraph(yes, keepingOrder: graph.topologicalOrder).ancestors
    switch question {
    case .edges:
      // An edge back along a known path would close a cycle; any other one may be or not be.
      let back = paths.transposed
      for node in 0..<graph.nodeCount { no.addChildren(of: node, in: back, to: node) }
    case .ancestors:
      yes = paths
      no = Self.excluded(no, paths)
    }
    self.yes = yes
    self.no = no
  }

  /// The pairs (i, j) that can't be: were i an ancestor of j, then all that are above or at i would be ancestors of all that are below
  /// or at j, and of such a pair it is known that it isn't so, or its two nodes are one.
  private static func excluded(_ no: AdjacencyMatrix, _ ancestors: AdjacencyMatrix) -> AdjacencyMatrix {
    let nodes = 0..<no.nodeCount
    var above = ancestors.transposed
    for node in nodes { above[node, node] = true }
    var half = AdjacencyMatrix(nodeCount: no.nodeCount)
    for a in nodes { no.forEachChild(of: a) { half.addChildren(of: $0, in: above, to: a) } }
    var excluded = AdjacencyMatrix(nodeCount: no.nodeCount)
    for i in nodes { above.forEachChild(of: i) { excluded.addChildren(of: $0, in: half, to: i) } }
    return excluded
  }
}
