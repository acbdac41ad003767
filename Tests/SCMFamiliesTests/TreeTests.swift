import SCMFamilies
import SCMGraphs
import SCMMechanisms
import SCMTestSupport
import Testing

/// Trees in a family: their thresholds are quantiles of what they read at calibration rows, and stay.
@Suite struct TreeTests {
  private func instance(_ mode: String, seed: UInt64 = 3) throws -> SCMInstance {
    try SCMFamily(
      json: """
        {"n_nodes": 8, "sparsity_param": 2, "mechanism_proportions": {"tree": 1, "linear": 1}, "calibration_rows": 200,
         "standardization": "\(mode)"}
        """
    ).sampleTask(seed: seed)
  }

  /// Without a mode they are those of the data's first rows: of 200 rows 200·(1 − level) lie above, within a row.
  @Test(arguments: 0..<5 as Range<UInt64>) func thresholdsAreQuantilesOfTheData(seed: UInt64) throws {
    let instance = try instance("none", seed: seed)
    let samples = try instance.sample(200)
    for (node, mechanism) in instance.mechanisms.enumerated() {
      guard let tree = mechanism as? TreeMechanism else { continue }
      let thresholds = try #require(tree.thresholds)
      for (place, threshold) in thresholds.enumerated() {
        let parent = Array(instance.parents[node])[tree.splits[place]]
        // A tree's values come often, so that a threshold lies beside the next other one.
        guard instance.mechanisms[parent] is LinearMechanism else { continue }
        let above = Double(samples.column(parent).count { $0 > threshold })
        #expect(abs(above - 200 * Double(1 - tree.levels[place])) <= 1, "node \(node), split \(place)")
      }
    }
  }

  @Test(arguments: FamilyConfig.Standardization.allCases.map(\.rawValue))
  func interventionsLeaveThresholdsAlone(mode: String) throws {
    let instance = try instance(mode)
    let after = try instance.do([instance.topologicalOrder[0]: 40])
    for node in 0..<8 where node != instance.topologicalOrder[0] {
      #expect(after.mechanisms[node].parameters == instance.mechanisms[node].parameters)
    }
  }
}
