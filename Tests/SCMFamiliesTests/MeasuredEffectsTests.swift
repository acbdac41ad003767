import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMTestSupport
import Testing

/// Measured shares and effects against the closed forms of linear SCMs.
struct MeasuredEffectsTests {
  private static let rows = 20_000

  /// Relative errors of a mean square of Gaussian values over n rows have deviation √(2/n), of a mean squared difference of rows, of
  /// which each is in two, at most √(4/n); their ratio's is at most √(6/n), and the ratio of two mean squares' √(4/n).
  @Test(arguments: ["none", "inputs", "internal"])
  func linearEffectsAreInClosedForm(standardization: String) throws {
    let family = try SCMFamily(json: #"{"n_nodes": 8, "standardization": "\#(standardization)"}"#)
    for seed in 0..<5 as Range<UInt64> {
      let task = try family.sampleTask(seed: seed)
      let system = try #require(LinearSystem(task))
      let covariance = system.covariance
      let found = try task.measuredEffects(rows: Self.rows)
      #expect(found.edges.map { [$0.parent, $0.child] } == task.adjacency.edges.map { [$0.parent, $0.child] })
      for edge in found.edges {
        let weight = abs(system.weights[edge.parent][edge.child])
        let exact = weight * (covariance[edge.parent][edge.parent] / covariance[edge.child][edge.child]).squareRoot()
        let sigma = exact / 2 * (6 / Double(Self.rows)).squareRoot()
        #expect(abs(edge.effect - exact) <= 5 * sigma, "\(edge) \(exact)")
      }
      for node in 0..<8 {
        guard !task.parents[node].isEmpty else {
          #expect(found.signalShares[node] == nil)
          continue
        }
        let share = try #require(found.signalShares[node])
        let noise = system.noiseVariances[node] / covariance[node][node]
        let sigma = noise * (4 / Double(Self.rows)).squareRoot()
        #expect(abs(share - (1 - noise)) <= 5 * sigma)
      }
    }
  }

  /// X1 = 2·X0 without noise, X2 doesn't read X1: shares of 1, effects of 1 and 0; and X0 held has no effect at all.
  @Test func extremes() throws {
    var graph = AdjacencyMatrix(nodeCount: 3)
    (graph[0, 1], graph[1, 2]) = (true, true)
    let mechanisms: [(weights: [Float], noise: Float)] = [([], 1), ([2], 0), ([0], 1)]
    let family = try SCMFamily(
      nodeCounts: 3...3, graphGenerator: FixedGraph(DirectedAcyclicGraph(graph)),
      mechanismFactory: FixedMechanisms(
        mechanisms.map { LinearMechanism(weights: $0.weights, bias: 0, noiseScale: $0.noise) }))
    let task = try family.sampleTask(seed: 1)
    let found = try task.measuredEffects(rows: 1000)
    #expect(found.signalShares[1] == 1 && found.edges[1].effect == 0)
    // No noise: the child's variance is the mean square of its parent's own, up to the rotation's correlation of order 1/√n.
    #expect(abs(found.edges[0].effect - 1) < 5 / 1000.0.squareRoot())
    let held = try task.do([0: 3]).measuredEffects(rows: 100)
    #expect(held.edges[0].effect == 0 && held.signalShares[1] == 0)
  }
}
