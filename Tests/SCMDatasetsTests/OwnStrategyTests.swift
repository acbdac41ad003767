import SCMBase
import SCMDatasets
import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
import Testing

/// A caller's own strategies and sizes may be wrong: that is an error, never a write beyond an array.
@Suite struct OwnStrategyTests {
  /// Always of five nodes, whatever is asked.
  private struct FiveNodes: GraphGenerator {
    func sample(nodeCount: Int, key: TaskKey) throws(ConfigError) -> DirectedAcyclicGraph {
      try DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 5))
    }
  }

  private func family(_ nodes: Int) throws -> SCMFamily {
    try SCMFamily(
      nodeCounts: nodes...nodes, graphGenerator: FiveNodes(),
      mechanismFactory: MixedMechanisms([(LinearModel(), 1)]))
  }

  @Test func aGraphOfAnotherSizeIsRefused() throws {
    var batch = TaskBatch(try family(3), taskCount: 2, sampleCount: 10)
    let error = #expect(throws: ConfigError.self) { try batch.fill(seeds: [1, 2]) }
    #expect(error?.description == "graph_generator = a graph of 5 nodes: must have the 3 nodes asked for.")
    #expect(try family(5).sampleTask(seed: 1).nodeCount == 5)
  }

  @Test(arguments: [[], [1], [1, 2, 3]] as [[UInt64]])
  func anotherNumberOfSeedsIsRefused(seeds: [UInt64]) throws {
    var batch = TaskBatch(try family(5), taskCount: 2, sampleCount: 10)
    let error = #expect(throws: ConfigError.self) { try batch.fill(seeds: seeds) }
    #expect(error?.path == "seeds")
  }

  @Test func layersThatDoNotFitAreRefused() throws {
    typealias Layer = MLPMechanism.Layer
    let wide = [Float](repeating: 0, count: 1025)
    for layers in [
      [], [Layer(inputCount: 2, weights: [1, 2], bias: [0, 0])],
      [Layer(inputCount: 1, weights: [1], bias: [0]), Layer(inputCount: 2, weights: [1, 1], bias: [0])],
      [Layer(inputCount: 1, weights: wide, bias: wide), Layer(inputCount: 1025, weights: wide, bias: [0])],
    ] { #expect(throws: ConfigError.self) { try MLPMechanism(layers: layers, slope: 0.01) } }
  }
}
