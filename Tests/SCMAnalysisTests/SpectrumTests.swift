import Foundation
import SCMAnalysis
import SCMGraphs
import SCMRandom
import SCMTestSupport
import Testing

@Suite struct SpectrumTests {
  private func spectrum(_ n: Int, _ edges: [(Int, Int)]) throws -> [Double] {
    var adjacency = AdjacencyMatrix(nodeCount: n)
    for (a, b) in edges { adjacency[min(a, b), max(a, b)] = true }
    return try GraphDescriptors(DirectedAcyclicGraph(adjacency)).spectrum
  }

  private func expectClose(_ a: [Double], _ b: [Double]) {
    #expect(a.count == b.count)
    for (x, y) in zip(a, b) { #expect(abs(x - y) < 1e-12, "\(a)") }
  }

  @Test(arguments: [2, 3, 4, 5, 12, 40])
  func knownGraphsHaveTheirSpectra(n: Int) throws {
    let path = (1..<n).map { ($0 - 1, $0) }
    expectClose(try spectrum(n, path), (0..<n).map { 1 - cos(Double.pi * Double($0) / Double(n - 1)) })
    let complete = (0..<n).flatMap { i in (0..<i).map { ($0, i) } }
    expectClose(
      try spectrum(n, complete), [0] + [Double](repeating: Double(n) / Double(n - 1), count: n - 1))
    expectClose(try spectrum(n, (1..<n).map { (0, $0) }), [0] + [Double](repeating: 1, count: n - 2) + [2])
    if n > 2 {
      let cycle = (0..<n).map { 1 - cos(2 * Double.pi * Double($0) / Double(n)) }.sorted()
      expectClose(try spectrum(n, path + [(0, n - 1)]), cycle)
    }
    expectClose(try spectrum(n, []), [Double](repeating: 0, count: n))
  }

  @Test func theLargestDegreeIsThatOfParentsOrChildren() throws {
    func largest(_ edges: [(Int, Int)]) throws -> Int {
      var adjacency = AdjacencyMatrix(nodeCount: 5)
      for (from, to) in edges { adjacency[from, to] = true }
      return try GraphDescriptors(DirectedAcyclicGraph(adjacency)).largestDegree
    }
    #expect(try largest([]) == 0)
    #expect(try largest([(0, 1), (1, 2)]) == 1)
    #expect(try largest([(0, 1), (0, 2), (0, 3), (3, 4)]) == 3)
    #expect(try largest([(0, 4), (1, 4), (2, 4), (3, 4)]) == 4)
  }

  @Test func theTraceCountsNodesWithNeighboursAndZerosCountComponents() throws {
    for seed in 0..<50 as Range<UInt64> {
      let graph = try ErdosRenyi(edgesPerNode: 0.6).sample(nodeCount: 15, key: TaskKey(seed: seed))
      let found = GraphDescriptors(graph)
      let isolated = (0..<15).count {
        graph.adjacency.parents(of: $0).isEmpty && graph.adjacency.children(of: $0).isEmpty
      }
      #expect(GraphDescriptors.spectrum(of: graph.adjacency) == found.spectrum)
      #expect(abs(found.spectrum.reduce(0, +) - Double(15 - isolated)) < 1e-10)
      #expect(found.spectrum.allSatisfy { $0 > -1e-12 && $0 < 2 + 1e-12 })
      var component = Array(0..<15)
      for (a, b) in graph.adjacency.edges {
        let (from, to) = (component[a], component[b])
        component = component.map { $0 == from ? to : $0 }
      }
      #expect(found.spectrum.count { abs($0) < 1e-10 } == Set(component).count, "seed \(seed)")
    }
  }

  /// Against power sums: Σλ, Σλ² and Σλ³ are the traces of the powers.
  @Test(arguments: [1, 2, 3, 7, 30, 64])
  func randomMatricesHaveTheTracesOfTheirPowers(n: Int) {
    let values = normalColumn(n * n, site: n).map(Double.init)
    var a = [Double](repeating: 0, count: n * n)
    for i in 0..<n { for j in 0..<n { a[i * n + j] = values[i * n + j] + values[j * n + i] } }
    let eigenvalues = symmetricEigenvalues(a, count: n)
    #expect(eigenvalues == eigenvalues.sorted())
    var power = a
    for exponent in 1...3 {
      let trace = (0..<n).reduce(0) { $0 + power[$1 * n + $1] }
      let sum = eigenvalues.reduce(0) { $0 + pow($1, Double(exponent)) }
      let size = eigenvalues.reduce(0) { $0 + pow(abs($1), Double(exponent)) }
      #expect(abs(sum - trace) < 1e-12 * size * Double(n))
      var next = [Double](repeating: 0, count: n * n)
      for i in 0..<n { for j in 0..<n { for k in 0..<n { next[i * n + j] += power[i * n + k] * a[k * n + j] } } }
      power = next
    }
  }

  @Test func matricesThatAreNotFiniteEnd() {
    _ = symmetricEigenvalues([.nan, .nan, .nan, .nan], count: 2)
    _ = symmetricEigenvalues([Double](repeating: .infinity, count: 9), count: 3)
    #expect(symmetricEigenvalues([], count: 0).isEmpty)
  }
}
