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

  /// One mechanism fewer or more than there are nodes, or of one parent fewer or more.
  private struct Misfits: MechanismFactory {
    let count: Int
    let parents: Int

    func makeMechanisms(parentCounts: [Int], key: TaskKey) -> [any Mechanism] {
      let counts = Array((parentCounts + [0]).prefix(parentCounts.count + count))
      return MixedMechanisms([(LinearModel(), 1)]).makeMechanisms(parentCounts: counts.map { $0 + parents }, key: key)
    }
  }

  @Test(arguments: [
    (-1, 0, "gave 4 mechanisms, where there are 5 nodes."), (1, 0, "gave 6 mechanisms, where there are 5 nodes."),
    (0, 1, "node 0 (linear) reads 1 parents, where there are 0."),
  ])
  func mechanismsThatDoNotFitAreRefused(count: Int, parents: Int, sentence: String) throws {
    let misfits = try SCMFamily(
      nodeCounts: 5...5, graphGenerator: FiveNodes(), mechanismFactory: Misfits(count: count, parents: parents))
    let error = #expect(throws: SamplingError.self) { try misfits.sampleTask(seed: 1) }
    #expect(error?.description.hasSuffix(sentence) == true, "\(error as Any)")
    let fitting = try SCMFamily(
      nodeCounts: 5...5, graphGenerator: FiveNodes(), mechanismFactory: Misfits(count: 0, parents: 0))
    #expect(try fitting.sampleTask(seed: 1).mechanisms.count == 5)
  }

  /// Student's law of a negative number of degrees gave zeros, and a mixture of no components never ended.
  @Test func aNoiseLawOutOfItsRangeIsRefused() throws {
    func family(_ noise: NoiseSource) throws -> SCMFamily {
      try SCMFamily(
        nodeCounts: 5...5, graphGenerator: FiveNodes(), mechanismFactory: MixedMechanisms([(LinearModel(), 1)]),
        noise: noise)
    }
    for (noise, field) in [
      (NoiseSource(.studentT(degreesOfFreedom: -1)), "noise_degrees_of_freedom"),
      (NoiseSource(.studentT(degreesOfFreedom: .nan)), "noise_degrees_of_freedom"),
      (NoiseSource(.gaussianMixture(mostComponents: 0)), "noise_mixture_components"),
      (NoiseSource(.gaussianMixture(spread: .infinity)), "noise_mixture_spread"),
    ] {
      let error = #expect(throws: ConfigError.self) { try family(noise) }
      #expect(error?.path == field && error?.reason.hasPrefix("must be a") == true, "\(error as Any)")
    }
    _ = try family(NoiseSource(.studentT(degreesOfFreedom: 3)))
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
