import SCMBase
import SCMFamilies
import SCMGraphs
import SCMTestSupport
import Testing

/// The data are standardised by the moments of their own first rows, which are then frozen.
@Suite struct BatchStandardizationTests {
  private static let kinds = [
    #""linear": 1}, "linear_bias": 3"#, #""mlp": 1}, "mlp_hidden": [6]"#, #""gpcde": 1}, "gpcde_features": 16"#,
    #""gp": 1, "gpcde": 1}, "gp_mode": "exact", "gpcde_mode": "exact""#,
  ]

  private func instance(_ kind: String, _ mode: String = "batch", seed: UInt64 = 5) throws -> SCMInstance {
    try SCMFamily(
      json: """
        {"n_nodes": 8, "sparsity_param": 2, "standardization": "\(mode)", "calibration_rows": 100,
         "mechanism_proportions": {\(kind)}
        """
    ).sampleTask(seed: seed)
  }

  /// Gains and shifts are Float32, so a mean of 100 values near 1 is off by some ulps.
  @Test(arguments: kinds)
  func theFirstRowsHaveMeansZeroAndVariancesOne(kind: String) throws {
    let samples = try instance(kind).sample(100)
    for node in 0..<8 {
      let column = Sample(samples.column(node))
      #expect(abs(column.mean) < 2e-6, "node \(node)")
      #expect(abs(column.variance - 1) < 1e-5, "node \(node)")
    }
  }

  /// Rows, draws and rows beyond the first are the raw ones, mapped by the frozen moments.
  @Test(arguments: kinds.prefix(2))
  func everyRowIsTheRawOneScaled(kind: String) throws {
    let (batch, raw) = (try instance(kind), try instance(kind, "none"))
    #expect(batch.scalings.allSatisfy { $0.shown != .identity } && raw.scalings.allSatisfy { $0.shown == .identity })
    for draw in [0, 1, 7] as [UInt32] {
      let (scaled, plain) = (try batch.sample(300, draw: draw), try raw.sample(300, draw: draw))
      for node in 0..<8 {
        #expect(scaled.column(node) == plain.column(node).map { batch.scalings[node].shown($0) })
      }
    }
  }

  @Test(arguments: kinds)
  func anInterventionSetsTheValueThatTheDataShow(kind: String) throws {
    let instance = try instance(kind)
    let root = instance.topologicalOrder[0]
    let after = try instance.do([root: 1.1])
    #expect(try after.sample(50).column(root) == [Float](repeating: 1.1, count: 50))
    // Once more on the same node: the value is again one of the data.
    #expect(try after.do([root: -2.7]).sample(50).column(root) == [Float](repeating: -2.7, count: 50))
    #expect(try after.do([root: -2.7]).sample(50) == instance.do([root: -2.7]).sample(50))
  }

  @Test func anExactProcessNeedsNoMoreThanTwoGibibytes() throws {
    let error = #expect(throws: ConfigError.self) {
      try SCMFamily(
        json: #"{"n_nodes": 100, "mechanism_proportions": {"gp": 1}, "gp_mode": "exact", "calibration_rows": 2000}"#)
    }
    #expect(error?.path == "calibration_rows")
    #expect(error?.reason.hasPrefix("must be at most 1638 with exact Gaussian processes and 100 nodes") == true)
  }
}
