import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMTestSupport
import Testing

/// Mechanisms read their parents with mean 0 and variance 1, the data stay raw.
@Suite struct InputStandardizationTests {
  /// What the mechanisms read of each edge, from a sample.
  private func inputs(_ instance: SCMInstance, rows: Int) throws -> [(child: Int, values: [Float])] {
    let samples = try instance.sample(rows)
    return (0..<instance.nodeCount).flatMap { child in
      instance.parents[child].enumerated().map { index, parent in
        let scaling = instance.scalings[child]
        let values = samples.column(parent).map { $0 * scaling.input(index).gain + scaling.input(index).shift }
        return (child, values)
      }
    }
  }

  // Classes are read as they are: see DiscreteTests.
  @Test(arguments: MechanismModels.all.filter { !$0.mayBeDiscrete }.map { $0.kind })
  func standardizesWhatEveryMechanismReads(kind: String) throws {
    let family = try SCMFamily(
      json: """
        {"n_nodes": 10, "mechanism_proportions": {"\(kind)": 1}, "standardization": "inputs",
         "calibration_rows": 2048, "gpcde_features": 64, "gp_features": 64, "quadratic_density": 0}
        """)
    let instance = try family.sampleTask(seed: 5)
    #expect(instance.scalings.allSatisfy { $0.output == .identity })
    for (child, values) in try inputs(instance, rows: 8192) {
      let sample = Sample(values)
      let counts = kind == "linear" ? 1 / 8192.0 : 1 / 8192.0 + 1 / 2048.0
      #expect(abs(sample.mean) < 5 * counts.squareRoot(), "parent of \(child)")
      #expect(abs(sample.variance - 1) < 5 * ((sample.kurtosis - 1) * counts).squareRoot(), "parent of \(child)")
    }
  }

  @Test func withoutAModeOnlyGPCDEReadsStandardizedParents() throws {
    let family = try SCMFamily(
      json: """
        {"n_nodes": 12, "mechanism_proportions": {"mlp": 1, "gpcde": 1}, "gpcde_features": 32}
        """)
    for seed in 0..<10 as Range<UInt64> {
      let instance = try family.sampleTask(seed: seed)
      for node in 0..<12 where !instance.parents[node].isEmpty {
        let isScaled = !instance.scalings[node].inputs.isEmpty
        #expect(isScaled == (instance.mechanisms[node].kind == "gpcde"), "seed \(seed), node \(node)")
      }
    }
  }

  @Test func constantsDoNotDependOnTheRowsThatAreAskedFor() throws {
    let family = try SCMFamily(json: #"{"mechanism_proportions": {"mlp": 1}, "standardization": "internal"}"#)
    let instance = try family.sampleTask(seed: 5)
    _ = try instance.sample(1000, draw: 4)
    #expect(try family.sampleTask(seed: 5).scalings == instance.scalings)
  }

  @Test func aConstantNodeIsOnlyCentred() throws {
    struct Constant: Mechanism {
      let kind = "constant"
      let parentCount = 0
      let noise: [NoiseChannel] = []
      let parameters: [MechanismParameter] = []
      func evaluate(_ rows: MechanismRows) { for row in 0..<rows.count { rows.setOutput(row, 3) } }
    }
    let family = try SCMFamily(
      nodeCounts: 1...1, graphGenerator: FixedGraph(DirectedAcyclicGraph(AdjacencyMatrix(nodeCount: 1))),
      mechanismFactory: FixedMechanisms([Constant()]), standardization: .internal)
    #expect(try family.sampleTask(seed: 1).sample(20).values == [Float](repeating: 0, count: 20))
  }
}
