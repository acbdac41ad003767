import SCMBase

/// The parents of each node of a graph, ascending, in one array: `lists[node]` is a slice of it.
///
/// Lists are made for every task, where an array for each node would cost more than what is in it.
public struct ParentLists: RandomAccessCollection, Hashable, Sendable {
  /// The list of node j is `nodes[starts[j] ..< starts[j + 1]]`.
  private let starts: [Int]
  private let nodes: [Int]

  init(of adjacency: AdjacencyMatrix) {
    let count = adjacency.nodeCount
    var starts = [Int](equal: 0, count: count + 1)
    for parent in 0..<count { adjacency.forEachChild(of: parent) { starts[$0 + 1] += 1 } }
    for node in 0..<count { starts[node + 1] += starts[node] }
    var nodes = [Int](equal: 0, count: starts[count])
    // Each list is filled from its start, which then stands at its end: the start of the next.
    for parent in 0..<count {
      adjacency.forEachChild(of: parent) { child in
        nodes[starts[child]] = parent
        starts[child] += 1
      }
    }
    for node in stride(from: count, to: 0, by: -1) { starts[node] = starts[node - 1] }
    starts[0] = 0
    (self.starts, self.nodes) = (starts, nodes)
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { starts.count - 1 }

  /// How many parents each node has.
  package var counts: [Int] { indices.map { count(of: $0) } }

  /// `self[node].count`, which counts no references.
  package func count(of node: Int) -> Int { starts[node + 1] - starts[node] }

  /// The parents of a node, each with its place among them.
  package func forEach(of node: Int, _ body: (_ index: Int, _ parent: Int) -> Void) {
    let start = starts[node]
    for place in start..<starts[node + 1] { body(place - start, nodes[place]) }
  }

  public subscript(node: Int) -> ArraySlice<Int> { nodes[starts[node]..<starts[node + 1]] }
}
