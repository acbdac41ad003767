@testable import SCMFamilies
import Testing

@Suite struct StandardizationModeTests {
  @Test func theOptionsSentenceNamesEveryMode() {
    let sentence = FamilyConfig.Standardization.summary
    for mode in FamilyConfig.Standardization.allCases { #expect(sentence.contains("\(mode.rawValue) (")) }
    #expect(sentence.hasSuffix(")."))
  }

  @Test func noneAloneScalesNothing() {
    #expect(FamilyConfig.Standardization.allCases.filter { !$0.mode.scales } == [.none])
  }
}
