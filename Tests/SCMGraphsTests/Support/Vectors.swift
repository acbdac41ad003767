import Foundation
import SCMGraphs

/// What these tests read of Tests/Vectors/vectors.json, the golden vectors of both languages.
struct Vectors: Decodable {
  struct ErdosRenyiGraph: Decodable, Sendable {
    let edges_per_node: Double
    let words: String?
    let order: [Int]
    let edges: [[Int]]
    let bytes, sha256: String
  }
  struct Digest: Decodable, Sendable {
    let name: String
    let nodes: Int
    let edges: [[Int]]
    let bytes, exact, pattern_bytes, mec, iso: String

    var graph: AdjacencyMatrix { AdjacencyMatrix(nodeCount: nodes, edges: edges.map { ($0[0], $0[1]) }) }
  }
  struct Count: Decodable, Sendable { let nodes, graphs, mec, iso: Int }

  let block_seed: String
  let erdos_renyi: [ErdosRenyiGraph]
  let digests: [Digest]
  let iso_collision: String
  let counts: [Count]

  static func load() throws -> Vectors {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try JSONDecoder().decode(
      Vectors.self, from: Data(contentsOf: tests.appending(path: "Vectors/vectors.json")))
  }
}
