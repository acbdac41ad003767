import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
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

  /// X2 = w·X0 − w·X1 with X1 = X0 is 0, but with another row's X1 beyond the range of floats; X1 = w·X0 as a class is no number in a
  /// row of a thousand.
  @Test func whatIsNotFiniteIsAnError() throws {
    func linear(_ weights: [Float], noise: Float = 0) -> LinearMechanism {
      LinearMechanism(weights: weights, bias: 0, noiseScale: noise)
    }
    func task(_ edges: [(Int, Int)], _ mechanisms: [any Mechanism]) throws -> SCMInstance {
      var graph = AdjacencyMatrix(nodeCount: mechanisms.count)
      for (a, b) in edges { graph[a, b] = true }
      return try SCMFamily(
        nodeCounts: mechanisms.count...mechanisms.count, graphGenerator: FixedGraph(DirectedAcyclicGraph(graph)),
        mechanismFactory: FixedMechanisms(mechanisms), noise: NoiseSource(.uniform)
      ).sampleTask(seed: 1)
    }
    // At most √3·1.9e38 = 3.3e38.
    let apart = try task([(0, 1), (0, 2), (1, 2)], [linear([], noise: 1), linear([1]), linear([1.9e38, -1.9e38])])
    #expect(try apart.sample(600).values.allSatisfy(\.isFinite))
    #expect(throws: SamplingError.self) { try apart.measuredEffects(rows: 600) }
    // Beyond it where X0 is above 1.73.
    let cut = DiscretizedMechanism(linear([1.967e38]), levels: [0.5])
    let classes = try task([(0, 1)], [linear([], noise: 1), cut])
    #expect(throws: SamplingError.self) { try classes.measuredEffects(rows: 20_000) }
  }
}
