@testable import SCMFamilies
import Testing

@Suite struct StandardizationModeTests {
  @Test func theOptionsSentenceNamesEveryMode() {
    #expect(
      FamilyConfig.Standardization.summary
        == "What is scaled: none (nothing beyond a mechanism's own definition; gpcde reads standardised parents in any case), inputs "
        + "(mechanisms read standardised parents), internal (every node is standardised; iSCM) or batch (the data are, by the moments "
        + "of their own first calibration_rows rows, as published pipelines do: make that the number of rows).")
  }

  @Test func noneAloneScalesNothing() {
    #expect(FamilyConfig.Standardization.allCases.filter { !$0.mode.scales } == [.none])
  }
}
