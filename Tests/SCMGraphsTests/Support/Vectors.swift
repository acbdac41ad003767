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

extension AdjacencyMatrix {
  init(nodeCount: Int, edges: [(Int, Int)]) {
    self.init(nodeCount: nodeCount)
    for (parent, child) in edges { self[parent, child] = true }
  }

  /// The same graph with node i called `labels[i]`.
  func relabelled(_ labels: [Int]) -> AdjacencyMatrix {
    AdjacencyMatrix(nodeCount: nodeCount, edges: edges.map { (labels[$0.parent], labels[$0.child]) })
  }

  func isAdjacent(_ a: Int, _ b: Int) -> Bool { self[a, b] || self[b, a] }

  /// Unshielded colliders a → c ← b, a < b.
  var vStructures: [[Int]] {
    (0..<nodeCount).flatMap { child -> [[Int]] in
      let parents = parents(of: child)
      return parents.flatMap { a in parents.filter { a < $0 && !isAdjacent(a, $0) }.map { [a, child, $0] } }
    }
  }
}

func hex(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
