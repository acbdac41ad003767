import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// The laws that every graph distribution keeps: acyclic, right size, a valid order, same seed same graph, other seed other
/// graph, and labels that say nothing of the order, but for those of nodes with a role.
///
/// - Parameter nodeCounts: sizes that the distribution has; the first is small, the last large enough that two graphs differ.
func checkLaws(
  of generator: some GraphGenerator, nodeCounts: [Int] = [5, 20, 65, 130],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  for n in nodeCounts {
    for seed in 0..<20 as Range<UInt64> {
      let graph = try generator.sample(nodeCount: n, key: TaskKey(seed: seed))
      let name = "\(generator), \(n) nodes, seed \(seed)"
      #expect(graph.nodeCount == n && graph.adjacency.nodeCount == n, "\(name)", sourceLocation: sourceLocation)
      #expect(throws: Never.self, "\(name)", sourceLocation: sourceLocation) {
        try DirectedAcyclicGraph(graph.adjacency)
      }
      expectOrder(of: graph, name, sourceLocation: sourceLocation)
      let again = try generator.sample(nodeCount: n, key: TaskKey(seed: seed))
      #expect(graph == again, "\(name)", sourceLocation: sourceLocation)
    }
  }
  if let n = nodeCounts.last {
    let graphs = try (0..<20).map { try generator.sample(nodeCount: n, key: TaskKey(seed: $0)).adjacency }
    #expect(Set(graphs).count == 20, "\(generator), \(n) nodes", sourceLocation: sourceLocation)
  }
  if let n = nodeCounts.first {
    try checkSymmetry(of: generator, nodeCount: n, sourceLocation: sourceLocation)
  }
}

/// Expects a permutation in which parents come before their children.
func expectOrder(of graph: DirectedAcyclicGraph, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
  let order = graph.topologicalOrder
  #expect(order.sorted() == Array(0..<graph.nodeCount), "\(name)", sourceLocation: sourceLocation)
  var place = [Int](repeating: 0, count: order.count)
  for (index, node) in order.enumerated() { place[node] = index }
  let backward = graph.adjacency.edges.filter { place[$0.parent] >= place[$0.child] }
  #expect(backward.isEmpty, "\(name): \(backward)", sourceLocation: sourceLocation)
}

/// P(i → j) = P(j → i): of the graphs that link the two, half do so either way.
private func checkSymmetry(
  of generator: some GraphGenerator, nodeCount n: Int, sourceLocation: SourceLocation
) throws {
  var counts = [Int](repeating: 0, count: n * n)
  for seed in 0..<4000 as Range<UInt64> {
    let graph = try generator.sample(nodeCount: n, key: TaskKey(seed: seed))
    for (parent, child) in graph.adjacency.edges { counts[parent * n + child] += 1 }
  }
  let nodes = (generator as? any EffectStructure)?.roles(nodeCount: n).covariates ?? 0..<n
  for i in nodes {
    for j in 0..<i {
      let (down, up) = (Double(counts[i * n + j]), Double(counts[j * n + i]))
      #expect(
        abs(down - up) <= 5 * (down + up).squareRoot(), "\(generator): \(i) → \(j) \(down) times, back \(up)",
        sourceLocation: sourceLocation)
    }
  }
}
