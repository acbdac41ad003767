import SCMBase

/// What is left of a graph where some nodes are hidden: the acyclic directed mixed graph over the observed ones.
///
///     // 0 → 1 → 2 and 0 → 3, without node 0: 1 → 2, and 1 ↔ 3.
///     let projection = LatentProjection(of: graph, hiding: [0])
///     projection.observed == [1, 2, 3]
///     projection.directed[0, 1] && projection.bidirected[0, 2]
///
/// It keeps the ancestors among the observed nodes, and which of them are independent given which.
///
/// Source: Verma and Pearl, "Equivalence and synthesis of causal models", UAI 1990; node by node as in Richardson, Evans, Robins,
/// Shpitser, "Nested Markov properties for acyclic directed mixed graphs", Annals of Statistics 51 (2023).
public struct LatentProjection: Hashable, Sendable {
  /// The observed nodes, ascending, under the numbers of the graph that was projected first: node k here is `observed[k]` there.
  public let observed: [Int]
  /// `directed[i, j]` is true where a directed path leads from i to j all of whose nodes between are hidden.
  public let directed: AdjacencyMatrix
  /// `bidirected[i, j]` is true where a hidden node has a directed path to i and one to j, all of whose nodes between are hidden.
  /// Symmetric; no node is linked to itself.
  public let bidirected: AdjacencyMatrix
  /// The order of the directed part that the projected graph had.
  public let topologicalOrder: [Int]

  public var nodeCount: Int { observed.count }

  /// - Parameter hidden: the nodes that aren't observed, in any order.
  /// - Precondition: they are nodes of the graph.
  /// - Complexity: O(hidden · n²/64).
  public init(of graph: DirectedAcyclicGraph, hiding hidden: [Int] = []) {
    let all = LatentProjection(
      observed: Array(0..<graph.nodeCount), directed: graph.adjacency,
      bidirected: AdjacencyMatrix(nodeCount: graph.nodeCount), topologicalOrder: graph.topologicalOrder)
    self = hidden.isEmpty ? all : all.hiding(hidden)
  }

  private init(observed: [Int], directed: AdjacencyMatrix, bidirected: AdjacencyMatrix, topologicalOrder: [Int]) {
    self.observed = observed
    self.directed = directed
    self.bidirected = bidirected
    self.topologicalOrder = topologicalOrder
  }

  /// The projection of this graph, whose edges ↔ stand for hidden nodes of their own.
  ///
  /// - Parameter hidden: nodes under their numbers here. Hiding some and then others is hiding all of them at once.
  /// - Precondition: they are from 0 to `nodeCount` − 1.
  public func hiding(_ hidden: [Int]) -> LatentProjection {
    var (directed, bidirected) = (directed, bidirected)
    var isHidden = [Bool](equal: false, count: nodeCount)
    // One node at a time: what led through it is linked past it. Rows of nodes that are done with are no longer read, and a node's own row
    // stays as it is meanwhile.
    for node in hidden {
      requireInRelease(isHidden.indices.contains(node), "A hidden node must be one of the graph.")
      isHidden[node] = true
      for parent in 0..<nodeCount where directed[parent, node] { directed.addChildren(of: node, to: parent) }
      directed.forEachChild(of: node) { child in
        bidirected.addChildren(of: node, in: directed, to: child)
        bidirected.addChildren(of: node, to: child)
        bidirected[child, child] = false
      }
      for sibling in 0..<nodeCount where bidirected[node, sibling] {
        bidirected.addChildren(of: node, in: directed, to: sibling)
        bidirected[sibling, sibling] = false
      }
    }
    let kept = isHidden.indices.filtered { !isHidden[$0] }
    var number = [Int](equal: -1, count: nodeCount)
    for (k, node) in kept.enumerated() { number[node] = k }
    return LatentProjection(
      observed: kept.map { observed[$0] }, directed: directed.restricted(to: kept, numbers: number),
      bidirected: bidirected.restricted(to: kept, numbers: number),
      topologicalOrder: topologicalOrder.filtered { !isHidden[$0] }.map { number[$0] })
  }

  /// The directed part alone.
  public var directedGraph: DirectedAcyclicGraph { DirectedAcyclicGraph(directed, keepingOrder: topologicalOrder) }

  /// Which observed node is an ancestor of which; hiding others changes nothing of it. See ``DirectedAcyclicGraph/ancestors``.
  public var ancestors: AdjacencyMatrix { directedGraph.ancestors }
}
