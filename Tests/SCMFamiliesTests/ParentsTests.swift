import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMRandom
import SCMTestSupport
import Testing

/// Which nodes a node's value depends on.
@Suite struct ParentsTests {
  private static let json = """
    {"n_nodes": 9, "sparsity_param": 2, "mlp_hidden": [5, 6], "gpcde_features": 24, "gp_features": 12,
     "mechanism_proportions": {"linear": 1, "mlp": 1, "gpcde": 1, "gp": 1}
    """

  /// Each node again from its mechanism, its parents' rows and its noise alone: no other node can have a say.
  @Test(arguments: ["none", "inputs", "internal"])
  func everyNodeIsItsMechanismOfItsParentsAndItsNoise(mode: String) throws {
    for options in [
      #""root_policy": "mechanism""#, #""root_policy": "noise""#,
      #""noise_scale_law": "gamma_variance_per_row", "gpcde_jitter": 0.5, "gpcde_noise_scale_law": "gamma_per_row""#,
      #""noise_scale_law": "input", "mlp_noise": "additive", "mlp_activation": "tanh""#,
    ] {
      let family = try SCMFamily(json: Self.json + #", "standardization": "\#(mode)", \#(options)}"#)
      for seed in 0..<6 as Range<UInt64> {
        let instance = try family.sampleTask(seed: seed)
        let (samples, noise) = try instance.sampleWithNoise(330, first: 6)
        for node in 0..<9 {
          let scaling = instance.scalings[node]
          var columns = instance.parents[node].enumerated().map { index, parent in
            samples.column(parent).map { scaling.input(index)($0) }
          }
          columns += instance.mechanisms[node].noise.indices.map { noise[node][$0] }
          let values = evaluate(instance.mechanisms[node], columns).map { value in
            mode == "internal" ? scaling.output(value) : value
          }
          #expect(values == samples.column(node), "seed \(seed), node \(node)")
        }
      }
    }
  }

  @Test func parentsAscendAndAreThoseOfTheGraph() throws {
    let family = try SCMFamily(json: Self.json + "}")
    for seed in 0..<20 as Range<UInt64> {
      let instance = try family.sampleTask(seed: seed)
      #expect(instance.parents.map(Array.init) == (0..<9).map { instance.adjacency.parents(of: $0) })
      #expect(instance.mechanisms.map(\.parentCount) == instance.parents.map(\.count))
    }
  }
}

extension SCMInstance {
  /// Rows and the noise behind them: `noise[node][channel][row]`.
  func sampleWithNoise(_ count: Int, first: Int) throws -> (samples: SampleMatrix, noise: [[[Float]]]) {
    var flat = [Float](repeating: 0, count: count * nodeCount * noiseChannelCount)
    var rows = [Float](repeating: 0, count: count * nodeCount)
    try rows.withUnsafeMutableBufferPointer { rows in
      try flat.withUnsafeMutableBufferPointer { noise in
        guard let x = rows.baseAddress, let noise = noise.baseAddress else { return }
        try write(
          rows: first..<(first + count), draw: 0, to: x, rowStride: nodeCount, noise: noise,
          workspace: SamplingWorkspace())
      }
    }
    let samples = try sample(count, first: first)
    #expect(samples.values == rows, "asking for the noise changed the rows")
    let noise = (0..<nodeCount).map { node in
      (0..<noiseChannelCount).map { channel in
        (0..<count).map { flat[($0 * nodeCount + node) * noiseChannelCount + channel] }
      }
    }
    return (samples, noise)
  }
}
