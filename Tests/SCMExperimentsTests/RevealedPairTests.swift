import SCMDatasets
import SCMExperiments
import SCMFamilies
import SCMGraphs
import SCMRandom
import Testing

@Suite struct RevealedPairTests {
  /// Against the plain version, a word for each pair one after another; more nodes than a word of the graph has bits.
  @Test(arguments: [5, 64, 70]) func whatIsRevealedIsReadWordByWord(nodes: Int) throws {
    let family = try SCMFamily(FamilyConfig(json: #"{"n_nodes": \#(nodes), "sparsity_param": 2}"#))
    let seeds: [UInt64] = [3, 4, 5]
    let data = try family.experiments(
      Design(json: #"{"n_samples": 4, "knowledge": {"unknown_min": 0.6, "unknown_max": 0.6}}"#), seeds: seeds)
    let known = try #require(data.integers("knowledge"))
    for (task, seed) in seeds.enumerated() {
      let graph = try family.sampleGraph(seed: seed).adjacency
      var words = TaskKey(seed: seed).words(purpose: .knowledge)
      for i in 0..<nodes {
        for j in 0..<nodes {
          let isRevealed = Double(words.next32()) * 0x1p-32 < 0.4
          let answer = known[(task * nodes + i) * nodes + j]
          if i == j {
            #expect(answer == 0)
          } else if isRevealed {
            #expect(answer == (graph[i, j] ? 1 : 0))
          } else {
            // What follows from others is told as well, but no edge.
            #expect(answer < 1)
          }
        }
      }
    }
  }
}
