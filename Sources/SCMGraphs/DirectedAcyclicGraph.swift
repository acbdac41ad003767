public import SCMBase

/// A directed graph without cycles, together with one of its topological orders.
public struct DirectedAcyclicGraph: Hashable, Sendable {
  public let adjacency: AdjacencyMatrix
  /// `topologicalOrder[k]` is the k-th node to be computed: parents come before their children.
  public let topologicalOrder: [Int]

  public var nodeCount: Int { adjacency.nodeCount }
  public var edgeCount: Int { adjacency.edgeCount }

  /// A graph of the caller's own; its order takes the smallest label among the nodes that are free (Kahn, 1962).
  ///
  /// - Throws: when the graph has a cycle; the error names the nodes of one.
  public init(_ adjacency: AdjacencyMatrix) throws(ConfigError) {
    let n = adjacency.nodeCount
    var missing = [Int](equal: 0, count: n)
    for (_, child) in adjacency.edges { missing[child] += 1 }
    var order: [Int] = []
    order.reserveCapacity(n)
    var free = AscendingSet((0..<n).filter { missing[$0] == 0 })
    while let node = free.popFirst() {
      order.append(node)
      for child in adjacency.children(of: node) {
        missing[child] -= 1
        if missing[child] == 0 { free.insert(child) }
      }
    }
    if order.count < n, let cycle = adjacency.cycle {
      throw ConfigError(
        path: "adjacency", value: "a graph with a cycle",
        reason: "must be acyclic; \(AdjacencyMatrix.words(ofCycle: cycle)) is a cycle"
      )
    }
    self.adjacency = adjacency
    topologicalOrder = order
  }

  /// A graph whose order is known to fit, as it came from a graph with more edges.
  package init(_ adjacency: AdjacencyMatrix, keepingOrder order: [Int]) {
    self.adjacency = adjacency
    topologicalOrder = order
  }

  /// A graph from edges between places of an order (from < to), whose place k holds node `order[k]`.
  init(orderedEdges: [OrderedEdge], order: [Int]) {
    var adjacency = AdjacencyMatrix(nodeCount: order.count)
    for edge in orderedEdges { adjacency[order[edge.from], order[edge.to]] = true }
    self.adjacency = adjacency
    topologicalOrder = order
  }
}

/// An edge between two places of a topological order, from < to.
public struct OrderedEdge: Hashable, Sendable {
  public let from: Int
  public let to: Int

  public init(from: Int, to: Int) {
    self.from = from
    self.to = to
  }
}

/// A binary heap of distinct integers, smallest first.
private struct AscendingSet {
  private var heap: [Int]

  /// - Parameter ascending: an ascending list, which is a heap as it stands.
  init(_ ascending: [Int]) { heap = ascending }

  mutating func insert(_ value: Int) {
    heap.append(value)
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popFirst() -> Int? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      guard least != parent else { return first }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
