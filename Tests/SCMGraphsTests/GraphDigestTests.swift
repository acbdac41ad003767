import SCMBase
import SCMGraphs
import SCMRandom
import Testing

/// Canonical bytes and digests against the golden vectors (numerics 5).
struct GraphDigestTests {
  @Test func canonicalBytesMatchTheVectors() throws {
    for vector in try Vectors.load().digests {
      #expect(vector.graph.canonicalBytes(kind: 0).hex == vector.bytes, "\(vector.name)")
      #expect(vector.graph.pattern.canonicalBytes(kind: 1).hex == vector.pattern_bytes, "\(vector.name)")
    }
  }

  @Test func digestsMatchTheVectorsAtEveryLevel() throws {
    for vector in try Vectors.load().digests {
      #expect(vector.graph.digest().hex == vector.exact, "\(vector.name)")
      #expect(vector.graph.digest(level: .exact).hex == vector.exact, "\(vector.name)")
      #expect(vector.graph.digest(level: .mec).hex == vector.mec, "\(vector.name)")
      #expect(vector.graph.digest(level: .iso).hex.hasPrefix(vector.iso), "\(vector.name)")
    }
  }

  /// Bit by bit, where a row ends in the middle of a byte.
  @Test(arguments: [7, 8, 9, 63, 64, 65, 130]) func canonicalBytesAreTheRowsHighestBitFirst(nodeCount n: Int) throws {
    let graph = try ErdosRenyi(edgesPerNode: 2).sample(nodeCount: n, key: TaskKey(seed: 6)).adjacency
    var bits = (0..<n).flatMap { i in (0..<n).map { graph[i, $0] } }
    bits += [Bool](repeating: false, count: (8 - bits.count % 8) % 8)
    let packed = stride(from: 0, to: bits.count, by: 8).map { start in
      (0..<8).reduce(UInt8(0)) { $0 << 1 | (bits[start + $1] ? 1 : 0) }
    }
    #expect(graph.canonicalBytes(kind: 0) == Array("SCMG".utf8) + [1, 0, 0, 0, UInt8(n), 0, 0, 0] + packed)
  }

  @Test func theSizeStandsInFourBytesLowestFirst() {
    #expect(
      AdjacencyMatrix(nodeCount: 300).canonicalBytes(kind: 3).prefix(12) == [83, 67, 77, 71, 1, 3, 0, 0, 44, 1, 0, 0])
  }

  /// The alternating orientations of an octagon and of two squares: refinement of colours can't tell them apart.
  @Test func twoSquaresAndAnOctagonShareTheirIsoDigest() throws {
    func alternating(_ cycles: [[Int]]) -> AdjacencyMatrix {
      let edges = cycles.flatMap { cycle in
        cycle.indices.map { index -> (Int, Int) in
          let (a, b) = (cycle[index], cycle[(index + 1) % cycle.count])
          return index.isMultiple(of: 2) ? (a, b) : (b, a)
        }
      }
      return AdjacencyMatrix(nodeCount: 8, edges: edges)
    }
    let octagon = alternating([[0, 1, 2, 3, 4, 5, 6, 7]])
    let squares = alternating([[0, 1, 2, 3], [4, 5, 6, 7]])
    let collision = try Vectors.load().iso_collision
    #expect(octagon.digest(level: .iso).hex.hasPrefix(collision))
    #expect(octagon.digest(level: .iso) == squares.digest(level: .iso))
    #expect(octagon.digest(level: .mec) != squares.digest(level: .mec))
  }

  @Test func relabellingKeepsTheIsoDigestOnly() throws {
    for seed in 0..<50 as Range<UInt64> {
      let graph = try ErdosRenyi(edgesPerNode: 1.5).sample(nodeCount: 12, key: TaskKey(seed: seed)).adjacency
      var words = TaskKey(seed: seed).words(purpose: .user)
      let other = graph.relabelled(words.permutation(of: 12))
      #expect(graph.digest(level: .iso) == other.digest(level: .iso), "seed \(seed)")
      #expect(graph.digest(level: .exact) != other.digest(level: .exact), "seed \(seed)")
      // Its reverse has other colours, but for a graph that is like it by chance.
      #expect(graph.digest(level: .iso) != graph.transposed.digest(level: .iso), "seed \(seed)")
    }
  }

  @Test func aDigestIsWrittenAndReadAsItsBytes() throws {
    let digest = AdjacencyMatrix(nodeCount: 1).digest()
    #expect(digest.bytes.count == 32)
    #expect(digest.bytes.hex == digest.hex)
    #expect(GraphDigest(bytes: digest.bytes) == digest)
    #expect(GraphDigest(bytes: Array(digest.bytes.dropLast())) == nil)
    #expect(GraphDigest(bytes: []) == nil)
  }

  @Test func digestsAreSortedAsTheirText() {
    let digests = (1..<50).map { AdjacencyMatrix(nodeCount: $0).digest() }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }
}
