@testable import SCMFamilies
import SCMTestSupport
import Testing

@Suite struct StandardizationModeTests {
  @Test func theOptionsSentenceNamesEveryMode() {
    let sentence = FamilyConfig.Standardization.summary
    for mode in FamilyConfig.Standardization.allCases { #expect(sentence.contains("\(mode.rawValue) (")) }
    #expect(sentence.hasSuffix(")."))
  }

  /// No mode has these three answers yet; the closed form, in which parents are read scaled, is not theirs.
  @Test func dataThatAreScaledAfterwardsHaveTheMomentsOfTheirOwnLaw() throws {
    let raw = try SCMFamily(json: #"{"n_nodes": 8, "sparsity_param": 2, "linear_bias": 3}"#).sampleTask(seed: 5)
    let mode = StandardizationMode(reads: .raw, shows: .scaledAfterwards, moments: .law, words: "")
    let rows = 4000
    let scaled = try raw.standardized(mode, calibrationRows: rows, workspace: SamplingWorkspace())
    let samples = try scaled.sample(rows)
    for node in 0..<8 {
      let column = Sample(samples.column(node))
      // Two normal samples' moments, the calibration rows' and these: 5 standard errors of the difference.
      #expect(abs(column.mean) < 5 * (2 / Double(rows)).squareRoot(), "node \(node)")
      #expect(abs(column.variance - 1) < 5 * (4 / Double(rows)).squareRoot(), "node \(node)")
    }
  }

  @Test func noneAloneScalesNothing() {
    #expect(FamilyConfig.Standardization.allCases.filter { !$0.mode.scales } == [.none])
  }
}
