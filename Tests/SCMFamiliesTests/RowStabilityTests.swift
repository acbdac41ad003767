import SCMFamilies
import SCMTestSupport
import Testing

/// A row is addressed: it does not depend on which other rows are asked for.
@Suite struct RowStabilityTests {
  private static let kinds = ["linear", "mlp", "gpcde"]
  private static let laws = [
    "gaussian", "laplace", "uniform", "gumbel", "logistic", "exponential", "cauchy", "student_t",
  ]

  private func instance(_ kind: String, _ law: String) throws -> SCMInstance {
    let options = #""n_nodes": 6, "sparsity_param": 1.5, "mlp_hidden": [7], "gpcde_features": 16"#
    return try SCMFamily(
      json: #"{\#(options), "mechanism_proportions": {"\#(kind)": 1}, "noise_type": "\#(law)"}"#
    ).sampleTask(seed: 4)
  }

  @Test(arguments: kinds, laws)
  func theFirstRowsOfALargerSampleEqualASmallerOne(kind: String, law: String) throws {
    let instance = try instance(kind, law)
    let all = try instance.sample(700)
    for count in [0, 1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 257, 511, 513] {
      #expect(try instance.sample(count).values == Array(all.values.prefix(6 * count)), "\(count) rows")
    }
  }

  @Test(arguments: kinds, laws)
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
    let instance = try instance("linear", "gaussian")
    let far = (1 << 34) - 8
    let rows = try instance.sample(8, first: far)
    #expect(try instance.sample(3, first: far + 5).values == Array(rows.values.suffix(18)))
    #expect(try instance.sample(8).values != rows.values)
  }

  @Test func noRowsAreNoRows() throws {
    #expect(try instance("mlp", "gaussian").sample(0).values.isEmpty)
  }
}
