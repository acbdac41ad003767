import SCMGraphs
import Testing

/// The bit matrix, around the sizes of its words.
struct AdjacencyMatrixTests {
  private static let sizes = [0, 1, 2, 63, 64, 65, 128, 130]

  /// Some edges of a graph with n nodes, in the order of rows.
  private func someEdges(_ n: Int) -> [(Int, Int)] {
    (0..<n).flatMap { i in (0..<n).filter { (5 * i + 3 * $0) % 11 == 0 }.map { (i, $0) } }
  }

  @Test(arguments: sizes) func startsEmpty(nodeCount: Int) {
    let matrix = AdjacencyMatrix(nodeCount: nodeCount)
    #expect(matrix.nodeCount == nodeCount)
    #expect(matrix.edgeCount == 0)
    #expect(matrix.edges.isEmpty)
    for node in 0..<nodeCount { #expect(matrix.children(of: node) == [] && matrix.parents(of: node) == []) }
  }

  @Test(arguments: sizes) func holdsWhatWasSet(nodeCount n: Int) {
    let edges = someEdges(n)
    let matrix = AdjacencyMatrix(nodeCount: n, edges: edges)
    #expect(matrix.edgeCount == edges.count)
    #expect(matrix.edges.map { [$0.parent, $0.child] } == edges.map { [$0.0, $0.1] })
    for i in 0..<n {
      #expect(matrix.children(of: i) == edges.filter { $0.0 == i }.map { $0.1 })
      #expect(matrix.parents(of: i) == edges.filter { $0.1 == i }.map { $0.0 })
    }
  }

  @Test(arguments: sizes.filter { $0 > 0 }) func anEdgeTouchesNoOther(nodeCount n: Int) {
    for (i, j) in [(0, 0), (0, n - 1), (n - 1, 0), (n - 1, n - 1), (n / 2, n / 3)] {
      var matrix = AdjacencyMatrix(nodeCount: n)
      matrix[i, j] = true
      #expect(matrix.edges.map { [$0.parent, $0.child] } == [[i, j]])
      matrix[i, j] = true
      #expect(matrix.edgeCount == 1)
      matrix[i, j] = false
      #expect(matrix == AdjacencyMatrix(nodeCount: n))
      matrix[i, j] = false
      #expect(matrix.edgeCount == 0)
    }
  }

  @Test(arguments: sizes) func transposedTwiceIsTheSame(nodeCount n: Int) {
    let matrix = AdjacencyMatrix(nodeCount: n, edges: someEdges(n))
    #expect(matrix.transposed.transposed == matrix)
    #expect(matrix.transposed.edgeCount == matrix.edgeCount)
    for (parent, child) in matrix.edges { #expect(matrix.transposed[child, parent]) }
  }

  @Test func equalityIsThatOfSizeAndEdges() {
    let three = AdjacencyMatrix(nodeCount: 3, edges: [(0, 1)])
    #expect(three == AdjacencyMatrix(nodeCount: 3, edges: [(0, 1)]))
    #expect(three != AdjacencyMatrix(nodeCount: 3, edges: [(1, 0)]))
    #expect(AdjacencyMatrix(nodeCount: 0) != AdjacencyMatrix(nodeCount: 1))
    #expect(AdjacencyMatrix(nodeCount: 3) != AdjacencyMatrix(nodeCount: 4))
  }
}
