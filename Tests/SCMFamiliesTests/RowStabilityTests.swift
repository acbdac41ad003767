import SCMFamilies
import SCMRandom
import SCMTestSupport
import Testing

/// A row is addressed: it does not depend on which other rows are asked for.
@Suite struct RowStabilityTests {
  /// Every mechanism, and each source of a row's randomness beside the noise: latent variables, scales per row, nuggets.
  private static let kinds = [
    #""linear": 1}"#, #""mlp": 1}, "mlp_hidden": [7]"#, #""gpcde": 1}, "gpcde_features": 16"#,
    #""gp": 1}, "gp_features": 16"#,
    #""linear": 1, "gp": 1}, "gp_features": 8, "noise_scale_law": "gamma_scale_per_row""#,
    #""gpcde": 1}, "gpcde_features": 8, "gpcde_jitter": 0.1, "gpcde_noise_scale_law": "gamma_per_row""#,
    #""linear": 1, "mlp": 1}, "mlp_hidden": [5], "mlp_noise": "additive", "noise_scale_law": "input""#,
    #""gp": 1, "gpcde": 1}, "gp_mode": "exact", "gpcde_mode": "exact", "calibration_rows": 50"#,
    #""polynomial": 1, "quadratic": 1, "product": 1}, "noise_scale_law": "input""#,
    #""sigmoid_additive": 1, "periodic": 1, "logistic_map": 1, "tree": 1}, "post_nonlinear": ["identity", "tanh"]"#,
    #""log_space": 1}, "noise_variance_scale": 0.0000001"#,
  ]

  private func instance(_ kind: String, _ law: String) throws -> SCMInstance {
    try SCMFamily(
      json: """
        {"n_nodes": 6, "sparsity_param": 1.5, "noise_type": "\(law)", "mechanism_proportions": {\(kind)}
        """
    ).sampleTask(seed: 4)
  }

  @Test(arguments: kinds, NoiseLaws.kinds)
  func theFirstRowsOfALargerSampleEqualASmallerOne(kind: String, law: String) throws {
    let instance = try instance(kind, law)
    let all = try instance.sample(700)
    for count in [0, 1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 257, 511, 513] {
      #expect(try instance.sample(count).values == Array(all.values.prefix(6 * count)), "\(count) rows")
    }
  }

  @Test(arguments: kinds, NoiseLaws.kinds)
  func anyRangeOfRowsEqualsThoseOfTheWhole(kind: String, law: String) throws {
    let instance = try instance(kind, law)
    let all = try instance.sample(700)
    for first in [0, 1, 2, 3, 4, 5, 30, 253, 254, 255, 256, 257, 400, 511] {
      for count in [1, 2, 3, 6, 17, 64, 130, 189] {
        let part = try instance.sample(count, first: first)
        #expect(part.values == Array(all.values[(6 * first)..<(6 * (first + count))]), "\(first), \(count)")
      }
    }
  }

  @Test func rowsFarOutCanBeReadAtOnce() throws {
    let instance = try instance(Self.kinds[0], "gaussian")
    let far = (1 << 34) - 8
    let rows = try instance.sample(8, first: far)
    #expect(try instance.sample(3, first: far + 5).values == Array(rows.values.suffix(18)))
    #expect(try instance.sample(8).values != rows.values)
  }

  @Test func noRowsAreNoRows() throws {
    #expect(try instance(Self.kinds[1], "gaussian").sample(0).values.isEmpty)
  }
}
