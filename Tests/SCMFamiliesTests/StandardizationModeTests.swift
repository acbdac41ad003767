@testable import SCMFamilies
import Testing

@Suite struct StandardizationModeTests {
  @Test func theOptionsSentenceNamesEveryMode() {
    #expect(
      FamilyConfig.Standardization.summary
        == "none, inputs (mechanisms read standardised parents), internal (every node is standardised; iSCM) or batch (the data are, "
        + "by the moments of their first calibration_rows rows).")
  }

  @Test func noneAloneScalesNothing() {
    #expect(FamilyConfig.Standardization.allCases.filter { !$0.mode.scales } == [.none])
  }
}
