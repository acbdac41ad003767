import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// The two golden graphs of numerics 2.1, from the word to the digest.
struct ErdosRenyiGoldenTests {
  @Test func graphsMatchTheSpecification() throws {
    let vectors = try Vectors.load()
    let key = TaskKey(seed: try #require(UInt64(vectors.block_seed, radix: 16)))
    for vector in vectors.erdos_renyi {
      let n = vector.order.count
      let graph = try ErdosRenyi(edgesPerNode: vector.edges_per_node).sample(nodeCount: n, key: key)
      #expect(graph.topologicalOrder == vector.order, "\(n) nodes")
      #expect(graph.adjacency.edges.map { [$0.parent, $0.child] } == vector.edges, "\(n) nodes")
      #expect(graph.adjacency.canonicalBytes(kind: 0).hex == vector.bytes, "\(n) nodes")
      #expect(graph.adjacency.digest().hex == vector.sha256, "\(n) nodes")
    }
  }

  @Test func aPairIsKeptByItsOwnWord() throws {
    let vectors = try Vectors.load()
    let key = TaskKey(seed: try #require(UInt64(vectors.block_seed, radix: 16)))
    let golden = try #require(vectors.erdos_renyi.first?.words).split(separator: " ").compactMap {
      UInt32($0, radix: 16)
    }
    var words = key.words(purpose: .graph)
    #expect(golden.map { _ in words.next32() } == golden)
    let edges = ErdosRenyi(edgesPerNode: 1).orderedEdges(nodeCount: 5, key: key)
    #expect(edges.map { [$0.from, $0.to] } == [[0, 2], [0, 3], [0, 4], [2, 3], [3, 4]])
  }
}
