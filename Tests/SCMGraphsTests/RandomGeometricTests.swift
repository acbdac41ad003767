import SCMGraphs
import SCMRandom
import Testing

/// Points on the unit square (numerics 2.4).
struct RandomGeometricTests {
  /// P(distance < r) = πr² − 8r³/3 + r⁴/2, for r = 0.3 and 20 nodes 40.8107 edges.
  @Test func edgesAreAsManyAsTheRadiusGives() {
    let model = RandomGeometric(edgesPerNode: 0.2147933388 * 19 / 2)
    let edges = Sample((0..<20_000).map { model.orderedEdges(nodeCount: 20, key: TaskKey(seed: $0)).count })
    expectMean(edges, 40.8107, "edges")
  }

  /// The points of the documented address, compared one by one.
  @Test func pointsAreLinkedWhereTheyAreNearerThanTheRadius() {
    for seed in 0..<50 as Range<UInt64> {
      let key = TaskKey(seed: seed)
      let edges = Set(RandomGeometric(edgesPerNode: 0.2147933388 * 29 / 2).orderedEdges(nodeCount: 30, key: key))
      let points = (0..<30).map { key.block($0, purpose: .graph) }
        .map { SIMD2(Double(unit: $0.word64(0)), Double(unit: $0.word64(1))) }
      for to in 0..<30 {
        for from in 0..<to {
          let between = points[to] - points[from]
          let distance = (between * between).sum().squareRoot()
          // The radius is 0.3 to ten digits.
          guard abs(distance - 0.3) > 1e-8 else { continue }
          #expect(edges.contains(OrderedEdge(from: from, to: to)) == (distance < 0.3), "seed \(seed)")
        }
      }
    }
  }

  @Test func neighboursOfANodeAreOftenLinked() throws {
    func triangles(_ model: some GraphModel) throws -> Double {
      Sample(try (0..<500).map { try model.sample(nodeCount: 30, key: TaskKey(seed: $0)).adjacency.triangleCount }).mean
    }
    #expect(try triangles(RandomGeometric(edgesPerNode: 2)) > 3 * triangles(ErdosRenyi(edgesPerNode: 2)))
  }
}
