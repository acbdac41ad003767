import SCMFamilies
import SCMMechanisms
import SCMTestSupport
import Testing

@Suite struct DrawTests {
  private static let rows = 20_000

  private func instance(_ kind: String) throws -> SCMInstance {
    try SCMFamily(
      json: #"{"n_nodes": 5, "sparsity_param": 1, "mechanism_proportions": {"\#(kind)": 1}, "gpcde_features": 16}"#
    ).sampleTask(seed: 31)
  }

  @Test(arguments: MechanismModels.kinds)
  func equalDrawNumbersGiveEqualRows(kind: String) throws {
    let instance = try instance(kind)
    #expect(try instance.sample(300, draw: 9) == instance.sample(300, draw: 9))
  }

  /// |r| < 5/√n for independent columns.
  @Test(arguments: MechanismModels.kinds)
  func otherDrawNumbersGiveIndependentRowsOfTheSameLaw(kind: String) throws {
    let instance = try instance(kind)
    let first = try instance.sample(Self.rows)
    let second = try instance.sample(Self.rows, draw: 1)
    for i in 0..<5 {
      for j in 0..<5 {
        let r = correlation(first.column(i), second.column(j))
        #expect(abs(r) < 5 / Double(Self.rows).squareRoot(), "nodes \(i), \(j)")
      }
      let (a, b) = (Sample(first.column(i)), Sample(second.column(i)))
      #expect(abs(a.mean - b.mean) < 5 * ((a.variance + b.variance) / Double(Self.rows)).squareRoot())
    }
  }

  @Test(arguments: MechanismModels.kinds)
  func neighbouringRowsAreIndependent(kind: String) throws {
    let samples = try instance(kind).sample(Self.rows)
    for node in 0..<5 {
      let column = samples.column(node)
      let r = correlation(Array(column.dropLast()), Array(column.dropFirst()))
      #expect(abs(r) < 5 / Double(Self.rows).squareRoot(), "node \(node)")
    }
  }

  /// Calibration must not read the words of a draw, or its rows would be the sample's own.
  @Test func calibrationLeavesEveryDrawAlone() throws {
    func rows(_ calibrationRows: Int) throws -> [Float] {
      let family = try SCMFamily(
        json: """
          {"n_nodes": 1, "sparsity_param": 0, "mechanism_proportions": {"mlp": 1}, "standardization": "internal",
           "calibration_rows": \(calibrationRows)}
          """)
      return try family.sampleTask(seed: 2).sample(4096).values
    }
    // The rows differ by the affine map of their constants alone.
    let r = correlation(try rows(16), try rows(2048))
    #expect(abs(r - 1) < 1e-6)
  }
}
