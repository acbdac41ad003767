import SCMDatasets
import SCMGraphs
import SCMTestSupport
import Testing

@Suite struct HashRegistryTests {
  private func graph(_ nodes: Int, _ edges: [(Int, Int)]) -> AdjacencyMatrix {
    var matrix = AdjacencyMatrix(nodeCount: nodes)
    for (parent, child) in edges { matrix[parent, child] = true }
    return matrix
  }

  @Test func holdsWhatWasAddedAndNothingElse() {
    var registry = HashRegistry()
    #expect(!registry.contains(graph(3, [])))
    registry.add(graph(3, [(0, 1)]))
    registry.add(graph(3, [(0, 1)]).digest())
    #expect(registry.count == 1)
    #expect(registry.contains(graph(3, [(0, 1)])))
    #expect(!registry.contains(graph(3, [(1, 0)])))
    #expect(!registry.contains(graph(4, [(0, 1)])))
  }

  @Test func theLevelSaysWhichGraphsAreTheSame() {
    let chain = graph(3, [(0, 1), (1, 2)])
    let fork = graph(3, [(1, 0), (1, 2)])
    let relabelled = graph(3, [(2, 0), (0, 1)])
    for (level, seesFork, seesRelabelled) in [
      (GraphLevel.exact, false, false), (.mec, true, false), (.iso, false, true),
    ] {
      var registry = HashRegistry(level: level)
      registry.add(chain)
      #expect(registry.contains(chain))
      #expect(registry.contains(fork) == seesFork, "\(level)")
      #expect(registry.contains(relabelled) == seesRelabelled, "\(level)")
    }
  }

  @Test func isMadeFromDigests() {
    let digests = [graph(2, []), graph(2, [(0, 1)])].map { $0.digest(level: .iso) }
    let registry = HashRegistry(level: .iso, digests: digests)
    #expect(registry.count == 2)
    #expect(registry.contains(graph(2, [(1, 0)])))
  }
}
